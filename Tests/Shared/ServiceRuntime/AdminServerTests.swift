import Crypto
import Dispatch
import Foundation
import Identity
import Logging
import NIOCore
import NIOPosix
import Supervision
import TLS
import TestSupport
import Testing
import Transport

@testable import ServiceRuntime

@Suite("The admin port")
struct AdminServerTests {
    private struct Enough: Error {}

    @Test("B10: it answers while every event loop of the service is busy")
    func busyLoops() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "bursar-admin-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let authority = try TestAuthority()
        let files = try authority.issue(uris: [PeerIdentity.service(.auth).uri])
        let port = try await Self.freePort()
        let logger = Logger(label: "admin") { _ in SwiftLogNoOpLogHandler() }
        let metrics = MetricsRegistry()
        let context = ServiceContext(
            configuration: try Configuration.read(
                service: .auth,
                environment: [
                    "BURSAR_STATE_DIR": folder.path, "BURSAR_AUTH_ADMIN_PORT": "\(port)",
                ]
            ),
            logger: logger,
            group: MultiThreadedEventLoopGroup(numberOfThreads: 1),
            access: AccessGate(),
            audit: AuditTrail(origin: "auth-service", logger: logger, metrics: metrics),
            metrics: metrics,
            readiness: Readiness(),
            instance: "test",
            clientTLS: try TLSContext.rpcClient(
                certificate: files.certificate,
                key: files.key,
                authority: authority.authorityPath
            )
        )
        await #expect(throws: Enough.self) {
            try await ServiceProcess(context: context).run { context in
                let isFree = DispatchSemaphore(value: 0)
                context.group.any().execute { isFree.wait() }
                defer { isFree.signal() }
                guard case .notReady(let words) = AdminProbe.ask(host: "127.0.0.1", port: port)
                else {
                    Issue.record("no answer")
                    throw Enough()
                }
                #expect(words.contains("starting"))
                throw Enough()
            }
        }
    }

    private static func freePort() async throws -> Int {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await listener.close()
        return port
    }
}
