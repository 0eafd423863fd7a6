import Identity
package import BatchRules
package import Protocol
package import Storage

/// What a batch groups: payments as they come, or the reversals of posted ones.
package enum BatchKind: String, Sendable, CaseIterable {
    case payment, reversal
}

/// A payment batch as it is saved: its machine, its sums, and who did what when.
///
/// Loaded, changed and saved in one transaction; `save` and `saveContents` write only over the version
/// that was loaded.
package struct BatchRow: Sendable, Equatable {
    package let id: Int64
    package let kind: BatchKind
    package let username: String
    /// Days since 1970.
    package let entryDate: Int64
    /// Empty where none is known yet.
    package var department: String
    package var depositNumber: String?
    package var machine: PaymentBatch
    /// Payments that are not deleted, and what they come to in minor units.
    package var count: Int64
    package var total: Int64
    /// Records and withdrawals that the ledger is to hold.
    package var operations: Int64
    package let createdBy: String
    package let createdAt: Int64
    package var closedBy: String?
    package var closedAt: Int64?
    package var releasedBy: String?
    package var releasedAt: Int64?
    package var postedBy: String?
    package var postedAt: Int64?
    package var glEffectiveDate: Int64
    package var glPeriod: String?
    package var journalRunID: Int64?
    package var journalID: Int64?
    package var workflowStep: Int64?
    package var contentHash: [UInt8]
    package internal(set) var rowVersion: Int64

    package var isEmpty: Bool { count == 0 }

    package var parties: BatchParties {
        BatchParties(
            createdBy: createdBy,
            closedBy: closedBy,
            username: username,
            department: department
        )
    }

    func isCreated(by caller: PaymentCaller) -> Bool {
        ByteText(createdBy) == ByteText(caller.account)
    }

    /// How the audit trail names it.
    package var subject: String { "payment_batch/\(id)" }
}

// MARK: - Loading

extension BatchRow {
    static let columns = """
        id, kind, username, entry_date, department, deposit_number, status, payment_count, total,
        operations, created_by, created_at, closed_by, closed_at, released_by, released_at,
        posted_by, posted_at, gl_effective_date, gl_period, journal_run_id, journal_id, lock_owner,
        workflow_step, workflow_locked, content_hash,
        CASE WHEN reviewed_hash IS NULL THEN 0 ELSE 1 END, row_version
        """

    /// A row of `columns`.
    init(_ row: Statement) {
        id = row.int64(0)
        kind = BatchKind(rawValue: row.string(1)) ?? .payment
        username = row.string(2)
        entryDate = row.int64(3)
        department = row.string(4)
        depositNumber = row.optionalString(5)
        machine = PaymentBatch(
            status: PaymentBatch.Status(rawValue: row.string(6)) ?? .deleted,
            isWorkflowLocked: row.int64(24) != 0,
            isReviewed: row.int64(26) != 0,
            lockOwner: row.optionalString(22)
        )
        count = row.int64(7)
        total = row.int64(8)
        operations = row.int64(9)
        createdBy = row.string(10)
        createdAt = row.int64(11)
        closedBy = row.optionalString(12)
        closedAt = row.optionalInteger(13)
        releasedBy = row.optionalString(14)
        releasedAt = row.optionalInteger(15)
        postedBy = row.optionalString(16)
        postedAt = row.optionalInteger(17)
        glEffectiveDate = row.int64(18)
        glPeriod = row.optionalString(19)
        journalRunID = row.optionalInteger(20)
        journalID = row.optionalInteger(21)
        workflowStep = row.optionalInteger(23)
        contentHash = Array(row.blob(25))
        rowVersion = row.int64(27)
    }

    /// The batch of a number; nil where there is none.
    package static func load(_ id: Int64, in transaction: ReadTransaction) throws -> BatchRow? {
        let row = try transaction.statement(
            "SELECT \(columns) FROM payment_batch WHERE id = ?1"
        )
        defer { row.reset() }
        row.bind(1, id)
        return try row.step() ? BatchRow(row) : nil
    }

    /// The open batch of a key; nil where there is none.
    package static func open(
        _ kind: BatchKind,
        username: String,
        entryDate: Int64,
        in transaction: ReadTransaction
    ) throws -> BatchRow? {
        let row = try transaction.statement(
            """
            SELECT \(columns) FROM payment_batch
            WHERE kind = ?1 AND username = ?2 AND entry_date = ?3 AND step = 10
            """
        )
        defer { row.reset() }
        row.bind(1, kind.rawValue)
        row.bind(2, username)
        row.bind(3, entryDate)
        return try row.step() ? BatchRow(row) : nil
    }
}

// MARK: - Refusals

extension BatchRow {
    /// What may be asked of the batch in its state and with what it holds.
    package var allowedActions: [String] {
        let needsPayments: Set = ["close", "delete_payment", "reverse_payment"]
        return machine.allowedActions.filter { action in
            isEmpty ? !needsPayments.contains(action) : action != "delete"
        }
    }

    /// The refusal of an action, with the batch's state and what is allowed in it (design 1.7: 409).
    package func illegal(_ action: String, because reason: String? = nil) -> RPCError {
        let allowed = allowedActions.filter { $0 != action }
        let state = "Batch \(id) is \(machine.status.rawValue) (step \(machine.status.step))"
        let refusal = reason ?? "'\(action)' is not possible."
        let remedy =
            allowed.isEmpty
            ? "Nothing more can be done with it."
            : "Possible: \(allowed.joined(separator: ", "))."
        return RPCError.illegal(
            RPCError.Transition(
                status: machine.status.rawValue,
                lifeCycleStep: Int(machine.status.step),
                action: action,
                allowed: allowed
            ),
            "\(state): \(refusal) \(remedy)"
        )
    }
}

extension Statement {
    func bind(_ index: Int32, optional text: String?) {
        if let text { bind(index, text) } else { bindNull(index) }
    }

    func bind(_ index: Int32, optional number: Int64?) {
        if let number { bind(index, number) } else { bindNull(index) }
    }
}
