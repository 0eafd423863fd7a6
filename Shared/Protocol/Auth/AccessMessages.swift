// What auth-service is asked and answers about tokens, keys, accounts and sources.

/// The request of `auth.tokens.issue`.
package struct IssueTokenRequest: Decodable, Sendable {
    package let apiKey: String
    package let scopes: [String]

    private enum CodingKeys: String, CodingKey {
        case apiKey = "api_key"
        case scopes
    }
}

/// The request of `auth.tokens.introspect`.
package struct TokenRequest: Decodable, Sendable {
    package let token: String
}

/// The reply of introspection (RFC 7662): nothing but `active` where the token is not live.
package struct Introspection: Encodable, Sendable {
    package var active: Bool
    package var scope: String?
    package var clientID: String?
    package var sub: String?
    package var exp: Int64?
    package var iat: Int64?
    package var jti: String?

    package init(
        active: Bool,
        scope: String? = nil,
        clientID: String? = nil,
        sub: String? = nil,
        exp: Int64? = nil,
        iat: Int64? = nil,
        jti: String? = nil
    ) {
        self.active = active
        self.scope = scope
        self.clientID = clientID
        self.sub = sub
        self.exp = exp
        self.iat = iat
        self.jti = jti
    }

    private enum CodingKeys: String, CodingKey {
        case active, scope
        case clientID = "client_id"
        case sub, exp, iat, jti
    }
}

/// The request of `auth.keys.list`; of every account without one.
package struct ListKeysRequest: Decodable, Sendable {
    package let account: String?
}

/// An API key as it is listed and audited: never its secret, nor the secret's digest.
package struct KeyDescription: Encodable, Sendable {
    package let keyID: String
    package let account: String
    package let note: String
    package let createdAt: String
    package let expiresAt: String?
    package let revokedAt: String?
    package let lastUsedAt: String?

    package init(
        keyID: String,
        account: String,
        note: String,
        createdAt: String,
        expiresAt: String?,
        revokedAt: String?,
        lastUsedAt: String?
    ) {
        self.keyID = keyID
        self.account = account
        self.note = note
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
    }

    private enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
        case account, note
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
        case lastUsedAt = "last_used_at"
    }

    /// Every key stands there, so that a reader need not tell absent from unknown.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(keyID, forKey: .keyID)
        try container.encode(account, forKey: .account)
        try container.encode(note, forKey: .note)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(expiresAt, forKey: .expiresAt)
        try container.encode(revokedAt, forKey: .revokedAt)
        try container.encode(lastUsedAt, forKey: .lastUsedAt)
    }
}

/// The request of `auth.keys.create`; `expiresAt` is RFC 3339.
package struct CreateKeyRequest: Encodable, Sendable, ClosedRequest {
    package let account: String
    package let note: String
    package let expiresAt: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case account, note
        case expiresAt = "expires_at"
    }

    package static var memberNames: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
}

/// The request of `auth.keys.revoke`.
package struct KeyIDRequest: Decodable, Sendable {
    package let keyID: String

    private enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
    }
}

/// The reply of `auth.keys.revoke`.
package struct RevokedKey: Encodable, Sendable {
    package let keyID: String
    package let revokedAt: String

    package init(keyID: String, revokedAt: String) {
        self.keyID = keyID
        self.revokedAt = revokedAt
    }

    private enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
        case revokedAt = "revoked_at"
    }
}

/// The request of `auth.tokens.revoke`.
package struct TokenIDRequest: Decodable, Sendable {
    package let jti: String
}

/// The reply of `auth.tokens.revoke`.
package struct RevokedToken: Encodable, Sendable {
    package let jti: String
    package let revokedAt: String

    package init(jti: String, revokedAt: String) {
        self.jti = jti
        self.revokedAt = revokedAt
    }

    private enum CodingKeys: String, CodingKey {
        case jti
        case revokedAt = "revoked_at"
    }
}

/// The request of `auth.accounts.put`; active where it does not say.
package struct PutAccountRequest: Decodable, Sendable, ClosedRequest {
    package let account: String
    package let scopes: [String]
    package let active: Bool?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case account, scopes, active
    }

    package static var memberNames: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
}

/// A service account with its grants, as it is listed, put and audited.
package struct AccountDescription: Encodable, Sendable, Equatable {
    package let account: String
    package let scopes: [String]
    package let active: Bool

    package init(account: String, scopes: [String], active: Bool) {
        self.account = account
        self.scopes = scopes
        self.active = active
    }
}

/// The request of `auth.sources.put`.
package struct PutSourceRequest: Decodable, Sendable, ClosedRequest {
    package let sourceName: String
    package let account: String
    package let commitPolicy: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case sourceName = "source_name"
        case account
        case commitPolicy = "commit_policy"
    }

    package static var memberNames: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
}

/// The reply of `auth.signing_keys.rotate`; `signsFrom` is RFC 3339.
package struct RotatedKey: Encodable, Sendable {
    package let kid: String
    package let signsFrom: String

    package init(kid: String, signsFrom: String) {
        self.kid = kid
        self.signsFrom = signsFrom
    }

    private enum CodingKeys: String, CodingKey {
        case kid
        case signsFrom = "signs_from"
    }
}

/// The reply of `auth.jwks` (RFC 7517).
package struct KeySet: Encodable, Sendable {
    package let keys: [AccessSnapshot.VerificationKey]

    package init(keys: [AccessSnapshot.VerificationKey]) {
        self.keys = keys
    }
}

/// The reply of `auth.audit.record`.
package struct RecordedEvents: Encodable, Sendable {
    package let recorded: Int

    package init(recorded: Int) {
        self.recorded = recorded
    }
}
