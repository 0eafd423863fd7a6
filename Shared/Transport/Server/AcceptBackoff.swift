package import Logging
internal import NIOCore
package import NIOPosix

extension ServerBootstrap {
    /// Waits a second before it accepts again where a connection could not be taken, mostly because
    /// the process has no descriptor left (fault D-09).
    ///
    /// Without it the listening socket stays readable and its loop spins, to the cost of every
    /// connection that the loop serves. Callers meanwhile wait in the kernel's backlog. Each failure
    /// is a line of the log, at most one a second; `process_open_fds` beside `process_max_fds` shows
    /// it coming.
    package func backingOffAccepts(_ port: String, logger: Logger) -> ServerBootstrap {
        serverChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    AcceptBackoff(port: port, logger: logger)
                )
            }
        }
    }
}

/// Stops reading from the listening socket for a while after a failed `accept`.
///
/// NIO's own `AcceptBackoffHandler` only holds back further reads: a failed one stays pending, and
/// with it the socket's place in epoll.
private final class AcceptBackoff: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let port: String
    private let logger: Logger

    init(port: String, logger: Logger) {
        self.port = port
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is IOError else { return context.fireErrorCaught(error) }
        logger.warning(
            "no connection can be accepted; trying again in a second",
            metadata: ["port": "\(port)", "cause": "\(error)"]
        )
        let channel = context.channel
        read(channel, false)
        context.eventLoop.scheduleTask(in: .seconds(1)) { self.read(channel, true) }
    }

    private func read(_ channel: any Channel, _ isOn: Bool) {
        // A listener that was closed meanwhile accepts nothing either way.
        try? channel.syncOptions?.setOption(.autoRead, value: isOn)
    }
}

// It never leaves its channel's event loop.
extension AcceptBackoff: @unchecked Sendable {}
