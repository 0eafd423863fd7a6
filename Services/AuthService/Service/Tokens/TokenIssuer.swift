internal import Crypto
internal import Identity
internal import NIOConcurrencyHelpers
internal import Protocol
internal import AccessRules
internal import ServiceRuntime
internal import Storage

/// Gives tokens for API keys, and to services for their certificate.
///
/// A token is handed out once the audit trail has it. A refused key is audited with its reason; the
/// caller hears one and the same answer for all of them, or, after too many failures, how long to
/// wait.
final class TokenIssuer: Sendable {
    /// Scopes that a request may name.
    static let maximumScopes = 100

    private let state: AuthState
    private let audit: AuditTrail
    private let limiter = NIOLockedValueBox(AttemptLimiter())
    private let keyUse: KeyUse

    init(state: AuthState, audit: AuditTrail, keyUse: KeyUse) {
        self.state = state
        self.audit = audit
        self.keyUse = keyUse
    }

    /// Why a presented key gives no token.
    enum KeyFault: String, Error {
        case noKey = "no_key"
        case malformedKey = "malformed_key"
        case unknownKey = "unknown_key"
        case wrongSecret = "wrong_secret"
        case revokedKey = "revoked_key"
        case expiredKey = "expired_key"
        case inactiveAccount = "inactive_account"
    }

    /// A token for `presented`, with those of `requested` that its account is granted.
    func issue(
        presented: String,
        requested: [String],
        call: AuthorizedCall
    ) async throws -> IssuedToken {
        let now = Timestamps.now()
        let directory = state.directory
        let key: Directory.Key
        do throws(KeyFault) {
            key = try Self.judge(presented, directory, now: now)
        } catch {
            throw refuse(error, presented, call)
        }
        let granted = Set(
            (directory.accounts[key.account]?.scopes ?? []).map(Scope.init(rawValue:))
        )
        let issued = try sign(
            account: key.account,
            keyID: key.keyID,
            scopes: Grants.accepted(requested: requested, granted: granted),
            endsAt: key.expiresAt,
            directory,
            now: now
        )
        keyUse.note(key.keyID, lastKnown: key.lastUsedAt, now: now)
        try await record(issued.claims, call)
        return issued.token
    }

    /// The token of a service: its account bears its name, and nobody else can use it.
    func issue(service: ServiceName, call: AuthorizedCall) async throws -> IssuedToken {
        let directory = state.directory
        guard let account = directory.accounts[service.rawValue], account.isActive else {
            throw call.refuse(reason: KeyFault.inactiveAccount.rawValue)
        }
        let issued = try sign(
            account: service.rawValue,
            keyID: AccessPolicy.serviceKeyPrefix + service.rawValue,
            scopes: account.scopes.map(Scope.init(rawValue:)),
            endsAt: nil,
            directory,
            now: Timestamps.now()
        )
        try await record(issued.claims, call)
        return issued.token
    }

    static func judge(
        _ presented: String,
        _ directory: Directory,
        now: Int64
    ) throws(KeyFault) -> Directory.Key {
        guard !presented.isEmpty else { throw .noKey }
        guard let key = APIKey(presented: presented) else { throw .malformedKey }
        guard let held = directory.keys[key.keyID] else { throw .unknownKey }
        guard constantTimeEquals(held.digest, key.digest) else { throw .wrongSecret }
        guard held.revokedAt == nil else { throw .revokedKey }
        guard held.expiresAt.map({ now / 1_000 < $0 / 1_000 }) ?? true else { throw .expiredKey }
        guard directory.accounts[held.account]?.isActive ?? false else { throw .inactiveAccount }
        return held
    }

    private func sign(
        account: String,
        keyID: String,
        scopes: [Scope],
        endsAt: Int64?,
        _ directory: Directory,
        now: Int64
    ) throws -> (token: IssuedToken, claims: TokenClaims) {
        guard let signer = directory.signer(now: now) else { throw DirectoryFault.noSigningKey }
        let seconds = now / 1_000
        // A token never outlives the key that it was made from.
        let end = min(seconds + TokenClaims.maximumLifeSeconds, (endsAt ?? .max) / 1_000)
        let claims = TokenClaims(
            issuer: Directory.issuer,
            account: account,
            keyID: keyID,
            tokenID: Hexadecimal.encode(RandomBytes.make(16)),
            issuedAt: seconds,
            notBefore: seconds,
            expiresAt: end,
            scopes: scopes
        )
        let token = IssuedToken(
            jwt: try TokenSigner.sign(claims, with: signer),
            acceptedScopes: scopes.map(\.rawValue),
            expiresIn: Int(end - seconds)
        )
        return (token, claims)
    }

    private func refuse(
        _ fault: KeyFault,
        _ presented: String,
        _ call: AuthorizedCall
    ) -> RPCError {
        let keyID = APIKey(presented: presented)?.keyID ?? ""
        let isKnown = state.directory.keys[keyID] != nil
        var names = ["from " + call.call.callerName]
        if isKnown { names.append("key " + keyID) }
        let now = Timestamps.monotonic() / 1_000_000
        let outcome = limiter.withLockedValue { [names] in $0.failed(names, now: now) }
        // An id that nobody has is no fact about a key; what was sent is not kept.
        let known = isKnown ? keyID : ""
        if case .limited(let wait) = outcome {
            audit.record(call.refusal(reason: "rate_limited", subject: known, keyID: known))
            return RPCError(
                .resourceExhausted,
                reason: "too_many_attempts",
                message: "Too many failed attempts; try again later.",
                retryAfterMilliseconds: Int(wait)
            )
        }
        audit.record(call.refusal(reason: fault.rawValue, subject: known, keyID: known))
        return .unauthenticated
    }

    private func record(_ claims: TokenClaims, _ call: AuthorizedCall) async throws {
        var event = audit.stamp(call.event(subject: claims.tokenID))
        event.actor = claims.account
        event.keyID = claims.keyID
        event.tokenID = claims.tokenID
        event.scope = claims.scopes.map(\.rawValue).joined(separator: " ")
        do {
            _ = try await state.appendAudit([event])
        } catch is StoreError {
            throw RPCError.unavailable("The audit trail cannot be written; try again later.")
        }
        audit.noteStored(event)
    }
}
