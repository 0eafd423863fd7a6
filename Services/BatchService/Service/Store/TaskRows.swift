internal import BatchRules
internal import Storage

/// How a task stands in its row.
extension BatchStore {
    /// Binds the seven columns of the machine to placeholders 2 to 8.
    static func bind(_ task: PostingTask, to row: Statement) {
        row.bind(2, task.status.rawValue)
        row.bind(3, Int64(task.attempts))
        row.bind(4, Int64(task.failures))
        row.bind(5, Int64(task.faults))
        row.bindNull(6)
        row.bindNull(7)
        switch task.state {
        case .accepted(let notBefore):
            row.bind(8, notBefore.milliseconds)
        case .processing(let lease):
            row.bind(6, lease.owner)
            row.bind(7, lease.expiresAt.milliseconds)
            row.bind(8, lease.expiresAt.milliseconds)
        case .complete, .error:
            row.bind(8, Int64(0))
        }
    }

    static let machineColumns = "status, attempts, failures, faults, owner, lease_until, not_before"

    /// Reads the columns of `machineColumns`, the first of which is `column`.
    static func task(
        in row: Statement,
        from column: Int32,
        limits: TaskLimits
    ) throws -> PostingTask {
        let attempts = row.int64(column + 1)
        let state: PostingTask.State =
            switch PostingTask.Status(rawValue: row.string(column)) {
            case .accepted: .accepted(notBefore: Instant(milliseconds: row.int64(column + 6)))
            case .processing:
                .processing(
                    PostingTask.Lease(
                        owner: row.string(column + 4),
                        epoch: attempts,
                        expiresAt: Instant(milliseconds: row.int64(column + 5))
                    )
                )
            case .complete: .complete
            case .error: .error
            case nil: preconditionFailure("the table's CHECK admits four statuses")
            }
        return PostingTask(
            state: state,
            attempts: Int(attempts),
            failures: Int(row.int64(column + 2)),
            faults: Int(row.int64(column + 3)),
            limits: limits
        )
    }

    /// Loads a task by its set's number; nil where there is none.
    static func loadTask(
        _ setID: Int64,
        in transaction: ReadTransaction,
        limits: TaskLimits
    ) throws -> PostingTask? {
        let row = try transaction.statement("SELECT \(machineColumns) FROM task WHERE set_id = ?1")
        defer { row.reset() }
        row.bind(1, setID)
        return try row.step() ? task(in: row, from: 0, limits: limits) : nil
    }

    /// Saves what an event made of an unfinished task.
    static func save(
        _ task: PostingTask,
        setID: Int64,
        in transaction: WriteTransaction
    ) throws {
        let row = try transaction.statement(
            """
            UPDATE task SET status = ?2, attempts = ?3, failures = ?4, faults = ?5, owner = ?6,
                lease_until = ?7, not_before = ?8
            WHERE set_id = ?1 AND final_attempt IS NULL
            """
        )
        defer { row.reset() }
        row.bind(1, setID)
        bind(task, to: row)
        _ = try row.step()
    }

    /// Adds the end of an attempt to the record; gives the row's rising number.
    static func recordAttempt(
        _ setID: Int64,
        number: Int,
        owner: String,
        endedAt: Instant,
        outcome: String,
        detail: String,
        in transaction: WriteTransaction
    ) throws -> Int64 {
        let row = try transaction.statement(
            """
            INSERT INTO attempt(set_id, number, owner, ended_at, outcome, detail)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            """
        )
        defer { row.reset() }
        row.bind(1, setID)
        row.bind(2, Int64(number))
        row.bind(3, owner)
        row.bind(4, endedAt.milliseconds)
        row.bind(5, outcome)
        row.bind(6, detail)
        return try row.insert()
    }
}
