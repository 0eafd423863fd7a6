internal import BatchRules
internal import Storage

/// The PEA workflow as it is saved: whether it is in use, what happens without a rule, and its rules.
struct WorkflowSetting: Sendable, Equatable {
    var isEnabled: Bool
    /// A batch that no rule applies to is approved by itself; otherwise it waits.
    var approvesUnmatched: Bool
    var rules: WorkflowRules

    private static let enabledName = "workflow_enabled"
    private static let unmatchedName = "workflow_unmatched"

    static func load(in transaction: ReadTransaction) throws -> WorkflowSetting {
        var rules: [WorkflowRule] = []
        try transaction.rows(
            """
            SELECT step, min_amount, max_amount, catch_all, any_of_group, approvers
            FROM workflow_rule ORDER BY id
            """
        ) { row in
            rules.append(
                WorkflowRule(
                    step: row.int64(0),
                    minimum: row.optionalInteger(1),
                    maximum: row.optionalInteger(2),
                    isCatchAll: row.int64(3) != 0,
                    anyOfGroup: row.int64(4) != 0,
                    approvers: row.string(5).split(separator: "\n").compactMap {
                        WorkflowRule.Approver(String($0))
                    }
                )
            )
        }
        return WorkflowSetting(
            isEnabled: try isEnabled(in: transaction),
            approvesUnmatched: try SettingRows.text(unmatchedName, in: transaction) != "wait",
            rules: WorkflowRules(rules)
        )
    }

    static func isEnabled(in transaction: ReadTransaction) throws -> Bool {
        try SettingRows.text(enabledName, in: transaction) == "true"
    }

    /// Replaces what is saved.
    func save(in transaction: WriteTransaction) throws {
        try SettingRows.set(Self.enabledName, to: isEnabled ? "true" : "false", in: transaction)
        try SettingRows.set(
            Self.unmatchedName,
            to: approvesUnmatched ? "approve" : "wait",
            in: transaction
        )
        try transaction.execute("DELETE FROM workflow_rule")
        for rule in rules.rules {
            try transaction.execute(
                """
                INSERT INTO workflow_rule(step, min_amount, max_amount, catch_all, any_of_group,
                    approvers)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6)
                """,
                [
                    .integer(rule.step),
                    rule.minimum.map(SQLValue.integer) ?? .null,
                    rule.maximum.map(SQLValue.integer) ?? .null,
                    .integer(rule.isCatchAll ? 1 : 0),
                    .integer(rule.anyOfGroup ? 1 : 0),
                    .text(rule.approvers.map(\.text).joined(separator: "\n")),
                ]
            )
        }
    }
}

/// Settings of payments by their names.
enum SettingRows {
    static func text(_ name: String, in transaction: ReadTransaction) throws -> String? {
        try transaction.first(
            "SELECT value FROM payment_setting WHERE name = ?1",
            [.text(name)]
        ) { $0.string(0) }
    }

    static func set(_ name: String, to value: String, in transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO payment_setting(name, value) VALUES(?1, ?2)
            ON CONFLICT(name) DO UPDATE SET value = excluded.value
            """,
            [.text(name), .text(value)]
        )
    }
}

/// The approvals of a batch.
enum ApprovalRows {
    static func load(
        _ batchID: Int64,
        in transaction: ReadTransaction
    ) throws -> [WorkflowApproval] {
        var approvals: [WorkflowApproval] = []
        try transaction.rows(
            """
            SELECT step, entry, approver, content_hash FROM workflow_approval
            WHERE batch_id = ?1 ORDER BY step, entry
            """,
            [.integer(batchID)]
        ) { row in
            guard let entry = WorkflowRule.Approver(row.string(1)) else { return }
            approvals.append(
                WorkflowApproval(
                    step: row.int64(0),
                    entry: entry,
                    account: row.string(2),
                    contentHash: Array(row.blob(3))
                )
            )
        }
        return approvals
    }

    /// Keeps an approval; one of earlier content gives way to it.
    static func keep(
        _ approval: WorkflowApproval,
        of batchID: Int64,
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO workflow_approval(batch_id, step, entry, approver, at, content_hash)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT(batch_id, step, entry) DO UPDATE SET approver = excluded.approver,
                at = excluded.at, content_hash = excluded.content_hash
            """,
            [
                .integer(batchID), .integer(approval.step), .text(approval.entry.text),
                .text(approval.account), .integer(milliseconds), .blob(approval.contentHash),
            ]
        )
    }

    /// Forgets the approvals of a batch that goes back to its clerk; its history keeps them.
    static func forget(_ batchID: Int64, in transaction: WriteTransaction) throws {
        try transaction.execute(
            "DELETE FROM workflow_approval WHERE batch_id = ?1",
            [.integer(batchID)]
        )
    }
}
