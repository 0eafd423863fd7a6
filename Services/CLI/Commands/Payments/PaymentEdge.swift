internal import Crypto
internal import Identity
internal import JSON
internal import Protocol

/// Calls of the edge with one token, which is made anew once if it has expired.
///
/// Every change carries an `Idempotency-Key`, so that it may be sent again after trouble.
final class PaymentEdge {
    static let root = "/api/AR/v1"

    private let edge: EdgeSession
    private let key: String
    private let scopes: [Scope]
    private var token: String

    /// Takes a token with `scopes`; a key that lacks one of them is refused here.
    init(_ settings: Settings, key: KeyChoice, scopes: [Scope]) async throws {
        self.key = try settings.require(key.variable)
        self.scopes = scopes
        edge = try EdgeSession(settings)
        token = try await edge.token(key: self.key, scopes: scopes)
    }

    func get(
        _ path: String,
        query: [(String, String)] = [],
        action: String
    ) async throws -> EdgeAnswer {
        try await send("GET", path + Self.text(query), [], [], expecting: 200, action: action)
    }

    /// The answer to one reading of batches or payments, over a connection of its own.
    static func read(
        _ path: String,
        key: KeyChoice,
        _ options: GlobalOptions,
        action: String
    ) async throws -> EdgeAnswer {
        let edge = try await PaymentEdge(options.settings(), key: key, scopes: [.batchesRead])
        return try await edge.get(root + path, action: action)
    }

    func change(
        _ method: String,
        _ path: String,
        _ body: JSONNode?,
        idempotencyKey: String?,
        expecting status: Int = 200,
        action: String
    ) async throws -> EdgeAnswer {
        var headers = [("idempotency-key", idempotencyKey ?? Self.newKey())]
        if body != nil { headers.append(("content-type", "application/json")) }
        return try await send(
            method,
            path,
            headers,
            body?.bytes ?? [],
            expecting: status,
            action: action
        )
    }

    private func send(
        _ method: String,
        _ path: String,
        _ headers: [(String, String)],
        _ body: [UInt8],
        expecting status: Int,
        action: String
    ) async throws -> EdgeAnswer {
        var answer = try await edge.send(method, path, headers: headers + authorization, body: body)
        if answer.status == 401 {
            token = try await edge.token(key: key, scopes: scopes)
            answer = try await edge.send(method, path, headers: headers + authorization, body: body)
        }
        guard answer.status == status else { throw answer.failure(action) }
        return answer
    }

    private var authorization: [(String, String)] { [("authorization", "Bearer " + token)] }

    static func newKey() -> String { Hexadecimal.encode(RandomBytes.make(16)) }

    private static func text(_ query: [(String, String)]) -> String {
        let pairs = query.map { "\($0.0)=\(EdgeSession.queryValue($0.1))" }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}

extension EdgeAnswer {
    /// The body as JSON.
    func node() throws -> JSONNode {
        guard let node = JSONNode(body) else {
            throw CommandFailure.trouble("The server's answer is not JSON.")
        }
        return node
    }

    /// The key of the next page; nil where the answer has its request's own id in the key's place
    /// (contract A1-21).
    var continuationKey: String? {
        guard let id = header("x-request-id") else { return nil }
        let isRequestID = id.utf8.count == 32 && id.allSatisfy(\.isHexDigit)
        return isRequestID ? nil : id
    }

    /// Whether this is the answer of an earlier request with the same key.
    var isReplayed: Bool { header("idempotent-replayed") == "true" }
}
