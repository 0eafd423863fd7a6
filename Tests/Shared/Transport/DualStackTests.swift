import Identity
import NIOCore
import NIOPosix
import Protocol
import TestSupport
import Testing

@testable import Transport

@Suite("Names with several addresses")
struct DualStackTests {
    @Test("The attempt that loses the race takes nothing from the one that wins")
    func losingAttempt() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let silent = try await SilentPort(group: harness.group)
        let loop = harness.group.next()
        let server = try SocketAddress(ipAddress: "127.0.0.1", port: harness.port)
        let core = ClientCore(
            service: .posting,
            host: "localhost",
            port: 0,
            tls: try harness.authority.clientContext(.client("demo")),
            loop: loop,
            logger: RPCHarness.quiet,
            resolver: ScriptedResolver(
                loop: loop,
                first: silent.address,
                second: server
            )
        )
        let client = RPCClient(core)
        let reply = try await client.call(
            TestMethods.echo,
            options: CallOptions(timeout: .seconds(4))
        )
        #expect(reply.body == ByteBuffer())
        let began = ContinuousClock.now
        await client.close()
        #expect(ContinuousClock.now - began < .seconds(10), "the connection cannot be closed")
        try await silent.close()
        try await harness.stop()
    }
}

/// Answers every name with the same two addresses; the first is tried alone for a while.
private struct ScriptedResolver: Resolver, Sendable {
    let loop: any EventLoop
    let first: SocketAddress
    let second: SocketAddress

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        loop.makeSucceededFuture([first])
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        loop.makeSucceededFuture([second])
    }

    func cancelQueries() {}
}

/// A port that answers no connect, neither yes nor no: its backlog is full and nobody accepts.
private struct SilentPort {
    let address: SocketAddress
    private let channels: [any Channel]

    init(group: any EventLoopGroup) async throws {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 0)
            .serverChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0)
            .get()
        address = try #require(listener.localAddress)
        let filler = try await ClientBootstrap(group: group).connect(to: address).get()
        channels = [filler, listener]
    }

    func close() async throws { for channel in channels { try await channel.close() } }
}
