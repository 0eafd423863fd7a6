package import Identity

/// The reply of `auth.tokens.issue`.
package struct IssuedToken: Codable, Sendable {
    package var jwt: String
    package var acceptedScopes: [String]
    package var expiresIn: Int

    package init(jwt: String, acceptedScopes: [String], expiresIn: Int) {
        self.jwt = jwt
        self.acceptedScopes = acceptedScopes
        self.expiresIn = expiresIn
    }

    private enum CodingKeys: String, CodingKey {
        case jwt
        case acceptedScopes = "accepted_scopes"
        case expiresIn = "expires_in"
    }
}

/// The request of `auth.snapshot`.
package struct SnapshotRequest: Codable, Sendable {
    package var knownVersion: Int64?

    package init(knownVersion: Int64?) { self.knownVersion = knownVersion }

    private enum CodingKeys: String, CodingKey {
        case knownVersion = "known_version"
    }
}

/// The reply of `auth.snapshot`: without a snapshot, the known version is still the newest.
package struct SnapshotReply: Codable, Sendable {
    package var version: Int64
    package var snapshot: AccessSnapshot?

    package init(version: Int64, snapshot: AccessSnapshot?) {
        self.version = version
        self.snapshot = snapshot
    }
}

/// The request of `auth.audit.record`.
package struct AuditBatch: Codable, Sendable {
    package var events: [AuditEvent]

    package init(events: [AuditEvent]) { self.events = events }
}

/// The reply of `auth.me`.
package struct CallerDescription: Codable, Sendable {
    /// The staff user that signs in with the account.
    package struct Staff: Codable, Sendable, Hashable {
        package var userID: Int64
        package var username: String
        /// Empty where the user has none.
        package var role: String
        package var department: String
        package var isCashier: Bool

        package init(_ user: StaffUser) {
            userID = user.userID
            username = user.username
            role = user.role
            department = user.department
            isCashier = user.isCashier
        }

        private enum CodingKeys: String, CodingKey {
            case userID = "user_id"
            case username, role, department
            case isCashier = "cashier"
        }
    }

    package var account: String
    package var scopes: [String]
    package var sources: [String]
    /// Nil where no active staff user signs in with the account.
    package var staff: Staff?
    /// Nil without a role, and with one that leaves it open.
    package var releaseBatchStatus: ReleaseBatchStatus?
    /// Nil without a role.
    package var postingLevel: BatchPostingLevel?

    /// Describes a caller whose scopes are listed in the order of `scopes`.
    package init(_ principal: Principal, scopes: [String]) {
        account = principal.account
        self.scopes = scopes
        sources = principal.sources.sorted().map(\.string)
        staff = principal.staff.map(Staff.init)
        guard principal.role != .none else { return }
        releaseBatchStatus = principal.role.releaseBatchStatus
        postingLevel = principal.role.postingLevel
    }

    private enum CodingKeys: String, CodingKey {
        case account, scopes, sources, staff
        case releaseBatchStatus = "release_batch_status"
        case postingLevel = "batch_posting_level"
    }

    /// `staff` stands there in any case; what a role gives only where there is one.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(account, forKey: .account)
        try container.encode(scopes, forKey: .scopes)
        try container.encode(sources, forKey: .sources)
        try container.encode(staff, forKey: .staff)
        guard let postingLevel else { return }
        try container.encode(releaseBatchStatus, forKey: .releaseBatchStatus)
        try container.encode(postingLevel, forKey: .postingLevel)
    }
}

/// The reply of `auth.keys.create`: the only time that `key` is shown.
package struct CreatedKey: Codable, Sendable {
    package var keyID: String
    package var key: String

    package init(keyID: String, key: String) {
        self.keyID = keyID
        self.key = key
    }

    private enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
        case key
    }
}
