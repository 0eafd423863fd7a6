internal import Crypto
package import Identity
internal import NIOConcurrencyHelpers
package import Protocol
package import AccessRules

/// Judges the tokens of a service's callers, by itself, from auth-service's newest snapshot.
///
/// A token is verified once and then remembered until it expires or anything changes in the
/// snapshot. What has been revoked ends with the next snapshot, asked for every second; when none
/// could be had for five seconds the gate refuses everything (design 1.3; faults, C-06).
package final class AccessGate: Sendable {
    /// Age at which a snapshot is no longer believed.
    package static let maximumAgeSeconds: Int64 = 5
    /// Verified tokens remembered; beyond it all are forgotten and verified anew.
    package static let maximumRememberedTokens = 20_000

    /// A token that has passed, and whom it stands for.
    package struct Verdict: Sendable, Hashable {
        package let claims: TokenClaims
        package let principal: Principal
    }

    private struct State {
        var snapshot: AccessSnapshot?
        var policy = AccessPolicy(issuer: "", accounts: [:])
        var keys: [ByteText: P256PublicKey] = [:]
        var sources: [ByteText: AccessSnapshot.Source] = [:]
        /// When the newest snapshot was asked for, on the monotonic clock.
        var confirmedAt: Int64 = 0
        var remembered: [ByteText: Verdict] = [:]
    }

    private let clock: AccessClock
    private let state = NIOLockedValueBox(State())

    package init(clock: AccessClock = .system) { self.clock = clock }

    // MARK: Judging

    /// The caller that `token` stands for, if it has `authority`; nil only for a method that the
    /// certificate alone opens.
    ///
    /// `peer` is the certificate of the connection: a service's own token is good only over its own
    /// (fault A-06).
    package func authorize(
        token: String?,
        authority: MethodDescriptor.Authority,
        peer: PeerIdentity
    ) throws(AccessRefusal) -> Principal? {
        let needed: Scope?
        switch authority {
        case .certificate: return nil
        case .token: needed = nil
        case .scope(let scope): needed = scope
        }
        let verdict = try verify(token: token)
        guard AccessPolicy.admits(verdict.principal, over: peer) else {
            throw AccessRefusal(.token(.wrongPeer), claims: verdict.claims)
        }
        if let needed, !verdict.principal.scopes.contains(needed) {
            throw AccessRefusal(.token(.wrongScope), claims: verdict.claims)
        }
        return verdict.principal
    }

    /// As above, for the edge: it judges users' tokens, over no certificate of theirs.
    package func authorize(
        token: String?,
        authority: MethodDescriptor.Authority
    ) throws(AccessRefusal) -> Principal? {
        try authorize(token: token, authority: authority, peer: .service(.gateway))
    }

    /// Whether `token` is live, whatever it may do.
    package func verify(token: String?) throws(AccessRefusal) -> Verdict {
        guard let token, !token.isEmpty else { throw AccessRefusal(.token(.noToken)) }
        let now = clock.seconds()
        let held = try current()
        if let verdict = held.remembered, now < verdict.claims.expiresAt { return verdict }
        return try judge(token, held, now: now)

        func current() throws(AccessRefusal) -> Held {
            let oldest = clock.monotonic() - Self.maximumAgeSeconds * 1_000_000_000
            let held: Held? = state.withLockedValue { state in
                guard let snapshot = state.snapshot, state.confirmedAt >= oldest else {
                    return nil
                }
                return Held(
                    version: snapshot.version,
                    policy: state.policy,
                    keys: state.keys,
                    remembered: state.remembered[token]
                )
            }
            guard let held else { throw AccessRefusal(.stale) }
            return held
        }
    }

    /// What one judgement needs of the state, taken under the lock at once.
    private struct Held {
        let version: Int64
        let policy: AccessPolicy
        let keys: [ByteText: P256PublicKey]
        let remembered: Verdict?
    }

    /// Verifies outside the lock: a signature costs about 0.1 ms.
    private func judge(
        _ token: String,
        _ held: Held,
        now: Int64
    ) throws(AccessRefusal) -> Verdict {
        var known: TokenClaims?
        do throws(TokenFault) {
            let signed = try SignedToken(token)
            guard let key = held.keys[signed.header.keyID] else { throw .unknownKey }
            let claims = try signed.claims(verifiedBy: key)
            known = claims
            let principal = try held.policy.principal(for: claims, now: now)
            let verdict = Verdict(claims: claims, principal: principal)
            remember(verdict, of: token, version: held.version)
            return verdict
        } catch {
            throw AccessRefusal(.token(error), claims: known)
        }
    }

    private func remember(_ verdict: Verdict, of token: String, version: Int64) {
        state.withLockedValue { state in
            guard state.snapshot?.version == version else { return }
            if state.remembered.count >= Self.maximumRememberedTokens {
                state.remembered.removeAll(keepingCapacity: true)
            }
            state.remembered[token] = verdict
        }
    }

    // MARK: The snapshot

    /// Takes a snapshot that was asked for at `askedAt` (monotonic nanoseconds; now by default).
    ///
    /// A key that cannot be read is left out: its tokens are then refused.
    package func install(_ snapshot: AccessSnapshot, askedAt: Int64? = nil) {
        let askedAt = askedAt ?? clock.monotonic()
        let policy = Self.policy(of: snapshot)
        var keys: [ByteText: P256PublicKey] = [:]
        for key in snapshot.keys where key.alg == TokenHeader.algorithm {
            guard let x = Base64URL.decode(key.x), let y = Base64URL.decode(key.y) else { continue }
            // A point off the curve is no key (RFC 8725 section 3.4).
            keys[key.kid] = try? P256PublicKey(x: x, y: y)
        }
        let sources = Dictionary(
            snapshot.sources.map { (ByteText($0.sourceName), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        state.withLockedValue { state in
            if let held = state.snapshot, held.version > snapshot.version { return }
            state.snapshot = snapshot
            state.policy = policy
            state.keys = keys
            state.sources = sources
            state.remembered.removeAll(keepingCapacity: true)
            state.confirmedAt = max(state.confirmedAt, askedAt)
        }
    }

    /// The snapshot of `version` was still the newest when asked at `askedAt`.
    package func confirm(version: Int64, askedAt: Int64) {
        state.withLockedValue { state in
            guard state.snapshot?.version == version else { return }
            state.confirmedAt = max(state.confirmedAt, askedAt)
        }
    }

    /// The newest snapshot, for the JWKS and for the version to ask with.
    package var snapshot: AccessSnapshot? { state.withLockedValue { $0.snapshot } }

    /// An approved source system; nil where nobody is approved for that name.
    package func source(_ name: String) -> AccessSnapshot.Source? {
        state.withLockedValue { $0.sources[name] }
    }

    /// An active staff user and its role, by the user's number; nil where there is none.
    package func staff(userID: Int64) -> (user: StaffUser, role: StaffRole)? {
        staff.member(userID: userID)
    }

    /// As above, by the user's name; the case of letters counts.
    package func staff(username: String) -> (user: StaffUser, role: StaffRole)? {
        staff.member(username: username)
    }

    /// As above, by the service account that the user signs in with.
    package func staff(account: String) -> (user: StaffUser, role: StaffRole)? {
        staff.member(account: account)
    }

    private var staff: StaffDirectory { state.withLockedValue { $0.policy.staff } }

    /// Why nothing can be judged now, for readiness; nil where all is well.
    package func staleness() -> String? {
        let now = clock.monotonic()
        return state.withLockedValue { state in
            guard state.snapshot != nil else { return "no access snapshot yet" }
            let age = (now - state.confirmedAt) / 1_000_000_000
            guard now - state.confirmedAt > Self.maximumAgeSeconds * 1_000_000_000 else {
                return nil
            }
            return "the access snapshot is \(age) s old"
        }
    }

    private static func policy(of snapshot: AccessSnapshot) -> AccessPolicy {
        var accounts: [ByteText: AccessPolicy.Account] = [:]
        for account in snapshot.accounts {
            accounts[account.account] = AccessPolicy.Account(
                isActive: account.active,
                scopes: Set(account.scopes.map(Scope.init(rawValue:)))
            )
        }
        var sources: [ByteText: Set<ByteText>] = [:]
        for source in snapshot.sources {
            sources[source.account, default: []].insert(source.sourceName)
        }
        return AccessPolicy(
            issuer: snapshot.issuer,
            accounts: accounts,
            revokedKeys: Set(snapshot.revokedKeys.map { ByteText($0) }),
            revokedTokens: Set(snapshot.revokedTokens.map { ByteText($0) }),
            sources: sources,
            staff: StaffDirectory(users: snapshot.staff, roles: snapshot.roles)
        )
    }
}
