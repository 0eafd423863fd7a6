internal import Crypto
internal import Identity
internal import JSON
internal import NIOConcurrencyHelpers
package import NIOCore
internal import Protocol

/// Exchanges API keys of the command API for tokens and remembers these for a while (contract A2-16).
///
/// A key is known here only by its SHA-256. What a token is good for is judged like any other's, so that
/// a revoked key ends here as soon as everywhere.
package final class ApplicationKeys: Sendable {
    /// A token goes out of use so long before its end, for calls that take their time.
    private static let marginSeconds = 600
    private static let maximumCount = 1_000

    struct Token: Sendable {
        let jwt: String
        let wasRemembered: Bool
    }

    private struct Remembered {
        let jwt: String
        let end: NIODeadline
    }

    private static let scope = Scope.studentPaymentsWrite

    private let auth: any Upstream
    private let now: @Sendable () -> NIODeadline
    private let tokens = NIOLockedValueBox<[[UInt8]: Remembered]>([:])

    package init(
        auth: any Upstream,
        now: @escaping @Sendable () -> NIODeadline = { .now() }
    ) {
        self.auth = auth
        self.now = now
    }

    /// How many tokens are remembered.
    package var count: Int { tokens.withLockedValue { $0.count } }

    /// The token of a key; throws what auth-service says of a bad one.
    func token(for key: String, _ request: EdgeRequest) async throws -> Token {
        let digest = SHA256.digest(key)
        let known = tokens.withLockedValue { $0[digest] }
        if let known, known.end > now() { return Token(jwt: known.jwt, wasRemembered: true) }
        return try await newToken(for: key, request)
    }

    /// A token made now, in the place of the one that is remembered.
    func newToken(for key: String, _ request: EdgeRequest) async throws -> Token {
        forget(key)
        let now = now()
        let issued = try await issue(key, request)
        // Without the scope the next request asks again: it may have been granted meanwhile.
        if issued.acceptedScopes.contains(Self.scope.rawValue) {
            remember(issued, as: SHA256.digest(key), now: now)
        }
        return Token(jwt: issued.jwt, wasRemembered: false)
    }

    func forget(_ key: String) {
        let digest = SHA256.digest(key)
        tokens.withLockedValue { $0[digest] = nil }
    }

    private func issue(_ key: String, _ request: EdgeRequest) async throws -> IssuedToken {
        let body = JSONWriter.buffer { json in
            json.member("api_key", key)
            json.member("scopes", [Self.scope.rawValue])
        }
        let reply = try await auth.call(
            UpstreamCall(AuthMethods.issueToken, body: body, token: nil, for: request)
        )
        return try Decoding.reply(IssuedToken.self, reply.body)
    }

    private func remember(_ issued: IssuedToken, as digest: [UInt8], now: NIODeadline) {
        let seconds = issued.expiresIn - Self.marginSeconds
        guard seconds > 0 else { return }
        let end = now + .seconds(Int64(seconds))
        tokens.withLockedValue { tokens in
            if tokens.count >= Self.maximumCount, tokens[digest] == nil {
                tokens = tokens.filter { $0.value.end > now }
                if tokens.count >= Self.maximumCount,
                    let first = tokens.min(by: { $0.value.end < $1.value.end })
                {
                    tokens[first.key] = nil
                }
            }
            tokens[digest] = Remembered(jwt: issued.jwt, end: end)
        }
    }
}
