import Identity
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Protocol
import TestSupport
import TLS
import Transport

/// A server with a few methods, and clients of it, in one process over real sockets.
final class RPCHarness: Sendable {
    let authority: TestAuthority
    let group: MultiThreadedEventLoopGroup
    let server: RPCServer
    let port: Int
    private let heard: NIOLockedValueBox<[Refusal]>

    var refusals: [Refusal] { heard.withLockedValue { $0 } }

    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(
        service: ServiceName = .posting,
        threads: Int = 1,
        methods: [MethodBinding]
    ) async throws {
        let heard = NIOLockedValueBox<[Refusal]>([])
        self.heard = heard
        authority = try TestAuthority()
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        server = RPCServer(
            service: service,
            instance: "test-1",
            version: "0",
            tls: try authority.serverContext(service),
            methods: methods,
            group: group,
            logger: Self.quiet,
            health: { ServiceHealth(reasons: []) },
            onRefusal: { refusal in heard.withLockedValue { $0.append(refusal) } }
        )
        port = try await server.start(host: "127.0.0.1", port: 0)
    }

    func client(
        as identity: PeerIdentity = .client("demo"),
        to service: ServiceName = .posting
    ) throws -> RPCClient {
        try client(authority.clientContext(identity), to: service)
    }

    func client(_ tls: TLSContext, to service: ServiceName = .posting) -> RPCClient {
        RPCClient(
            to: service,
            host: "127.0.0.1",
            port: port,
            tls: tls,
            loop: group.next(),
            logger: Self.quiet
        )
    }

    func stop() async throws {
        await server.shutdown(graceSeconds: 0)
        try await group.shutdownGracefully()
    }
}

enum TestMethods {
    static func method(
        _ name: String,
        callers: MethodDescriptor.Callers = .anyone,
        maximumRequestBytes: Int = 128 << 20,
        maximumReplyBytes: Int = 128 << 20,
        timeoutSeconds: Int = 30
    ) -> MethodDescriptor {
        MethodDescriptor(
            name,
            "For tests.",
            callers: callers,
            authority: .certificate,
            maximumRequestBytes: maximumRequestBytes,
            maximumReplyBytes: maximumReplyBytes,
            defaultTimeoutSeconds: timeoutSeconds,
            request: "bytes",
            reply: "bytes"
        )
    }

    static let echo = method("test.echo")
    static let echoBinding = MethodBinding(echo) { call in
        OutgoingReply(body: try await call.body.collect())
    }
}

/// Waits for a condition, looking often, with a bound.
func eventually(
    _ what: String,
    within seconds: Int = 10,
    _ condition: @Sendable () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw NotInTime(what: what)
}

struct NotInTime: Error, CustomStringConvertible {
    let what: String
    var description: String { "\(what) did not happen in time" }
}
