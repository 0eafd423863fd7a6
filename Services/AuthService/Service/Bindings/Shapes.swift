internal import Protocol
internal import ServiceRuntime

// The requests and replies of auth-service that no other service reads.

struct IssueTokenRequest: Decodable, Sendable {
    let apiKey: String
    let scopes: [String]

    private enum CodingKeys: String, CodingKey {
        case apiKey = "api_key"
        case scopes
    }
}

struct TokenRequest: Decodable, Sendable {
    let token: String
}

/// The reply of introspection (RFC 7662): nothing but `active` where the token is not live.
struct Introspection: Encodable, Sendable {
    var active: Bool
    var scope: String?
    var clientID: String?
    var sub: String?
    var exp: Int64?
    var iat: Int64?
    var jti: String?

    private enum CodingKeys: String, CodingKey {
        case active, scope
        case clientID = "client_id"
        case sub, exp, iat, jti
    }
}

struct ListKeysRequest: Decodable, Sendable {
    let account: String?
}

/// An API key as it is listed and audited: never its secret, nor the secret's digest.
struct KeyDescription: Encodable, Sendable {
    let keyID: String
    let account: String
    let note: String
    let createdAt: String
    let expiresAt: String?
    let revokedAt: String?
    let lastUsedAt: String?

    init(_ key: Directory.Key, lastUsedAt: Int64?) {
        keyID = key.keyID
        account = key.account
        note = key.note
        createdAt = Timestamps.format(milliseconds: key.createdAt)
        expiresAt = key.expiresAt.map { Timestamps.format(milliseconds: $0) }
        revokedAt = key.revokedAt.map { Timestamps.format(milliseconds: $0) }
        self.lastUsedAt = lastUsedAt.map { Timestamps.format(milliseconds: $0) }
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
    func encode(to encoder: any Encoder) throws {
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

struct CreateKeyRequest: Codable, Sendable, ClosedRequest {
    let account: String
    let note: String
    let expiresAt: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case account, note
        case expiresAt = "expires_at"
    }

    static var memberNames: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
}

struct KeyIDRequest: Decodable, Sendable {
    let keyID: String

    private enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
    }
}

struct RevokedKey: Encodable, Sendable {
    let keyID: String
    let revokedAt: String

    private enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
        case revokedAt = "revoked_at"
    }
}

struct TokenIDRequest: Decodable, Sendable {
    let jti: String
}

struct RevokedToken: Encodable, Sendable {
    let jti: String
    let revokedAt: String

    private enum CodingKeys: String, CodingKey {
        case jti
        case revokedAt = "revoked_at"
    }
}

struct PutAccountRequest: Decodable, Sendable, ClosedRequest {
    let account: String
    let scopes: [String]
    let active: Bool?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case account, scopes, active
    }

    static var memberNames: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
}

struct AccountDescription: Encodable, Sendable, Equatable {
    let account: String
    let scopes: [String]
    let active: Bool
}

struct PutSourceRequest: Decodable, Sendable, ClosedRequest {
    let sourceName: String
    let account: String
    let commitPolicy: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case sourceName = "source_name"
        case account
        case commitPolicy = "commit_policy"
    }

    static var memberNames: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }
}

struct RotatedKey: Encodable, Sendable {
    let kid: String
    let signsFrom: String

    private enum CodingKeys: String, CodingKey {
        case kid
        case signsFrom = "signs_from"
    }
}

struct KeySet: Encodable, Sendable {
    let keys: [AccessSnapshot.VerificationKey]
}

struct RecordedEvents: Encodable, Sendable {
    let recorded: Int
}

/// What an audit event says of a change: the state before and after, null where there was none.
struct Change<Value: Encodable>: Encodable {
    let before: Value?
    let after: Value?

    private enum CodingKeys: String, CodingKey {
        case before, after
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(before, forKey: .before)
        try container.encode(after, forKey: .after)
    }

    func text() throws -> String {
        String(decoding: try StrictJSON.encode(self), as: UTF8.self)
    }
}
