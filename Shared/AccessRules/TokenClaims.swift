package import Identity

/// What an access token states (RFC 9068 section 2.2), once its signature has been verified.
package struct TokenClaims: Sendable, Hashable {
    /// Who issues tokens, and for whom.
    package static let audience = "bursar"
    /// Longest life of a token in seconds (design 1.3: one hour).
    package static let maximumLifeSeconds: Int64 = 3_600
    /// How far a token's beginning may lie in the future, for clocks that differ (fault A-03).
    package static let skewSeconds: Int64 = 60
    /// 31 December 9999: times beyond it are no times.
    private static let latestTime: Int64 = 253_402_300_799

    package var issuer: String
    /// `sub`: the service account.
    package var account: String
    /// `client_id`: the API key that the token was made from.
    package var keyID: String
    /// `jti`.
    package var tokenID: String
    /// `iat`, `nbf` and `exp`, in seconds since 1970.
    package var issuedAt: Int64
    package var notBefore: Int64
    package var expiresAt: Int64
    package var scopes: [Scope]

    package init(
        issuer: String,
        account: String,
        keyID: String,
        tokenID: String,
        issuedAt: Int64,
        notBefore: Int64,
        expiresAt: Int64,
        scopes: [Scope]
    ) {
        self.issuer = issuer
        self.account = account
        self.keyID = keyID
        self.tokenID = tokenID
        self.issuedAt = issuedAt
        self.notBefore = notBefore
        self.expiresAt = expiresAt
        self.scopes = scopes
    }

    /// Reads the claims: every one must stand there, with its exact type.
    package init(_ bytes: some Collection<UInt8>) throws(TokenFault) {
        guard let document = TokenDocument(bytes) else { throw .malformedClaims }
        guard let issuer = document.string("iss") else { throw .wrongIssuer }
        guard document.string("aud") == Self.audience else { throw .wrongAudience }
        guard let account = document.string("sub"), !account.isEmpty,
            let keyID = document.string("client_id"), !keyID.isEmpty,
            let tokenID = document.string("jti"), !tokenID.isEmpty,
            let issuedAt = Self.time("iat", in: document),
            let notBefore = Self.time("nbf", in: document),
            let expiresAt = Self.time("exp", in: document),
            let scope = document.string("scope"), let scopes = Self.scopes(of: scope)
        else { throw .malformedClaims }
        self.init(
            issuer: issuer,
            account: account,
            keyID: keyID,
            tokenID: tokenID,
            issuedAt: issuedAt,
            notBefore: notBefore,
            expiresAt: expiresAt,
            scopes: scopes
        )
    }

    /// Judges issuer and times at `now`, in seconds since 1970.
    ///
    /// The end is exact: a token that lives to the end of its API key must not outlive it by the
    /// clock's tolerance. A beginning in the future is tolerated for `skewSeconds`.
    package func judge(issuer expected: String, now: Int64) throws(TokenFault) {
        guard issuer == expected else { throw .wrongIssuer }
        guard expiresAt > issuedAt, expiresAt - issuedAt <= Self.maximumLifeSeconds else {
            throw .livesTooLong
        }
        guard notBefore <= now + Self.skewSeconds, issuedAt <= now + Self.skewSeconds else {
            throw .notYetValid
        }
        guard now < expiresAt else { throw .expired }
    }

    private static func time(_ name: String, in document: TokenDocument) -> Int64? {
        guard let value = document.integer(name), (0...latestTime).contains(value) else {
            return nil
        }
        return value
    }

    /// The scopes of RFC 6749 section 3.3: words of visible ASCII with single spaces between them.
    private static func scopes(of text: String) -> [Scope]? {
        guard !text.isEmpty else { return [] }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isScopeByte) }) else {
            return nil
        }
        return words.map { Scope(rawValue: String($0)) }
    }

    private static func isScopeByte(_ byte: UInt8) -> Bool {
        byte == 0x21 || (0x23...0x5B).contains(byte) || (0x5D...0x7E).contains(byte)
    }
}
