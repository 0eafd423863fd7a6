package import Identity
internal import JSON
internal import Logging
internal import NIOCore
internal import NIOPosix
package import Protocol
internal import TLS
package import Transport

/// Calls to the services by the client certificate, each with a token made from an API key.
package final class RPCSession: Sendable {
    private let settings: Settings
    private let tls: TLSContext

    package init(_ settings: Settings) throws {
        self.settings = settings
        do {
            tls = try TLSContext.rpcClient(
                certificate: try settings.require("BURSAR_CLIENT_CERT"),
                key: try settings.require("BURSAR_CLIENT_KEY"),
                authority: try settings.require("BURSAR_CA")
            )
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure.trouble("The client certificate cannot be used: \(error)")
        }
    }

    /// Calls once and closes the connection.
    package func call(
        _ service: ServiceName,
        _ method: MethodDescriptor,
        params: [UInt8]? = nil,
        body: [UInt8] = Array("{}".utf8),
        token: String? = nil
    ) async throws -> IncomingReply {
        try await connected(to: service) { client in
            do {
                return try await client.call(
                    method,
                    body: ByteBuffer(bytes: body),
                    options: CallOptions(token: token, params: params.map { ByteBuffer(bytes: $0) })
                )
            } catch let error as RPCError {
                throw CommandFailure(error, calling: method.name)
            }
        }
    }

    /// A one-hour token from the key chosen, with every one of `scopes` or an error that names those
    /// which are missing.
    package func token(_ choice: KeyChoice, scopes: [Scope]) async throws -> String {
        let key = try settings.require(choice.variable)
        let issued = try await token(key: key, scopes: scopes)
        let missing = scopes.map(\.rawValue).filter { !issued.acceptedScopes.contains($0) }
        guard missing.isEmpty else {
            throw CommandFailure.refused(
                "The account of \(choice.variable) does not hold \(missing.joined(separator: ", ")): "
                    + "an administrator grants it with `bursar grants add ACCOUNT SCOPE`."
            )
        }
        return issued.jwt
    }

    /// Exchanges a raw key for a token with those of `scopes` that its account holds.
    package func token(key: String, scopes: [Scope]) async throws -> IssuedToken {
        let request = JSONNode(members: [
            ("api_key", .string(key)), ("scopes", .array(scopes.map { .string($0.rawValue) })),
        ])
        let reply = try await call(.auth, AuthMethods.issueToken, body: request.bytes)
        return try reply.decode(IssuedToken.self)
    }

    /// Opens a connection for several calls.
    package func connected<R: Sendable>(
        to service: ServiceName,
        _ work: (RPCClient) async throws -> R
    ) async throws -> R {
        let (host, port) = try settings.endpoint(service)
        let client = RPCClient(
            to: service,
            host: host,
            port: port,
            tls: tls,
            loop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: Logger(label: "bursar") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            let result = try await work(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}

extension IncomingReply {
    /// The body's bytes.
    package var bytes: [UInt8] { Array(body.readableBytesView) }
}
