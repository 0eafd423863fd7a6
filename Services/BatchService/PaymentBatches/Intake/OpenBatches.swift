internal import BatchRules
internal import Storage

/// The key of a batch with what it is made from where there is none yet.
struct BatchOpening: Sendable {
    var kind: BatchKind
    var username: String
    /// Days since 1970.
    var entryDate: Int64
    var department: String
    var depositNumber: String?
    /// The service account of the first payment.
    var createdBy: String
    var createdAt: Int64
}

extension BatchOpening {
    /// The open batch of the key, which is made where there is none.
    ///
    /// Two first payments at once make one batch: the unique index lets one insert through, and the
    /// other reads what it made (contract A0-9).
    func findOrCreate(in transaction: WriteTransaction) throws -> BatchRow {
        if let row = try found(in: transaction) { return row }
        let isCreated = try insert(in: transaction)
        guard let row = try found(in: transaction) else {
            preconditionFailure("an open batch that was made or met is gone")
        }
        if isCreated {
            try BatchHistory.add(
                row,
                actor: createdBy,
                action: "create",
                from: nil,
                at: createdAt,
                in: transaction
            )
        }
        return row
    }

    private func found(in transaction: WriteTransaction) throws -> BatchRow? {
        try BatchRow.open(kind, username: username, entryDate: entryDate, in: transaction)
    }

    private func insert(in transaction: WriteTransaction) throws -> Bool {
        let row = try transaction.statement(
            """
            INSERT INTO payment_batch(kind, username, entry_date, department, deposit_number, step,
                status, payment_count, total, operations, created_by, created_at,
                gl_effective_date, workflow_locked, content_hash, row_version)
            VALUES(?1, ?2, ?3, ?4, ?5, 10, 'Open', 0, 0, 0, ?6, ?7, ?3, 0, ?8, 1)
            ON CONFLICT(kind, username, entry_date) WHERE step = 10 DO NOTHING RETURNING id
            """
        )
        defer { row.reset() }
        row.bind(1, kind.rawValue)
        row.bind(2, username)
        row.bind(3, entryDate)
        row.bind(4, department)
        row.bind(5, optional: depositNumber)
        row.bind(6, createdBy)
        row.bind(7, createdAt)
        row.bind(8, blob: ContentHash.empty)
        let isCreated = try row.step()
        if isCreated { _ = try row.step() }
        return isCreated
    }
}
