internal import Identity
package import BatchRules
package import Storage

/// What has happened to a batch: a row for each change of its state.
package enum BatchHistory {
    /// The actor of what no caller asked for.
    package static let system = "system"

    /// Adds what has just happened; the batch's status and content are those after it.
    ///
    /// `from` is the status before, nil where the batch was made; `workflowStep` the step that an
    /// approval was for.
    package static func add(
        _ batch: BatchRow,
        actor: String,
        action: String,
        from: PaymentBatch.Status?,
        workflowStep: Int64? = nil,
        note: String = "",
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        let row = try transaction.statement(
            """
            INSERT INTO payment_batch_history(batch_id, at, actor, action, from_status, to_status,
                workflow_step, note, content_hash)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """
        )
        defer { row.reset() }
        row.bind(1, batch.id)
        row.bind(2, milliseconds)
        row.bind(3, actor)
        row.bind(4, action)
        row.bind(5, from?.rawValue ?? "")
        row.bind(6, batch.machine.status.rawValue)
        row.bind(7, optional: workflowStep)
        row.bind(8, note)
        row.bind(9, blob: batch.contentHash)
        _ = try row.step()
    }

    /// Whether an account has released or approved the batch at any time: who has judged a batch does
    /// not edit it afterwards (fault A-10).
    package static func hasJudged(
        _ account: String,
        _ batchID: Int64,
        in transaction: ReadTransaction
    ) throws -> Bool {
        try transaction.integer(
            """
            SELECT 1 FROM payment_batch_history
            WHERE batch_id = ?1 AND actor = ?2 AND action IN ('release', 'approve') LIMIT 1
            """,
            [.integer(batchID), .text(account)]
        ) != nil
    }
}

/// Who beside its creator has entered payments of a batch.
enum BatchMakers {
    static func add(
        _ account: String,
        to batch: BatchRow,
        in transaction: WriteTransaction
    ) throws {
        guard ByteText(account) != ByteText(batch.createdBy) else { return }
        let row = try transaction.statement(
            """
            INSERT INTO payment_batch_maker(batch_id, account) VALUES(?1, ?2)
            ON CONFLICT(batch_id, account) DO NOTHING
            """
        )
        defer { row.reset() }
        row.bind(1, batch.id)
        row.bind(2, account)
        _ = try row.step()
    }

    static func contains(
        _ account: String,
        _ batch: BatchRow,
        in transaction: ReadTransaction
    ) throws -> Bool {
        if ByteText(account) == ByteText(batch.createdBy) { return true }
        return try transaction.integer(
            "SELECT 1 FROM payment_batch_maker WHERE batch_id = ?1 AND account = ?2",
            [.integer(batch.id), .text(account)]
        ) != nil
    }
}
