package import Logging
internal import NIOConcurrencyHelpers
package import NIOCore
internal import NIOPosix
package import TLS
internal import Transport

/// The HTTPS port: accepts connections, counts them and gives each to its protocol.
package final class EdgeServer: Sendable {
    /// The responder of one event loop, so that its calls never leave that loop.
    package typealias Responders = @Sendable (any EventLoop) -> any EdgeResponder

    private struct State {
        var listener: (any Channel)?
        var connections: [ObjectIdentifier: any Channel] = [:]
        var isDraining = false
        var whenEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private let tls: TLSContext
    private let limits: EdgeLimits
    private let rules: HeadRules
    private let group: any EventLoopGroup
    private let responders: Responders
    private let logger: Logger
    private let abuseFound: @Sendable (AbuseBudgets.Kind, _ client: String) -> Void
    private let state = NIOLockedValueBox(State())

    package init(
        tls: TLSContext,
        limits: EdgeLimits,
        rules: HeadRules,
        group: any EventLoopGroup,
        responders: @escaping Responders,
        logger: Logger,
        abuseFound: @escaping @Sendable (AbuseBudgets.Kind, _ client: String) -> Void
    ) {
        self.tls = tls
        self.limits = limits
        self.rules = rules
        self.group = group
        self.responders = responders
        self.logger = logger
        self.abuseFound = abuseFound
    }

    /// Opens the port and returns its number.
    package func start(host: String, port: Int) async throws -> Int {
        let listener = try await ServerBootstrap(group: group)
            .backingOffAccepts("HTTPS", logger: logger)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 2_048,
                    initial: 16_384,
                    maximum: 131_072
                )
            )
            .childChannelInitializer { channel in self.accept(channel) }
            .bind(host: host, port: port)
            .get()
        state.withLockedValue { $0.listener = listener }
        guard let port = listener.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        return port
    }

    /// Connections that are open at this moment.
    package var connectionCount: Int { state.withLockedValue { $0.connections.count } }

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard enter(channel) else {
            return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        channel.closeFuture.whenComplete { _ in self.leave(channel) }
        let address = channel.remoteAddress?.ipAddress ?? ""
        let context = EdgeConnectionContext(
            limits: limits,
            rules: rules,
            clientAddress: address,
            responder: responders(channel.eventLoop),
            clock: EdgeClock(),
            abuseFound: { [abuseFound] kind in abuseFound(kind, address) }
        )
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(try TLSChannelHandler(self.tls))
            try pipeline.addHandler(ProtocolChooser(context))
        }
    }

    private func enter(_ channel: any Channel) -> Bool {
        state.withLockedValue { state in
            guard !state.isDraining, state.connections.count < limits.maximumConnections else {
                return false
            }
            state.connections[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    private func leave(_ channel: any Channel) {
        let waiting = state.withLockedValue { state -> [CheckedContinuation<Void, Never>] in
            state.connections[ObjectIdentifier(channel)] = nil
            guard state.isDraining, state.connections.isEmpty else { return [] }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Takes nothing new, lets what runs end, and closes what is left after `graceSeconds`.
    package func shutdown(graceSeconds: Int) async {
        let (listener, open) = state.withLockedValue { state in
            state.isDraining = true
            defer { state.listener = nil }
            return (state.listener, Array(state.connections.values))
        }
        // A listener that is closed already is what we want.
        try? await listener?.close()
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(EdgeEvent.drain) }
        let forced = group.next().scheduleTask(in: .seconds(Int64(graceSeconds))) {
            for channel in self.state.withLockedValue({ Array($0.connections.values) }) {
                channel.close(promise: nil)
            }
        }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLockedValue { state in
                if !state.connections.isEmpty { state.whenEmpty.append(continuation) }
                return state.connections.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
        forced.cancel()
    }
}
