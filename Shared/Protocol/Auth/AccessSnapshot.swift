package import Identity

/// What every service holds to judge tokens alone; one older than five seconds refuses everything.
package struct AccessSnapshot: Codable, Sendable {
    /// A public key of the JWKS (RFC 7517), P-256.
    package struct VerificationKey: Codable, Sendable, Hashable {
        package var kty: String
        package var crv: String
        package var alg: String
        package var use: String
        package var kid: String
        /// base64url of the 32-byte coordinates.
        package var x: String
        package var y: String

        package init(kid: String, x: String, y: String) {
            kty = "EC"
            crv = "P-256"
            alg = "ES256"
            use = "sig"
            self.kid = kid
            self.x = x
            self.y = y
        }
    }

    package struct Account: Codable, Sendable, Hashable {
        package var account: String
        package var active: Bool
        package var scopes: [String]

        package init(account: String, active: Bool, scopes: [String]) {
            self.account = account
            self.active = active
            self.scopes = scopes
        }
    }

    package struct Source: Codable, Sendable, Hashable {
        package var sourceName: String
        package var account: String
        package var commitPolicy: CommitPolicy

        package init(sourceName: String, account: String, commitPolicy: CommitPolicy) {
            self.sourceName = sourceName
            self.account = account
            self.commitPolicy = commitPolicy
        }

        private enum CodingKeys: String, CodingKey {
            case sourceName = "source_name"
            case account
            case commitPolicy = "commit_policy"
        }
    }

    /// Rises with every change of keys, grants, revocations or sources.
    package var version: Int64
    package var issuer: String
    package var keys: [VerificationKey]
    package var accounts: [Account]
    /// API keys revoked or expired while a token of theirs may still be alive.
    package var revokedKeys: [String]
    /// Tokens (`jti`) revoked one by one that have not expired yet.
    package var revokedTokens: [String]
    package var sources: [Source]
    package var roles: [StaffRole]
    /// Active and inactive ones.
    package var staff: [StaffUser]

    package init(
        version: Int64,
        issuer: String,
        keys: [VerificationKey],
        accounts: [Account],
        revokedKeys: [String],
        revokedTokens: [String],
        sources: [Source],
        roles: [StaffRole] = [],
        staff: [StaffUser] = []
    ) {
        self.version = version
        self.issuer = issuer
        self.keys = keys
        self.accounts = accounts
        self.revokedKeys = revokedKeys
        self.revokedTokens = revokedTokens
        self.sources = sources
        self.roles = roles
        self.staff = staff
    }

    private enum CodingKeys: String, CodingKey {
        case version, issuer, keys, accounts
        case revokedKeys = "revoked_keys"
        case revokedTokens = "revoked_tokens"
        case sources, roles, staff
    }

    /// A snapshot of a version that knew no staff has none.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        version = try values.decode(Int64.self, forKey: .version)
        issuer = try values.decode(String.self, forKey: .issuer)
        keys = try values.decode([VerificationKey].self, forKey: .keys)
        accounts = try values.decode([Account].self, forKey: .accounts)
        revokedKeys = try values.decode([String].self, forKey: .revokedKeys)
        revokedTokens = try values.decode([String].self, forKey: .revokedTokens)
        sources = try values.decode([Source].self, forKey: .sources)
        roles = try values.decodeIfPresent([StaffRole].self, forKey: .roles) ?? []
        staff = try values.decodeIfPresent([StaffUser].self, forKey: .staff) ?? []
    }
}

/// What happens to the good transactions of a COMMIT set that has bad ones (contract D1).
package enum CommitPolicy: String, Codable, Sendable {
    /// The good ones are loaded, the bad ones are reported.
    case perTransaction = "per_transaction"
    /// One failure and nothing is loaded.
    case allOrNothing = "all_or_nothing"
}
