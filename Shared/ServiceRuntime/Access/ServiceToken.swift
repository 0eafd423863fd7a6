internal import NIOCore
package import Protocol
internal import Transport

/// A service's own token, fetched when it is first needed and renewed before it ends.
package actor ServiceToken {
    /// How long before its end a token is renewed.
    package static let renewalSeconds: Int64 = 600

    package typealias Fetch = @Sendable () async throws -> IssuedToken

    private let fetch: Fetch
    private let clock: AccessClock
    private var held: (jwt: String, renewAt: Int64, endsAt: Int64)?
    private var fetching: Task<IssuedToken, any Error>?

    /// `fetch` asks auth-service; it is called by one caller at a time.
    package init(clock: AccessClock = .system, fetch: @escaping Fetch) {
        self.clock = clock
        self.fetch = fetch
    }

    /// A live token; throws `RPCError` where there is none and auth-service does not answer.
    ///
    /// While a token is still alive, a renewal that fails does no harm.
    package func token() async throws -> String {
        let now = clock.monotonic() / 1_000_000_000
        if let held, now < held.renewAt { return held.jwt }
        do {
            return try await renew()
        } catch {
            if let held, now < held.endsAt { return held.jwt }
            throw error
        }
    }

    /// Forgets a token that was refused, so that the next call fetches another.
    package func invalidate(_ token: String) {
        if held?.jwt == token { held = nil }
    }

    private func renew() async throws -> String {
        if let fetching { return try await fetching.value.jwt }
        let task = Task { [fetch] in try await fetch() }
        fetching = task
        defer { fetching = nil }
        let askedAt = clock.monotonic() / 1_000_000_000
        let issued = try await task.value
        let life = Int64(issued.expiresIn)
        held = (
            issued.jwt, askedAt + max(life - Self.renewalSeconds, life / 2), askedAt + life - 1
        )
        return issued.jwt
    }
}
