internal import Crypto
internal import Foundation
internal import Identity
internal import Protocol
internal import ServiceRuntime
internal import Storage

/// What a new store is filled with: a signing key, the accounts of the services and, where the
/// operator brings one along, the administrator's first key.
struct FirstStart: Sendable {
    static let administrator = "administrator"
    private static let done = "bootstrapped"
    private static let action = "first start"

    /// Path of a file with mode 0600 that holds the administrator's raw key; nil where none is
    /// wanted.
    ///
    /// It is read on the first start only.
    let bootstrapFile: String?

    /// Fills a new store; on a later start, only what is missing.
    func run(_ store: Store) async throws {
        let isDone = try await store.read { try Settings.value(Self.done, $0) != nil }
        let key = isDone ? nil : try bootstrapKey()
        let now = Timestamps.now()
        try await store.write { transaction in
            if try transaction.integer("SELECT 1 FROM signing_key") == nil {
                try insertSigningKey(now: now, transaction)
            }
            for service in [ServiceName.batch, .posting, .ach] {
                try insertService(service, now: now, transaction)
            }
            try NewScopes.grant(isNewStore: !isDone, now: now, transaction)
            guard !isDone else { return }
            if let key { try insertAdministrator(key, now: now, transaction) }
            try Settings.set(Self.done, Timestamps.format(milliseconds: now), transaction)
            try Settings.advanceVersion(transaction, now: now)
        }
    }

    private func insertService(
        _ service: ServiceName,
        now: Int64,
        _ transaction: WriteTransaction
    ) throws {
        let scopes: [Scope] = service == .batch ? [.postingTasksWrite] : []
        try insertAccount(service.rawValue, scopes, now: now, transaction)
    }

    private func insertSigningKey(now: Int64, _ transaction: WriteTransaction) throws {
        let keyID = try SigningKeys.insert(signsFrom: now, now: now, into: transaction)
        let after = RotatedKey(kid: keyID, signsFrom: Timestamps.format(milliseconds: now))
        try AuditLog.append(
            action: Self.action,
            subject: "signing key",
            AuditChange(before: nil, after: after),
            now: now,
            to: transaction
        )
        try Settings.advanceVersion(transaction, now: now)
    }

    private func insertAdministrator(
        _ key: APIKey,
        now: Int64,
        _ transaction: WriteTransaction
    ) throws {
        let scopes = Scope.all.filter { !Scope.money.contains($0) }
        try insertAccount(Self.administrator, scopes, now: now, transaction)
        let made = try transaction.execute(
            """
            INSERT INTO api_key (key_id, account, digest, note, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING
            """,
            [
                .text(key.keyID), .text(Self.administrator), .blob(key.digest),
                .text(Self.action), .integer(now),
            ]
        )
        guard made > 0 else { return }
        let after = Directory.Key(
            keyID: key.keyID,
            account: Self.administrator,
            digest: key.digest,
            note: Self.action,
            createdAt: now,
            expiresAt: nil,
            revokedAt: nil,
            lastUsedAt: nil
        )
        try AuditLog.append(
            action: Self.action,
            subject: key.keyID,
            AuditChange(before: nil, after: KeyDescription(after, lastUsedAt: nil)),
            now: now,
            to: transaction
        )
    }

    /// Makes an account where there is none, and grants it what it lacks.
    private func insertAccount(
        _ account: String,
        _ scopes: [Scope],
        now: Int64,
        _ transaction: WriteTransaction
    ) throws {
        let before = try AccountDescription.load(account, transaction)
        let granted = Set((before?.scopes ?? []) + scopes.map(\.rawValue))
        let after = AccountDescription(
            account: account,
            scopes: Scope.all.map(\.rawValue).filter(granted.contains),
            active: before?.active ?? true
        )
        guard after != before else { return }
        try after.store(createdAt: now, transaction)
        try AuditLog.append(
            action: Self.action,
            subject: account,
            AuditChange(before: before, after: after),
            now: now,
            to: transaction
        )
        try Settings.advanceVersion(transaction, now: now)
    }

    private func bootstrapKey() throws -> APIKey? {
        guard let path = bootstrapFile else { return nil }
        func refuse(_ remedy: String) -> ConfigurationError {
            ConfigurationError(problems: [
                .init(variable: Configuration.bootstrapKeyVariable, value: path, remedy: remedy)
            ])
        }
        if let problem = SecretFile.problem(path) { throw refuse(problem) }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw refuse("it cannot be read as text")
        }
        let raw = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let key = APIKey(presented: raw) else {
            throw refuse(
                "it must hold one key of \(APIKey.minimumForeignBytes) to \(APIKey.maximumBytes) "
                    + "visible ASCII characters"
            )
        }
        return key
    }
}
