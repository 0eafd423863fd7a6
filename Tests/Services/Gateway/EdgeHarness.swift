import Crypto
import EdgeClient
import GatewayService
import HTTP2
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TestSupport
import TLS
import Transport

/// Answers from a closure, and remembers what ended.
struct ScriptedResponder: EdgeResponder {
    let records = NIOLockedValueBox<[ExchangeRecord]>([])
    let answer: @Sendable (EdgeRequest) async -> EdgeReply

    init(_ answer: @escaping @Sendable (EdgeRequest) async -> EdgeReply) { self.answer = answer }

    func respond(to request: EdgeRequest) async -> EdgeReply { await answer(request) }
    func exchangeEnded(_ record: ExchangeRecord) { records.withLockedValue { $0.append(record) } }
}

/// The real port with real TLS, on a free port of this machine.
final class EdgeHarness: Sendable {
    let server: EdgeServer
    let port: Int
    private let authority: TestAuthority
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    private init(server: EdgeServer, port: Int, authority: TestAuthority) {
        self.server = server
        self.port = port
        self.authority = authority
    }

    /// Runs `body` against a server with this responder, and stops it afterwards.
    static func run(
        _ responder: any EdgeResponder,
        limits: EdgeLimits = EdgeLimits(),
        _ body: (EdgeHarness) async throws -> Void
    ) async throws {
        let authority = try TestAuthority()
        let files = try authority.issue(uris: ["bursar://service/gateway"])
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = EdgeServer(
            tls: try TLSContext.edgeServer(certificate: files.certificate, key: files.key),
            limits: limits,
            rules: HeadRules(
                hosts: .forEdge(boundTo: "127.0.0.1", extra: []),
                maximumTargetBytes: limits.maximumTargetBytes
            ),
            group: group,
            responders: { _ in responder },
            logger: Logger(label: "edge-test"),
            abuseFound: { _, _ in }
        )
        let port = try await server.start(host: "127.0.0.1", port: 0)
        let harness = EdgeHarness(server: server, port: port, authority: authority)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(harness))
        } catch {
            result = .failure(error)
        }
        await server.shutdown(graceSeconds: 1)
        try await group.shutdownGracefully()
        try await harness.group.shutdownGracefully()
        try result.get()
    }

    func client() throws -> EdgeClient {
        let tls = try TLSContext.edgeClient(
            authority: authority.authorityPath,
            protocols: ["h2"]
        )
        return EdgeClient(host: "127.0.0.1", port: port, tls: tls, loop: group.next())
    }

    /// A TCP connection without TLS.
    func plainClient() async throws -> RawClient {
        let collector = RawClient.Collector()
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { $0.pipeline.addHandler(collector) }
            .connect(host: "127.0.0.1", port: port)
            .get()
        return RawClient(channel: channel, collector: collector)
    }

    /// A TLS connection whose bytes the test writes and reads itself.
    func rawClient(protocols: [String] = ["http/1.1"]) async throws -> RawClient {
        let tls = try TLSContext.edgeClient(
            authority: authority.authorityPath,
            protocols: protocols
        )
        let collector = RawClient.Collector()
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(try TLSChannelHandler(tls, host: "127.0.0.1"))
                    try pipeline.addHandler(collector)
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        return RawClient(channel: channel, collector: collector)
    }
}

struct RawClient: Sendable {
    final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let received = NIOLockedValueBox(ByteBuffer())
        let isClosed = NIOLockedValueBox(false)

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            received.withLockedValue { _ = $0.writeImmutableBuffer(bytes) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            isClosed.withLockedValue { $0 = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    let channel: any Channel
    let collector: Collector

    func send(_ text: String) { send(ByteBuffer(string: text)) }
    func send(_ bytes: ByteBuffer) { channel.writeAndFlush(bytes, promise: nil) }

    var text: String { collector.received.withLockedValue { String(buffer: $0) } }
    var isClosed: Bool { collector.isClosed.withLockedValue { $0 } }

    /// The status of each answer so far.
    var statuses: [Int] {
        text.components(of: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
    }

    func close() async throws { try await channel.close() }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}

/// Holds tasks until it is opened.
final class Gate: Sendable {
    private let opened: AsyncStream<Void>
    private let opening: AsyncStream<Void>.Continuation

    init() { (opened, opening) = AsyncStream.makeStream() }

    func open() { opening.finish() }

    /// Returns when the gate is open, or the task is cancelled.
    func wait() async { for await _ in opened {} }
}

/// Waits until `condition` holds, at most ten seconds; whether it did.
func eventually(_ condition: () -> Bool) async throws -> Bool {
    let end = NIODeadline.now() + .seconds(10)
    while !condition() {
        guard NIODeadline.now() < end else { return false }
        try await Task.sleep(for: .milliseconds(2))
    }
    return true
}
