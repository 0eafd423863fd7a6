/// Who a call acts for, once its token has been judged: the service account, the key and the token
/// that prove it, and what that account may do at this moment.
package struct Principal: Hashable, Sendable {
    /// The service account's name, for example `system-xyz`.
    package let account: String
    /// The API key that the token was made from.
    package let keyID: String
    /// The token's own id (`jti`), for audit and revocation.
    package let tokenID: String
    /// The token's scopes that the account still holds.
    package let scopes: Set<Scope>
    /// The source systems that the account is approved for, by `source_name` (contract S1-8).
    package let sources: Set<ByteText>
    /// The staff user that signs in with this account; nil where there is none, or it is inactive.
    package let staff: StaffUser?
    /// What the user's role lets it do; `StaffRole.none` where there is none.
    package let role: StaffRole

    package init(
        account: String,
        keyID: String,
        tokenID: String,
        scopes: Set<Scope>,
        sources: Set<ByteText>,
        staff: StaffUser? = nil,
        role: StaffRole = .none
    ) {
        self.account = account
        self.keyID = keyID
        self.tokenID = tokenID
        self.scopes = scopes
        self.sources = sources
        self.staff = staff
        self.role = role
    }

    /// Whether this caller is an auditor, who sees every set and task and changes nothing.
    package var isAuditor: Bool { scopes.contains(.auditRead) }
}
