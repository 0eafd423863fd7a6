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
    package var account: String
    package var scopes: [String]
    package var sources: [String]

    package init(account: String, scopes: [String], sources: [String]) {
        self.account = account
        self.scopes = scopes
        self.sources = sources
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
