package import Identity
package import Logging
internal import NIOConcurrencyHelpers
package import NIOCore
internal import NIOPosix
package import Protocol
package import TLS

/// A service's RPC port: mutual TLS, one table of methods, each with its callers.
///
/// `bursar.describe`, `bursar.health` and `bursar.connections` are added to the table.
package final class RPCServer: Sendable {
    private let core: ServerCore
    private let group: any EventLoopGroup
    private let listener = NIOLockedValueBox<(any Channel)?>(nil)

    /// `health` says whether the service can work and how its loops do; `onRefusal` hears of every
    /// caller that was turned away by its certificate.
    package init(
        service: ServiceName,
        instance: String,
        version: String,
        tls: TLSContext,
        methods: [MethodBinding],
        group: any EventLoopGroup,
        logger: Logger,
        health: @escaping @Sendable () -> ServiceHealth,
        onRefusal: @escaping @Sendable (Refusal) -> Void
    ) {
        core = ServerCore(
            service: service,
            instance: instance,
            version: version,
            tls: tls,
            methods: methods,
            logger: logger,
            health: health,
            onRefusal: onRefusal
        )
        self.group = group
    }

    /// Binds and returns the port: with port 0, the one that the system chose.
    package func start(host: String, port: Int) async throws -> Int {
        let core = core
        let channel = try await ServerBootstrap(group: group)
            .backingOffAccepts("RPC", logger: core.logger)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ChannelTuning.apply(to: channel)
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSChannelHandler(core.tls),
                        ServerConnection(server: core, loop: channel.eventLoop),
                    ])
                }
            }
            .childChannelOption(.recvAllocator, value: ChannelTuning.readBuffers)
            .childChannelOption(.writeBufferWaterMark, value: ChannelTuning.waterMark)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port)
            .get()
        listener.withLockedValue { $0 = channel }
        guard let bound = channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        return bound
    }

    /// Takes no new connection or call, lets calls underway finish for `graceSeconds`, then
    /// cancels what is left and closes.
    package func shutdown(graceSeconds: Int = ProtocolLimits.drainSeconds) async {
        let listening = listener.withLockedValue { channel in
            defer { channel = nil }
            return channel
        }
        // A listener that is closed already is what we want.
        try? await listening?.close()
        core.registry.close()
        for connection in core.registry.all { connection.onLoop { $0.beginDrain() } }
        let loop = group.next()
        let emptied = core.registry.whenEmpty(on: loop)
        let forced = loop.scheduleTask(in: .seconds(Int64(graceSeconds))) { [core] in
            for connection in core.registry.all { connection.onLoop { $0.close() } }
        }
        // The promise is only ever fulfilled.
        try? await emptied.get()
        forced.cancel()
    }
}

/// What every RPC socket is set to, on both sides.
enum ChannelTuning {
    static let readBuffers = AdaptiveRecvByteBufferAllocator(
        minimum: 4 << 10,
        initial: 64 << 10,
        maximum: 256 << 10
    )
    static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
        low: ProtocolLimits.outboundLowBytes,
        high: ProtocolLimits.outboundHighBytes
    )
    /// Unacknowledged bytes end the connection after this time.
    private static let userTimeoutMilliseconds = 20_000

    /// The kernel holds no more unsent bytes than this, so that a small call behind a large body
    /// waits for little.
    private static let unsentBytes = 256 << 10

    static func apply(to channel: any Channel) throws {
        try set(tcpUserTimeout, to: userTimeoutMilliseconds, on: channel)
        try set(tcpUnsentLowWater, to: unsentBytes, on: channel)
    }

    private static func set(_ name: CInt, to value: Int, on channel: any Channel) throws {
        let option = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: name))
        try channel.syncOptions?.setOption(option, value: value)
    }

    /// TCP_USER_TIMEOUT and TCP_NOTSENT_LOWAT of Linux, which NIO has no names for.
    private static let tcpUserTimeout: CInt = 18
    private static let tcpUnsentLowWater: CInt = 25
}
