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
                _ = try SigningKeys.insert(signsFrom: now, now: now, into: transaction)
                try Settings.advanceVersion(transaction, now: now)
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
        try insertAccount(service.rawValue, now: now, transaction)
        guard service == .batch else { return }
        try grant(.postingTasksWrite, to: service.rawValue, transaction)
    }

    private func insertAdministrator(
        _ key: APIKey,
        now: Int64,
        _ transaction: WriteTransaction
    ) throws {
        try insertAccount(Self.administrator, now: now, transaction)
        for scope in Scope.all where !Scope.money.contains(scope) {
            try grant(scope, to: Self.administrator, transaction)
        }
        try transaction.execute(
            """
            INSERT INTO api_key (key_id, account, digest, note, created_at)
            VALUES (?1, ?2, ?3, 'first start', ?4) ON CONFLICT DO NOTHING
            """,
            [.text(key.keyID), .text(Self.administrator), .blob(key.digest), .integer(now)]
        )
        _ = try AuditLog.append(
            [
                AuditEvent(
                    at: Timestamps.format(milliseconds: now),
                    origin: ServiceName.auth.rawValue,
                    originID: "first-start",
                    outcome: .allowed,
                    action: "first start",
                    subject: key.keyID,
                    change: #"{"after":{"account":"administrator"},"before":null}"#
                )
            ],
            to: transaction
        )
    }

    private func insertAccount(
        _ account: String,
        now: Int64,
        _ transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO account (account, active, created_at) VALUES (?1, 1, ?2)
            ON CONFLICT (account) DO NOTHING
            """,
            [.text(account), .integer(now)]
        )
    }

    private func grant(
        _ scope: Scope,
        to account: String,
        _ transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO account_scope (account, scope) VALUES (?1, ?2)
            ON CONFLICT (account, scope) DO NOTHING
            """,
            [.text(account), .text(scope.rawValue)]
        )
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
