internal import NIOCore
internal import NIOPosix
internal import TLS

extension EdgeClient {
    private static let connectTimeout = TimeAmount.seconds(10)

    /// Makes the connection; done when TLS stands and the edge has chosen HTTP/2.
    ///
    /// A name with several addresses is tried over several channels at a time: what is waited for
    /// belongs to the one that was connected.
    func dial() -> EventLoopFuture<ClientConnection> {
        ClientBootstrap(group: loop)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 4_096,
                    initial: 16_384,
                    maximum: 262_144
                )
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        try TLSChannelHandler(self.tls, host: self.host)
                    )
                }
            }
            .connect(host: host, port: port)
            .flatMap { self.handshake(on: $0) }
    }

    private func handshake(on channel: any Channel) -> EventLoopFuture<ClientConnection> {
        let ready = loop.makePromise(of: ClientConnection.self)
        let timer = loop.scheduleTask(in: Self.connectTimeout) {
            ready.fail(EdgeClientError.cannotConnect("the TLS handshake took too long"))
            channel.close(promise: nil)
        }
        do {
            let waiter = HandshakeWaiter(ready, then: ClientConnection(loop: loop))
            try channel.pipeline.syncOperations.addHandler(waiter)
        } catch {
            ready.fail(error)
        }
        ready.futureResult.whenComplete { _ in timer.cancel() }
        return ready.futureResult
    }
}

/// Waits for TLS, then makes way for the connection.
private final class HandshakeWaiter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let ready: EventLoopPromise<ClientConnection>
    private let connection: ClientConnection

    init(_ ready: EventLoopPromise<ClientConnection>, then connection: ClientConnection) {
        self.ready = ready
        self.connection = connection
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSEvent.handshakeCompleted(let alpn, _) = event else { return }
        guard alpn == "h2" else {
            fail(context, EdgeClientError.cannotConnect("the server does not speak HTTP/2"))
            return
        }
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(connection)
            pipeline.removeHandler(context: context, promise: nil)
            ready.succeed(connection)
        } catch {
            fail(context, error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context, error) }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, EdgeClientError.cannotConnect("the connection was closed"))
        context.fireChannelInactive()
    }

    private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
        ready.fail(error)
        context.close(promise: nil)
    }
}
