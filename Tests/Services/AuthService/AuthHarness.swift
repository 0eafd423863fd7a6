import Crypto
import Foundation
import Identity
import Logging
import NIOCore
import NIOPosix
import Protocol
import Storage
import TestSupport

@testable import AuthService
@testable import ServiceRuntime
import TLS
@testable import Transport

/// auth-service with its store in a folder of its own, called without a network: each call goes
/// through the same judgement of tokens as one that came over RPC.
final class AuthHarness: Sendable {
    static let adminKey = "brs_00112233445566aa_" + String(repeating: "k", count: 43)

    let folder: URL
    let context: ServiceContext
    private let bindings: [String: MethodBinding]
    private let definition: ServiceDefinition

    /// Starts on a new folder, or on that of an earlier harness.
    init(
        folder: URL? = nil,
        bootstrap: String? = AuthHarness.adminKey,
        bootstrapMode: Int = 0o600
    ) async throws {
        let authority = try TestAuthority()
        let files = try authority.issue(uris: [PeerIdentity.service(.auth).uri])
        self.folder =
            folder
            ?? FileManager.default.temporaryDirectory
            .appending(path: "bursar-auth-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: self.folder.appending(path: "data"),
            withIntermediateDirectories: true
        )
        var environment = ["BURSAR_STATE_DIR": self.folder.path]
        if let bootstrap {
            let path = self.folder.appending(path: "admin.key").path
            _ = FileManager.default.createFile(
                atPath: path,
                contents: Data((bootstrap + "\n").utf8),
                attributes: [.posixPermissions: bootstrapMode]
            )
            environment["BURSAR_BOOTSTRAP_ADMIN_KEY_FILE"] = path
        }
        let logger = Logger(label: "auth") { _ in SwiftLogNoOpLogHandler() }
        let metrics = MetricsRegistry()
        context = ServiceContext(
            configuration: try Configuration.read(service: .auth, environment: environment),
            logger: logger,
            group: .singleton,
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
        definition = try await AuthService.build(context)
        bindings = Dictionary(
            uniqueKeysWithValues: definition.methods.map { [context] method in
                (
                    method.descriptor.name,
                    method.binding(
                        access: context.access,
                        audit: context.audit,
                        metrics: context.metrics
                    )
                )
            }
        )
    }

    /// Stops the service; its folder stays.
    func stop() async { await definition.stop() }

    /// Stops the service and removes its folder.
    func end() async {
        await stop()
        // The system clears its temporary folder if we cannot.
        try? FileManager.default.removeItem(at: folder)
    }

    /// The methods that are served.
    var methodNames: Set<String> { Set(bindings.keys) }

    /// Calls a method with a JSON text and gives the reply's text.
    func call(
        _ method: MethodDescriptor,
        _ body: String = "{}",
        token: String? = nil,
        idempotencyKey: String? = nil,
        params: String? = nil,
        from address: String = "192.0.2.1",
        peer: PeerIdentity = .service(.gateway)
    ) async throws -> String {
        guard let binding = bindings[method.name] else { throw RPCError.notFound }
        let call = IncomingCall(
            method: method,
            peer: peer,
            metadata: RequestMetadata(
                token: token,
                idempotencyKey: idempotencyKey,
                requestID: "request-1",
                clientAddress: address,
                params: params.map { ByteBuffer(string: $0) }
            ),
            deadline: .now() + .seconds(30),
            body: RequestBody(ByteBuffer(string: body))
        )
        let reply = try await binding.handle(call)
        guard case .whole(let buffer) = reply.content else { throw RPCError.internal }
        return String(buffer: buffer)
    }

    func json(_ text: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }

    func list(_ text: String) throws -> [[String: Any]] {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
    }

    /// Exchanges a key for a token with every scope that is named.
    func token(
        _ key: String = AuthHarness.adminKey,
        scopes: [String] = Scope.all.map(\.rawValue),
        from address: String = "192.0.2.1"
    ) async throws -> IssuedToken {
        let body = String(
            decoding: try JSONSerialization.data(withJSONObject: [
                "api_key": key, "scopes": scopes,
            ]),
            as: UTF8.self
        )
        let text = try await call(AuthMethods.issueToken, body, from: address)
        return try JSONDecoder().decode(IssuedToken.self, from: Data(text.utf8))
    }

    /// An account with the submit scope and one key.
    func makeAccount(_ account: String, expiresAt: String? = nil) async throws -> CreatedKey {
        let admin = try await token().jwt
        _ = try await call(
            AuthMethods.putAccount,
            #"{"account":"\#(account)","scopes":["\#(Scope.postingBatchesWrite.rawValue)"]}"#,
            token: admin
        )
        let expiry = expiresAt.map { #","expires_at":"\#($0)""# } ?? ""
        let text = try await call(
            AuthMethods.createKey,
            #"{"account":"\#(account)","note":"nightly run"\#(expiry)}"#,
            token: admin
        )
        return try JSONDecoder().decode(CreatedKey.self, from: Data(text.utf8))
    }

    /// The audit trail, newest first, once everything that was recorded is stored.
    func audit(_ query: String = "{}") async throws -> [[String: Any]] {
        let admin = try await token().jwt
        await context.audit.flush(seconds: 5)
        return try list(await call(AuthMethods.queryAudit, query, token: admin))
    }

    /// The error that a call ends with.
    func refusal(_ work: () async throws -> String) async -> RPCError? {
        do {
            _ = try await work()
            return nil
        } catch {
            return error as? RPCError
        }
    }

    /// A store to look at from the side, once the service has stopped.
    func openStore() throws -> Store {
        try Store.open(
            engine: .sqlite(path: folder.appending(path: "data/auth.db").path),
            migrations: AuthSchema.migrations
        )
    }
}
