import Identity
import NIOCore
import NIOEmbedded
import Protocol
import TestSupport
import TLS

@testable import Transport

/// Who the two ends would be; nothing is encrypted here.
typealias SimulatedTLS = (client: TLSContext, server: TLSContext)

/// A client and a server over one connection in one thread: bytes travel when they are carried, and
/// time passes when it is moved.
final class ConnectionPair {
    let loop: EmbeddedEventLoop
    let client: RPCClient
    let caller: ClientConnection
    let server: ServerConnection
    private let core: ClientCore
    private let near: EmbeddedChannel
    private let far: EmbeddedChannel
    private var up = ByteBuffer()
    private var down = ByteBuffer()

    /// Above this many bytes on their way an end is told to stop writing.
    private static let highBytes = 200 << 10
    private static let lowBytes = 50 << 10

    init(loop: EmbeddedEventLoop, tls: SimulatedTLS, work: MethodBinding) throws {
        self.loop = loop
        core = ClientCore(
            service: .posting,
            host: "",
            port: 0,
            tls: tls.client,
            loop: loop,
            logger: RPCHarness.quiet
        )
        client = RPCClient(core)
        caller = core.makeConnection()
        let shared = ServerCore(
            service: .posting,
            instance: "",
            version: "",
            tls: tls.server,
            methods: [work],
            logger: RPCHarness.quiet,
            health: { ServiceHealth(reasons: []) },
            onRefusal: { _ in }
        )
        server = ServerConnection(server: shared, loop: loop)
        near = EmbeddedChannel(handler: caller, loop: loop)
        far = EmbeddedChannel(handler: server, loop: loop)
        for channel in [near, far] {
            channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        }
        core.connected(caller)
        near.pipeline.fireUserInboundEventTriggered(Self.handshake(.service(.posting)))
        far.pipeline.fireUserInboundEventTriggered(Self.handshake(.client("demo")))
    }

    private static func handshake(_ peer: PeerIdentity) -> TLSEvent {
        .handshakeCompleted(alpn: ProtocolLimits.alpn, identity: peer)
    }

    var isQuiet: Bool { up.readableBytes == 0 && down.readableBytes == 0 }

    /// What the client has not read yet.
    var unread: String { String(buffer: down) }

    /// HELLO each way.
    func greet() throws {
        settle()
        try carryUp()
        try carryDown()
    }

    /// Carries bytes to the server; none while it does not read because its replies are not read.
    func carryUp(_ count: Int = .max) throws {
        if far.isWritable { try Self.carry(count, of: &up, to: far) }
        settle()
    }

    func carryDown(_ count: Int = .max) throws {
        try Self.carry(count, of: &down, to: near)
        settle()
    }

    private static func carry(
        _ count: Int,
        of wire: inout ByteBuffer,
        to channel: EmbeddedChannel
    ) throws {
        let count = min(count, wire.readableBytes)
        guard count > 0, let part = wire.readSlice(length: count) else { return }
        if wire.readableBytes == 0 { wire = ByteBuffer() }
        try channel.writeInbound(part)
    }

    /// Sends bytes to the server as if they were the client's.
    func say(_ bytes: ByteBuffer) throws {
        try far.writeInbound(bytes)
        settle()
    }

    func pass(_ time: TimeAmount) {
        loop.advanceTime(by: time)
        settle()
    }

    /// Runs what can run now.
    func settle() {
        loop.run()
        Self.collect(from: near, into: &up)
        Self.collect(from: far, into: &down)
        loop.run()
    }

    private static func collect(from channel: EmbeddedChannel, into wire: inout ByteBuffer) {
        // Nothing but buffers is written.
        while var bytes = try? channel.readOutbound(as: ByteBuffer.self) {
            wire.writeBuffer(&bytes)
        }
        let isFull = wire.readableBytes > (channel.isWritable ? highBytes : lowBytes)
        guard channel.isWritable == isFull else { return }
        channel.isWritable = !isFull
        channel.pipeline.fireChannelWritabilityChanged()
    }

    /// What is not as it was before the first call; empty where everything is.
    var leftovers: [String] {
        let found: [(String, Bool)] = [
            ("the client's connection has ended", caller.isClosing),
            ("the server's connection has ended", server.isClosing),
            ("\(caller.machine.open) places are taken", caller.machine.open > 0),
            ("\(server.machine.open) calls are in the table", server.machine.open > 0),
            ("\(server.machine.running) handlers run", server.machine.running > 0),
            ("the client's windows are not given back", !caller.machine.share.isWhole),
            ("the server's windows are not given back", !server.machine.share.isWhole),
            ("bodies wait at the client", caller.output.hasBlocked),
            ("bodies wait at the server", server.output.hasBlocked),
        ]
        return found.filter(\.1).map(\.0)
    }

    func end() {
        _ = core.close()
        loop.run()
        for channel in [near, far] where channel.isActive { channel.close(promise: nil) }
        loop.run()
    }
}

/// A stream of numbers that one seed decides (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
