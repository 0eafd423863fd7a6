package import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Transport

/// The admin port: `/healthz`, `/readyz` and `/metrics` over plain HTTP/1.1.
///
/// It binds to loopback unless configured, shows no secret, takes no body, and closes a connection
/// that is idle for ten seconds. It has a thread of its own: a probe is answered, and says what is
/// wrong, also while every event loop of the service is busy.
package final class AdminServer: Sendable {
    /// Open connections; further ones are closed at once.
    package static let maximumConnections = 64
    private static let idleSeconds: Int64 = 10

    private let readiness: Readiness
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel = NIOLockedValueBox<(any Channel)?>(nil)
    private let connections = NIOLockedValueBox(0)

    package init(readiness: Readiness, metrics: MetricsRegistry, logger: Logger) {
        self.readiness = readiness
        self.metrics = metrics
        self.logger = logger
    }

    /// Binds; returns the port.
    package func start(host: String, port: Int) async throws -> Int {
        let bound = try await ServerBootstrap(group: group)
            .backingOffAccepts("admin", logger: logger)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                guard enter() else { return channel.close() }
                channel.closeFuture.whenComplete { [self] _ in
                    connections.withLockedValue { $0 -= 1 }
                }
                return channel.pipeline.configureHTTPServerPipeline(
                    withErrorHandling: true
                ).flatMapThrowing { [self] in
                    let sync = channel.pipeline.syncOperations
                    try sync.addHandler(
                        IdleStateHandler(allTimeout: .seconds(Self.idleSeconds))
                    )
                    try sync.addHandler(AdminHandler(readiness: readiness, metrics: metrics))
                }
            }
            .bind(host: host, port: port).get()
        channel.withLockedValue { $0 = bound }
        return bound.localAddress?.port ?? port
    }

    package func stop() async {
        let bound = channel.withLockedValue { $0 }
        do {
            try await bound?.close()
            try await group.shutdownGracefully()
        } catch {
            logger.debug("closing the admin port failed", metadata: ["cause": "\(error)"])
        }
    }

    private func enter() -> Bool {
        connections.withLockedValue { count in
            guard count < Self.maximumConnections else { return false }
            count += 1
            return true
        }
    }
}

/// Answers one request at a time.
private final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let readiness: Readiness
    private let metrics: MetricsRegistry
    private var head: HTTPRequestHead?

    init(readiness: Readiness, metrics: MetricsRegistry) {
        self.readiness = readiness
        self.metrics = metrics
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
        case .body:
            // Nothing here takes a body.
            context.close(promise: nil)
        case .end:
            guard let head else { return }
            self.head = nil
            respond(to: head, context: context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func respond(to head: HTTPRequestHead, context: ChannelHandlerContext) {
        let answer = AdminAnswer(
            method: head.method.rawValue,
            uri: head.uri,
            readiness: readiness,
            metrics: metrics
        )
        let body = ByteBuffer(string: answer.body)
        var headers = HTTPHeaders([
            ("content-type", answer.contentType), ("content-length", "\(body.readableBytes)"),
            ("cache-control", "no-store"), ("x-content-type-options", "nosniff"),
        ])
        if answer.status == 405 { headers.add(name: "allow", value: "GET, HEAD") }
        if !head.isKeepAlive { headers.add(name: "connection", value: "close") }
        let response = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: answer.status),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !head.isKeepAlive {
            let channel = context.channel
            written.whenComplete { _ in channel.close(promise: nil) }
        }
    }
}
