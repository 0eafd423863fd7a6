internal import Crypto
internal import Identity
internal import Protocol
internal import Storage

extension Directory {
    /// Reads everything in one consistent view.
    static func load(_ transaction: ReadTransaction) throws -> Directory {
        Directory(
            version: try Settings.version(transaction),
            accounts: try loadAccounts(transaction),
            keys: try loadKeys(transaction),
            sources: try loadSources(transaction),
            revokedTokens: try loadRevokedTokens(transaction),
            signingKeys: try loadSigningKeys(transaction),
            roles: try StaffTables.roles(transaction),
            staff: try StaffTables.users(transaction)
        )
    }

    private static func loadAccounts(_ transaction: ReadTransaction) throws -> [ByteText: Account] {
        var accounts: [ByteText: Account] = [:]
        try transaction.rows("SELECT account, active FROM account") { rows in
            accounts[rows.string(0)] = Account(isActive: rows.int64(1) == 1, scopes: [])
        }
        var scopes: [ByteText: Set<ByteText>] = [:]
        try transaction.rows("SELECT account, scope FROM account_scope") { grants in
            scopes[grants.string(0), default: []].insert(grants.string(1))
        }
        for (account, held) in scopes {
            let listed = Scope.all.map(\.rawValue).filter { held.contains($0) }
            accounts[account]?.scopes =
                listed + held.subtracting(listed.map { ByteText($0) }).sorted().map(\.string)
        }
        return accounts
    }

    private static func loadKeys(_ transaction: ReadTransaction) throws -> [ByteText: Key] {
        var keys: [ByteText: Key] = [:]
        try transaction.rows(
            """
            SELECT key_id, account, digest, note, created_at, expires_at, revoked_at, last_used_at
            FROM api_key
            """
        ) { rows in
            keys[rows.string(0)] = Key(
                keyID: rows.string(0),
                account: rows.string(1),
                digest: Array(rows.blob(2)),
                note: rows.string(3),
                createdAt: rows.int64(4),
                expiresAt: rows.optionalInteger(5),
                revokedAt: rows.optionalInteger(6),
                lastUsedAt: rows.optionalInteger(7)
            )
        }
        return keys
    }

    private static func loadSources(
        _ transaction: ReadTransaction
    ) throws -> [AccessSnapshot.Source] {
        var sources: [AccessSnapshot.Source] = []
        try transaction.rows(
            "SELECT source_name, account, commit_policy FROM source ORDER BY source_name"
        ) { rows in
            guard let policy = CommitPolicy(rawValue: rows.string(2)) else {
                throw DirectoryFault.unknownCommitPolicy(rows.string(2))
            }
            sources.append(
                AccessSnapshot.Source(
                    sourceName: rows.string(0),
                    account: rows.string(1),
                    commitPolicy: policy
                )
            )
        }
        return sources
    }

    private static func loadRevokedTokens(
        _ transaction: ReadTransaction
    ) throws -> [ByteText: Int64] {
        var tokens: [ByteText: Int64] = [:]
        try transaction.rows("SELECT token_id, forget_at FROM revoked_token") { rows in
            tokens[rows.string(0)] = rows.int64(1)
        }
        return tokens
    }

    private static func loadSigningKeys(_ transaction: ReadTransaction) throws -> [SigningKey] {
        var keys: [SigningKey] = []
        try transaction.rows(
            """
            SELECT key_id, private_pem, signs_from, verifies_until
            FROM signing_key ORDER BY signs_from
            """
        ) { rows in
            keys.append(
                SigningKey(
                    keyID: rows.string(0),
                    privateKey: try P256PrivateKey(pem: rows.string(1)),
                    signsFrom: rows.int64(2),
                    verifiesUntil: rows.optionalInteger(3)
                )
            )
        }
        return keys
    }
}

/// What the store may not hold.
enum DirectoryFault: Error {
    case unknownCommitPolicy(String)
    case unknownRoleValue(role: String)
    case noSigningKey
}
