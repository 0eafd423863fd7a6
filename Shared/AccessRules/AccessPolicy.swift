package import Identity

/// Who may do what at this moment: the accounts, their grants and what has been revoked.
///
/// A pure value that a snapshot of auth-service is turned into; it judges claims whose signature is
/// known to be good.
package struct AccessPolicy: Sendable {
    package struct Account: Sendable, Hashable {
        package var isActive: Bool
        package var scopes: Set<Scope>

        package init(isActive: Bool, scopes: Set<Scope>) {
            self.isActive = isActive
            self.scopes = scopes
        }
    }

    /// Tokens that services hold for themselves name this instead of an API key, with the
    /// service's name after it.
    package static let serviceKeyPrefix = "service:"

    package var issuer: String
    package var accounts: [ByteText: Account]
    package var revokedKeys: Set<ByteText>
    package var revokedTokens: Set<ByteText>
    /// Account → approved source systems.
    package var sources: [ByteText: Set<ByteText>]
    package var staff: StaffDirectory

    package init(
        issuer: String,
        accounts: [ByteText: Account],
        revokedKeys: Set<ByteText> = [],
        revokedTokens: Set<ByteText> = [],
        sources: [ByteText: Set<ByteText>] = [:],
        staff: StaffDirectory = StaffDirectory()
    ) {
        self.issuer = issuer
        self.accounts = accounts
        self.revokedKeys = revokedKeys
        self.revokedTokens = revokedTokens
        self.sources = sources
        self.staff = staff
    }

    /// The caller that `claims` stand for, with the scopes that the token holds *and* the account
    /// still has.
    package func principal(
        for claims: TokenClaims,
        now: Int64
    ) throws(TokenFault) -> Principal {
        try claims.judge(issuer: issuer, now: now)
        guard !revokedTokens.contains(claims.tokenID) else { throw .revokedToken }
        guard !revokedKeys.contains(claims.keyID) else { throw .revokedKey }
        guard let account = accounts[claims.account] else { throw .unknownAccount }
        guard account.isActive else { throw .inactiveAccount }
        let member = staff.member(account: claims.account)
        return Principal(
            account: claims.account,
            keyID: claims.keyID,
            tokenID: claims.tokenID,
            scopes: account.scopes.intersection(claims.scopes),
            sources: sources[claims.account] ?? [],
            staff: member?.user,
            role: member?.role ?? .none
        )
    }

    /// Whether `peer` may use a token of `principal`: a service's own token only over that
    /// service's certificate, a key's token over any.
    package static func admits(_ principal: Principal, over peer: PeerIdentity) -> Bool {
        guard principal.keyID.hasPrefix(serviceKeyPrefix) else { return true }
        return peer.kind == .service
            && principal.keyID.utf8.dropFirst(serviceKeyPrefix.utf8.count)
                .elementsEqual(peer.name.utf8)
    }
}
