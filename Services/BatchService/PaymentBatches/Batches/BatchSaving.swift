internal import Protocol
internal import ServiceStore
internal import BatchRules
package import Storage

extension BatchRow {
    /// Saves everything that can change, over the version that was loaded.
    ///
    /// Throws `aborted` where another writer was faster; nothing of the transaction may be kept then.
    package mutating func save(in transaction: WriteTransaction) throws {
        let row = try transaction.statement(
            """
            UPDATE payment_batch SET department = ?3, deposit_number = ?4, step = ?5, status = ?6,
                payment_count = ?7, total = ?8, operations = ?9, closed_by = ?10, closed_at = ?11,
                released_by = ?12, released_at = ?13, posted_by = ?14, posted_at = ?15,
                gl_effective_date = ?16, gl_period = ?17, journal_run_id = ?18, journal_id = ?19,
                lock_owner = ?20, workflow_step = ?21, workflow_locked = ?22, content_hash = ?23,
                reviewed_hash = ?24, row_version = row_version + 1
            WHERE id = ?1 AND row_version = ?2 RETURNING row_version
            """
        )
        defer { row.reset() }
        row.bind(1, id)
        row.bind(2, rowVersion)
        row.bind(3, department)
        row.bind(4, optional: depositNumber)
        row.bind(5, machine.status.step)
        row.bind(6, machine.status.rawValue)
        row.bind(7, count)
        row.bind(8, total)
        row.bind(9, operations)
        row.bind(10, optional: closedBy)
        row.bind(11, optional: closedAt)
        row.bind(12, optional: releasedBy)
        row.bind(13, optional: releasedAt)
        row.bind(14, optional: postedBy)
        row.bind(15, optional: postedAt)
        row.bind(16, glEffectiveDate)
        row.bind(17, optional: glPeriod)
        row.bind(18, optional: journalRunID)
        row.bind(19, optional: journalID)
        row.bind(20, optional: machine.lockOwner)
        row.bind(21, optional: workflowStep)
        row.bind(22, Int64(machine.isWorkflowLocked ? 1 : 0))
        row.bind(23, blob: contentHash)
        // What was judged is what the batch holds: a change of the content ends the review.
        if machine.isReviewed { row.bind(24, blob: contentHash) } else { row.bindNull(24) }
        try finish(row)
    }

    /// Saves the sums of a batch whose state has not changed: what every payment costs.
    mutating func saveContents(in transaction: WriteTransaction) throws {
        let row = try transaction.statement(
            """
            UPDATE payment_batch SET department = ?3, deposit_number = ?4, payment_count = ?5,
                total = ?6, operations = ?7, content_hash = ?8, row_version = row_version + 1
            WHERE id = ?1 AND row_version = ?2 RETURNING row_version
            """
        )
        defer { row.reset() }
        row.bind(1, id)
        row.bind(2, rowVersion)
        row.bind(3, department)
        row.bind(4, optional: depositNumber)
        row.bind(5, count)
        row.bind(6, total)
        row.bind(7, operations)
        row.bind(8, blob: contentHash)
        try finish(row)
    }

    private mutating func finish(_ row: Statement) throws {
        guard try row.step() else { throw RPCError.changed("Batch \(id)") }
        rowVersion = row.int64(0)
        _ = try row.step()
    }
}
