internal import ServiceStore
internal import BatchRules
internal import JSON
internal import Protocol
internal import Storage

/// A batch of a run, as it stood when the run took it.
struct JournalRunBatch: Sendable, Equatable {
    var batchID: Int64
    var operations: Int64
    var count: Int64
    var total: Int64
}

/// A journal run as it is saved: its machine, what was asked, and what came of it.
struct JournalRunRow: Sendable, Equatable {
    var id: Int64
    let isProof: Bool
    var machine: JournalRun
    let requestedBy: String
    let requestedAt: Int64
    let glEffectiveDate: Int64
    let overridesPeriod: Bool
    var journalID: Int64?
    var glPeriod: String?
    let count: Int64
    let total: Int64
    /// The lines of the journal as JSON of `[PostedJournal.Line]`; nil before there are any.
    var lines: [UInt8]?
    var errorReason: String?
    var errorMessage: String?
    var finishedAt: Int64?
    /// The newest lease as it was loaded.
    private var loadedEpoch: Int64 = 0

    /// How the audit trail names it.
    var subject: String { "journal_run/\(id)" }

    init(
        isProof: Bool,
        requestedBy: String,
        requestedAt: Int64,
        glEffectiveDate: Int64,
        overridesPeriod: Bool,
        count: Int64,
        total: Int64
    ) {
        id = 0
        self.isProof = isProof
        machine = JournalRun(requestedAt: Instant(milliseconds: requestedAt))
        self.requestedBy = requestedBy
        self.requestedAt = requestedAt
        self.glEffectiveDate = glEffectiveDate
        self.overridesPeriod = overridesPeriod
        self.count = count
        self.total = total
    }
}

// MARK: - Rows

extension JournalRunRow {
    private static let columns = """
        id, proof, status, requested_by, requested_at, gl_effective_date, overrides_period, owner,
        lease_until, epoch, attempts, not_before, journal_id, gl_period, payment_count, total, lines,
        error_reason, error_message, finished_at
        """

    private init(_ row: Statement) {
        id = row.int64(0)
        isProof = row.int64(1) != 0
        machine = JournalRun(
            status: JournalRun.Status(rawValue: row.string(2)) ?? .failed,
            owner: row.optionalString(7),
            leaseUntil: Instant(milliseconds: row.int64(8)),
            epoch: row.int64(9),
            attempts: row.int64(10),
            notBefore: Instant(milliseconds: row.int64(11)),
            limits: JournalLimits()
        )
        requestedBy = row.string(3)
        requestedAt = row.int64(4)
        glEffectiveDate = row.int64(5)
        overridesPeriod = row.int64(6) != 0
        journalID = row.optionalInteger(12)
        glPeriod = row.optionalString(13)
        count = row.int64(14)
        total = row.int64(15)
        lines = row.isNull(16) ? nil : Array(row.blob(16))
        errorReason = row.optionalString(17)
        errorMessage = row.optionalString(18)
        finishedAt = row.optionalInteger(19)
        loadedEpoch = row.int64(9)
    }

    static func load(_ id: Int64, in transaction: ReadTransaction) throws -> JournalRunRow? {
        try rows("id = ?1", [.integer(id)], in: transaction).first
    }

    /// Runs below a number, newest first.
    static func below(
        _ id: Int64,
        limit: Int,
        in transaction: ReadTransaction
    ) throws -> [JournalRunRow] {
        try rows(
            "id < ?1 ORDER BY id DESC LIMIT ?2",
            [.integer(id), .integer(Int64(limit))],
            in: transaction
        )
    }

    /// Runs that have not ended, those first whose time came first.
    static func running(in transaction: ReadTransaction) throws -> [JournalRunRow] {
        try rows("status = 'Running' ORDER BY not_before, id", [], in: transaction)
    }

    private static func rows(
        _ condition: String,
        _ values: [SQLValue],
        in transaction: ReadTransaction
    ) throws -> [JournalRunRow] {
        var found: [JournalRunRow] = []
        try transaction.rows("SELECT \(columns) FROM journal_run WHERE \(condition)", values) {
            found.append(JournalRunRow($0))
        }
        return found
    }

