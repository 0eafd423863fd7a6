import Dates
import LedgerRules
package import Protocol
import Storage

extension Ledger {
    /// Feeds payment batches to the general ledger in one balanced journal, all or none, each once.
    ///
    /// The same run again gives the first result, byte for byte. A proof runs the same statements and
    /// leaves no trace. Gives the JSON of a `PostedJournal`.
    ///
    /// - Throws: `RPCError`: `key_reused`, `already_posted`, `period_closed`, `batch_incomplete`.
    package func postJournal(_ request: PostJournal) async throws -> [UInt8] {
        try OperationChecks.check(request)
        return try await write { transaction, books in
            let posting = JournalPosting(request, books)
            if let result = try posting.heldResult(in: transaction) { return result }
            return try posting.post(in: transaction)
        }
    }
}

/// One journal run on the writer.
struct JournalPosting {
    private let request: PostJournal
    private let books: Books
    private let digest: [UInt8]

    init(_ request: PostJournal, _ books: Books) {
        self.request = request
        self.books = books
        digest = request.contentDigest
    }

    /// The first result of this run, or nil where it is new.
    func heldResult(in transaction: ReadTransaction) throws -> [UInt8]? {
        let held = try transaction.first(
            "SELECT digest, result FROM journal_run WHERE run_id = ?1",
            [.integer(request.runID)]
        ) { (digest: Array($0.blob(0)), result: Array($0.blob(1))) }
        guard let held else { return nil }
        guard held.digest == digest else { throw JournalRefusal.keyReused(request.runID) }
        return held.result
    }

    func post(in transaction: WriteTransaction) throws -> [UInt8] {
        try requireNewBatches(in: transaction)
        let period = try requirePeriod(in: transaction)
        let nets = try completeBatches(in: transaction)
        let lines = try Self.lines(of: nets, books)
        var journal = JournalBooking(books)
        let journalID = lines.isEmpty ? nil : journal.add(lines)
        let entries = nets.reduce(Int64(0)) { $0 + $1.entries }
        let result = Array(
            try StrictJSON.encode(
                PostedJournal(
                    journalID: request.isProof ? nil : journalID,
                    entries: entries,
                    lines: try named(lines, in: transaction),
                    period: period
                )
            )
        )
        try insertRun(journalID, period, result, in: transaction)
        try markFed(journalID, entries: entries, in: transaction)
        try journal.write(in: transaction)
        if request.isProof {
            transaction.rollBackOnReturn()
        } else {
            journal.apply()
        }
        return result
    }
}

extension JournalPosting {
    private func requireNewBatches(in transaction: ReadTransaction) throws {
        for batch in request.batches {
            if let run = try PaymentRows.run(thatFed: batch.batchID, in: transaction) {
                throw JournalRefusal.alreadyPosted(batch.batchID, by: run)
            }
        }
    }

    /// The name of the GL period; nil where there is none and none is needed.
    private func requirePeriod(in transaction: ReadTransaction) throws -> String? {
        let day = CalendarDay(daysSince1970: Int(request.glDate))
        let periods = try GLPeriodRows.all(in: transaction)
        let verdict = PeriodVerdict(
            anyPeriods: !periods.isEmpty,
            found: periods.first { $0.contains(day) },
            overrides: request.overridesPeriod
        )
        switch verdict {
        case .noPeriod: return nil
        case .period(let period): return period.name
        case .refusedOutside: throw JournalRefusal.outsidePeriods(day)
        case .refusedClosed(let period): throw JournalRefusal.closed(period, day)
        }
    }

    /// What every batch comes to, once all of its operations are here.
    private func completeBatches(in transaction: ReadTransaction) throws -> [BatchNet] {
        var nets: [BatchNet] = []
        var incomplete: [(expected: PostJournal.Batch, held: BatchNet)] = []
        let statement = try transaction.statement(
            """
            SELECT amount, cash_gl FROM payment_entry WHERE batch_id = ?1 AND kind <> 'charge'
            """
        )
        defer { statement.reset() }
        for batch in request.batches {
            var net = BatchNet()
            statement.reset()
            statement.bind(1, batch.batchID)
            while try statement.step() {
                net.add(amount: statement.int64(0), cashAccount: Int(statement.int64(1)))
            }
            if net.isComplete(entries: batch.operations, total: batch.totalMinorUnits) {
                nets.append(net)
            } else {
                incomplete.append((batch, net))
            }
        }
        guard incomplete.isEmpty else { throw JournalRefusal.incomplete(incomplete) }
        return nets
    }

    private static func lines(of nets: [BatchNet], _ books: Books) throws -> JournalLines {
        var totals = JournalTotals(glAccounts: books.glBalances.count)
        for net in nets {
            guard totals.feed(net) else { throw JournalRefusal.outOfRange }
        }
        let lines = totals.lines(receivableAccount: books.receivable)
        guard JournalTotals.isBalanced(lines) else { throw LedgerFault.trialBalanceDiffers }
        return lines
    }

    private func named(
        _ lines: JournalLines,
        in transaction: ReadTransaction
    ) throws -> [PostedJournal.Line] {
        try lines.map { line in
            let name = try transaction.first(
                "SELECT gl_account FROM gl_account WHERE id = ?1",
                [.integer(Int64(line.glAccount))]
            ) { $0.string(0) }
            return PostedJournal.Line(
                glAccount: name ?? "",
                debitMinorUnits: line.total.debit,
                creditMinorUnits: line.total.credit
            )
        }
    }

    private func insertRun(
        _ journalID: Int64?,
        _ period: String?,
        _ result: [UInt8],
        in transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO journal_run (run_id, digest, gl_date, period, journal_id, result)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            [
                .integer(request.runID), .blob(digest), .integer(request.glDate),
                .optional(period), journalID.map(SQLValue.integer) ?? .null, .blob(result),
            ]
        )
    }

    /// Marks batches and entries fed; `entries` are all that were added up.
    private func markFed(
        _ journalID: Int64?,
        entries: Int64,
        in transaction: WriteTransaction
    ) throws {
        var marked = 0
        for batch in request.batches {
            try transaction.execute(
                "INSERT INTO fed_batch (batch_id, run_id) VALUES (?1, ?2)",
                [.integer(batch.batchID), .integer(request.runID)]
            )
            guard let journalID else { continue }
            marked += try transaction.execute(
                "UPDATE payment_entry SET journal_id = ?1 WHERE batch_id = ?2 AND kind <> 'charge'",
                [.integer(journalID), .integer(batch.batchID)]
            )
        }
        guard journalID == nil || Int64(marked) == entries else {
            throw LedgerFault.entriesWereNotMarked(run: request.runID)
        }
    }
}

extension PostJournal {
    fileprivate var contentDigest: [UInt8] {
        var digest = ContentDigest()
        digest.add(runID)
        digest.add(isProof ? 1 : 0)
        digest.add(glDate)
        digest.add(overridesPeriod ? 1 : 0)
        for batch in batches {
            digest.add(batch.batchID)
            digest.add(batch.operations)
            digest.add(batch.totalMinorUnits)
        }
        return digest.bytes
    }
}
