internal import Crypto
internal import Identity
internal import Protocol
internal import ServiceRuntime
internal import Storage
internal import Transport

extension AuthBindings {
    var keyBindings: [AuthorizedBinding] {
        [
            AuthorizedBinding(AuthMethods.listKeys, listKeys),
            AuthorizedBinding(AuthMethods.createKey, createKey),
            AuthorizedBinding(AuthMethods.revokeKey, revokeKey),
        ]
    }

    private func listKeys(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let account = try await call.call.decode(ListKeysRequest.self).account
        let keys = state.directory.keys.values
            .filter { key in account.map { ByteText($0) == ByteText(key.account) } ?? true }
            .sorted { ($0.createdAt, $0.keyID) > ($1.createdAt, $1.keyID) }
        return try .json(
            keys.map { key in
                KeyDescription(key, lastUsedAt: keyUse.lastUse(of: key.keyID) ?? key.lastUsedAt)
            }
        )
    }

    private func createKey(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(CreateKeyRequest.self)
        let now = Timestamps.now()
        let expiresAt = try checked(request, now: now)
        let made = APIKey.make()
        let key = Directory.Key(
            keyID: made.key.keyID,
            account: request.account,
            digest: made.key.digest,
            note: request.note,
            createdAt: now,
            expiresAt: expiresAt,
            revokedAt: nil,
            lastUsedAt: nil
        )
        let repeated = RepeatableRequest(
            account: try call.requirePrincipal().account,
            key: call.call.metadata.idempotencyKey,
            digest: SHA256.digest(Array(try StrictJSON.encode(request)))
        )
        let keyID = try await change(call, subject: made.key.keyID) { transaction in
            if let held = try repeated.keyID(transaction) { return (held, changed: nil) }
            try Self.insert(key, repeated, into: transaction)
            let after = KeyDescription(key, lastUsedAt: nil)
            return (key.keyID, changed: try AuditChange(before: nil, after: after).text())
        }
        if ByteText(keyID) == ByteText(made.key.keyID) {
            recentKeys.keep(made.text, of: keyID, now: now)
            return try .json(CreatedKey(keyID: keyID, key: made.text))
        }
        guard let text = recentKeys.text(of: keyID, now: now) else {
            throw RPCError(
                .aborted,
                reason: "key_shown_already",
                message: "This request made key \(keyID), which cannot be shown again: revoke it "
                    + "and create another."
            )
        }
        return try .json(
            CreatedKey(keyID: keyID, key: text),
            metadata: ["replayed": .boolean(true)]
        )
    }

    /// When the key shall end; every fault of the request at once.
    private func checked(
        _ request: CreateKeyRequest,
        now: Int64
    ) throws(RPCError) -> Int64? {
        var faults = [Names.accountFault(request.account), Names.noteFault(request.note)]
        if faults[0] == nil, state.directory.accounts[request.account] == nil {
            faults.append(Names.unknownAccount)
        }
        var expiresAt: Int64?
        if let text = request.expiresAt {
            expiresAt = Timestamps.parse(text)
            if expiresAt.map({ $0 <= now }) ?? true {
                faults.append(
                    .init(
                        field: "/expires_at",
                        code: expiresAt == nil ? "malformed" : "in_the_past",
                        message: "Give a date-time to come, as RFC 3339 has it."
                    )
                )
            }
        }
        let found = faults.compactMap { $0 }
        guard found.isEmpty else { throw .invalid(found) }
        return expiresAt
    }

    private static func insert(
        _ key: Directory.Key,
        _ request: RepeatableRequest,
        into transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO api_key (key_id, account, digest, note, created_at, expires_at,
                request_account, request_key, request_digest)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            [
                .text(key.keyID), .text(key.account), .blob(key.digest), .text(key.note),
                .integer(key.createdAt), key.expiresAt.map(SQLValue.integer) ?? nil,
                .text(request.account), request.key.map(SQLValue.text) ?? nil,
                .blob(request.digest),
            ]
        )
    }

    private func revokeKey(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let keyID = try await call.call.decode(KeyIDRequest.self).keyID
        guard let key = state.directory.keys[keyID] else { throw RPCError.notFound }
        let now = Timestamps.now()
        let revokedAt = try await change(call, subject: keyID) { transaction in
            let held = try transaction.integer(
                "SELECT revoked_at FROM api_key WHERE key_id = ?1",
                [.text(keyID)]
            )
            if let held { return (held, changed: nil) }
            try transaction.execute(
                "UPDATE api_key SET revoked_at = ?2 WHERE key_id = ?1",
                [.text(keyID), .integer(now)]
            )
            let revoked = Directory.Key(
                keyID: key.keyID,
                account: key.account,
                digest: key.digest,
                note: key.note,
                createdAt: key.createdAt,
                expiresAt: key.expiresAt,
                revokedAt: now,
                lastUsedAt: key.lastUsedAt
            )
            let change = AuditChange(
                before: KeyDescription(key, lastUsedAt: key.lastUsedAt),
                after: KeyDescription(revoked, lastUsedAt: key.lastUsedAt)
            )
            return (now, changed: try change.text())
        }
        return try .json(
            RevokedKey(keyID: keyID, revokedAt: Timestamps.format(milliseconds: revokedAt))
        )
    }
}

/// A creation that may be asked for twice under one idempotency key.
struct RepeatableRequest: Sendable {
    let account: String
    let key: String?
    /// SHA-256 of what was asked for.
    let digest: [UInt8]

    /// The API key that the same request made before; another request under the same idempotency key
    /// is refused.
    func keyID(_ transaction: ReadTransaction) throws -> String? {
        guard let key else { return nil }
        let held = try transaction.first(
            """
            SELECT key_id, request_digest FROM api_key
            WHERE request_account = ?1 AND request_key = ?2
            """,
            [.text(account), .text(key)]
        ) { ($0.string(0), Array($0.blob(1))) }
        guard let held else { return nil }
        try IdempotencyKey.requireSame(held.1, digest)
        return held.0
    }
}
