internal import Identity
internal import Protocol
internal import AccessRules
internal import ServiceRuntime
internal import Storage
internal import Transport

extension AuthBindings {
    var accountBindings: [AuthorizedBinding] {
        [
            AuthorizedBinding(AuthMethods.putAccount, putAccount),
            AuthorizedBinding(AuthMethods.listAccounts, listAccounts),
            AuthorizedBinding(AuthMethods.putSource, putSource),
            AuthorizedBinding(AuthMethods.listSources) { _ in
                try .json(state.directory.sources)
            },
        ]
    }

    private func listAccounts(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let accounts = state.directory.accounts.sorted { $0.key < $1.key }
        return try .json(accounts.map { AccountDescription(account: $0.key.string, $0.value) })
    }

    private func putAccount(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(PutAccountRequest.self)
        var faults = [Names.accountFault(request.account)].compactMap { $0 }
        for (index, scope) in request.scopes.enumerated() {
            guard let problem = Grants.problem(with: scope) else { continue }
            faults.append(
                .init(field: "/scopes/\(index)", code: "unknown_value", message: problem)
            )
        }
        guard faults.isEmpty else { throw RPCError.invalid(faults) }
        let asked = Set(request.scopes)
        let scopes = Scope.all.map(\.rawValue).filter(asked.contains)
        let now = Timestamps.now()
        let after = try await change(call, subject: request.account) { transaction in
            let before = try AccountDescription.load(request.account, transaction)
            let after = AccountDescription(
                account: request.account,
                scopes: scopes,
                active: request.active ?? before?.active ?? true
            )
            if before == after { return (after, changed: nil) }
            try after.store(createdAt: now, transaction)
            return (after, changed: try AuditChange(before: before, after: after).text())
        }
        return try .json(after)
    }

    private func putSource(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(PutSourceRequest.self)
        var faults = [
            Names.sourceFault(request.sourceName), Names.accountFault(request.account),
        ].compactMap { $0 }
        let policy: CommitPolicy?
        if let text = request.commitPolicy {
            policy = CommitPolicy(rawValue: text)
            if policy == nil {
                faults.append(
                    .init(
                        field: "/commit_policy",
                        code: "unknown_value",
                        message: "Give per_transaction or all_or_nothing."
                    )
                )
            }
        } else {
            policy = nil
        }
        if faults.isEmpty, state.directory.accounts[request.account] == nil {
            faults.append(Names.unknownAccount)
        }
        guard faults.isEmpty else { throw RPCError.invalid(faults) }
        let (after, isNewPolicy) = try await change(call, subject: request.sourceName) {
            transaction in
            let before = try AccessSnapshot.Source.load(request.sourceName, transaction)
            let after = AccessSnapshot.Source(
                sourceName: request.sourceName,
                account: request.account,
                commitPolicy: policy ?? before?.commitPolicy ?? .perTransaction
            )
            if before == after { return ((after, false), changed: nil) }
            try after.store(transaction)
            let isNewPolicy = before.map { $0.commitPolicy != after.commitPolicy } ?? false
            let change = try AuditChange(before: before, after: after).text()
            return ((after, isNewPolicy), changed: change)
        }
        // A set that comes after the answer is judged by the policy that the answer names.
        if isNewPolicy { try await waitUntilKnownEverywhere() }
        return try .json(after)
    }
}

extension AccountDescription {
    init(account: String, _ held: Directory.Account) {
        self.init(account: account, scopes: held.scopes, active: held.isActive)
    }

    static func load(
        _ account: String,
        _ transaction: ReadTransaction
    ) throws -> AccountDescription? {
        let active = try transaction.integer(
            "SELECT active FROM account WHERE account = ?1",
            [.text(account)]
        )
        guard let active else { return nil }
        var held: Set<ByteText> = []
        try transaction.rows(
            "SELECT scope FROM account_scope WHERE account = ?1",
            [.text(account)]
        ) { held.insert($0.string(0)) }
        return AccountDescription(
            account: account,
            scopes: Scope.all.map(\.rawValue).filter { held.contains($0) },
            active: active == 1
        )
    }

    func store(createdAt now: Int64, _ transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO account (account, active, created_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (account) DO UPDATE SET active = excluded.active
            """,
            [.text(account), .integer(active ? 1 : 0), .integer(now)]
        )
        try transaction.execute("DELETE FROM account_scope WHERE account = ?1", [.text(account)])
        for scope in scopes {
            try transaction.execute(
                "INSERT INTO account_scope (account, scope) VALUES (?1, ?2)",
                [.text(account), .text(scope)]
            )
        }
    }
}

extension AccessSnapshot.Source {
    fileprivate static func load(
        _ name: String,
        _ transaction: ReadTransaction
    ) throws -> AccessSnapshot.Source? {
        try transaction.first(
            "SELECT account, commit_policy FROM source WHERE source_name = ?1",
            [.text(name)]
        ) { row in
            AccessSnapshot.Source(
                sourceName: name,
                account: row.string(0),
                commitPolicy: CommitPolicy(rawValue: row.string(1)) ?? .perTransaction
            )
        }
    }

    fileprivate func store(_ transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO source (source_name, account, commit_policy) VALUES (?1, ?2, ?3)
            ON CONFLICT (source_name) DO UPDATE
            SET account = excluded.account, commit_policy = excluded.commit_policy
            """,
            [.text(sourceName), .text(account), .text(commitPolicy.rawValue)]
        )
    }
}