    /// Inserts a new run with its batches.
    mutating func insert(_ batches: [JournalRunBatch], in transaction: WriteTransaction) throws {
        id = try transaction.insert(
            """
            INSERT INTO journal_run(proof, status, requested_by, requested_at, gl_effective_date,
                overrides_period, lease_until, epoch, attempts, not_before, payment_count, total)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """,
            [
                .integer(isProof ? 1 : 0), .text(machine.status.rawValue), .text(requestedBy),
                .integer(requestedAt), .integer(glEffectiveDate),
                .integer(overridesPeriod ? 1 : 0), .integer(machine.leaseUntil.milliseconds),
                .integer(machine.epoch), .integer(machine.attempts),
                .integer(machine.notBefore.milliseconds), .integer(count), .integer(total),
            ]
        )
        for batch in batches {
            try transaction.execute(
                """
                INSERT INTO journal_run_batch(run_id, batch_id, operations, payment_count, total)
                VALUES(?1, ?2, ?3, ?4, ?5)
                """,
                [
                    .integer(id), .integer(batch.batchID), .integer(batch.operations),
                    .integer(batch.count), .integer(batch.total),
                ]
            )
        }
    }

    /// Saves everything that can change, over the run as it was loaded: running, under the same lease.
    mutating func save(in transaction: WriteTransaction) throws {
        let row = try transaction.statement(
            """
            UPDATE journal_run SET status = ?2, owner = ?3, lease_until = ?4, epoch = ?5,
                attempts = ?6, not_before = ?7, journal_id = ?8, gl_period = ?9, lines = ?10,
                error_reason = ?11, error_message = ?12, finished_at = ?13
            WHERE id = ?1 AND epoch = ?14 AND status = 'Running' RETURNING epoch
            """
        )
        defer { row.reset() }
        row.bind(1, id)
        row.bind(2, machine.status.rawValue)
        row.bind(3, optional: machine.owner)
        row.bind(4, machine.leaseUntil.milliseconds)
        row.bind(5, machine.epoch)
        row.bind(6, machine.attempts)
        row.bind(7, machine.notBefore.milliseconds)
        row.bind(8, optional: journalID)
        row.bind(9, optional: glPeriod)
        if let lines { row.bind(10, blob: lines) } else { row.bindNull(10) }
        row.bind(11, optional: errorReason)
        row.bind(12, optional: errorMessage)
        row.bind(13, optional: finishedAt)
        row.bind(14, loadedEpoch)
        guard try row.step() else { throw RPCError.changed("Journal run \(id)") }
        loadedEpoch = row.int64(0)
        _ = try row.step()
    }

    func batches(in transaction: ReadTransaction) throws -> [JournalRunBatch] {
        var found: [JournalRunBatch] = []
        try transaction.rows(
            """
            SELECT batch_id, operations, payment_count, total FROM journal_run_batch
            WHERE run_id = ?1 ORDER BY batch_id
            """,
            [.integer(id)]
        ) { row in
            found.append(
                JournalRunBatch(
                    batchID: row.int64(0),
                    operations: row.int64(1),
                    count: row.int64(2),
                    total: row.int64(3)
                )
            )
        }
        return found
    }
}

// MARK: - As it is served

extension JournalRunRow {
    func append(_ batches: [JournalRunBatch], to text: inout JSONWriter) throws {
        try text.object { text in
            text.member("run_id", id)
            text.member("proof", isProof)
            text.member("status", machine.status.rawValue)
            text.member("requested_by", requestedBy)
            text.member("requested_at", moment: requestedAt)
            text.member("gl_effective_date", day: glEffectiveDate)
            text.member("gl_period", glPeriod)
            text.member("journal_id", journalID)
            text.array("batches") { text in
                for batch in batches {
                    text.object { text in
                        text.member("batch_id", batch.batchID)
                        text.member("count", batch.count)
                        text.member("total", amount: batch.total)
                    }
                }
            }
            text.member("count", count)
            text.member("total", amount: total)
            try appendLines(to: &text)
            if let errorReason {
                text.object("error") { text in
                    text.member("reason", errorReason)
                    text.member("message", errorMessage ?? "")
                }
            } else {
                text.member("error", String?.none)
            }
            text.member("finished_at", moment: finishedAt)
        }
    }

    private func appendLines(to text: inout JSONWriter) throws {
        let kept = try lines.map { bytes in
            try bytes.withUnsafeBytes {
                try StrictJSON.decodeReply([PostedJournal.Line].self, from: $0)
            }
        }
        text.array("lines") { text in
            for line in kept ?? [] {
                text.object { text in
                    text.member("gl_account", line.glAccount)
                    text.member("debit", amount: line.debitMinorUnits)
                    text.member("credit", amount: line.creditMinorUnits)
                }
            }
        }
    }
}
