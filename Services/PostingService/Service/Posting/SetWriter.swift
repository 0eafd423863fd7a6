import LedgerRules
import PostingSets
import Protocol
import Storage

/// Writes a plan into the store, then into memory.
///
/// TRIAL and COMMIT run the same statements; a TRIAL's are undone by the store when the closure
/// returns, and its books are left alone.
struct SetWriter {
    let books: Books
    let plan: SetPlanner
    let set: PostingSetView
    let parameters: PostSetParameters
    let digest: [UInt8]
    let source: Int64
    let progress: SetProgress?

    /// Rows of one INSERT: the statement's own cost is shared by 64.
    private static let rowsPerInsert = 64

    func write(in transaction: WriteTransaction) throws -> [UInt8] {
        let lines = plan.journal.lines(receivableAccount: books.receivable)
        let journalID = lines.isEmpty ? nil : books.nextJournal
        let result = SetResultJSON.bytes(of: plan, set, journalID: journalID)
        progress?.failed(plan.failureCount)
        if plan.refusals.isEmpty { try insertSource(in: transaction) }
        try insertEntries(in: transaction)
        try putBlocks(in: transaction)
        if let journalID { try insertJournal(journalID, lines, in: transaction) }
        try insertPosting(result, journalID: journalID, in: transaction)
        if set.header.postingType == .trial {
            transaction.rollBackOnReturn()
        } else {
            apply(lines)
        }
        return result
    }

    private func insertSource(in transaction: WriteTransaction) throws {
        guard books.sources[set.header.sourceName] == nil else { return }
        _ = try transaction.execute(
            "INSERT INTO source (id, source_name) VALUES (?1, ?2)",
            [.integer(source), .text(set.header.sourceName)]
        )
    }

    private func insertEntries(in transaction: WriteTransaction) throws {
        let firstEntry = books.nextEntry
        let codes = books.codes
        let amounts = set.amounts
        let dates = set.dates
        let ids = set.sourceTransactionIDs
        let descriptions = set.descriptions
        try transaction.append(
            into: "entry",
            columns: [
                "id", "account", "code", "amount", "date", "source", "source_tx", "description",
                "set_id", "prev",
            ],
            count: plan.accepted.count,
            rowsPerStatement: Self.rowsPerInsert
        ) { index, binder in
            let row = Int(plan.accepted[index])
            binder.bind(firstEntry + Int64(index))
            binder.bind(Int64(plan.accountOf[row]))
            binder.bind(codes[Int(plan.codeOf[row])].id)
            binder.bind(amounts[row])
            binder.bind(Int64(dates[row]))
            binder.bind(source)
            binder.bind(text: ids[row].raw)
            binder.bind(text: descriptions[row].raw)
            binder.bind(parameters.setID)
            binder.bind(plan.previous[index])
            if index & 4_095 == 4_095 { progress?.done(row + 1) }
        }
    }

    /// Writes the whole block of every account that the set touches.
    private func putBlocks(in transaction: WriteTransaction) throws {
        guard !plan.pending.entries.isEmpty else { return }
        let size = AccountBlock.accounts
        let accounts = books.accounts
        var isTouched = Array(repeating: false, count: accounts.count / size + 1)
        for entry in plan.pending.entries { isTouched[Int(entry.account) / size] = true }
        try withUnsafeTemporaryAllocation(
            byteCount: size * AccountBlock.bytesPerAccount,
            alignment: 8
        ) { bytes in
            let statement = try transaction.statement(
                """
                INSERT INTO account_block (id, b) VALUES (?1, ?2)
                ON CONFLICT (id) DO UPDATE SET b = excluded.b
                """
            )
            for block in isTouched.indices where isTouched[block] {
                let first = block * size
                let count = min(size, accounts.count - first)
                for offset in 0..<count {
                    let account = first + offset
                    AccountBlock.put(
                        plan.pending.state(of: account) ?? accounts[account],
                        at: offset * AccountBlock.bytesPerAccount,
                        into: bytes
                    )
                }
                let used = bytes[..<(count * AccountBlock.bytesPerAccount)]
                statement.reset()
                statement.bind(1, Int64(block))
                statement.bind(2, blob: UnsafeRawBufferPointer(rebasing: used))
                _ = try statement.step()
            }
            statement.reset()
        }
    }

    private func insertPosting(
        _ result: [UInt8],
        journalID: Int64?,
        in transaction: WriteTransaction
    ) throws {
        _ = try transaction.execute(
            """
            INSERT INTO posting (set_id, digest, first_entry, entries, journal_id, result)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            [
                .integer(parameters.setID), .blob(digest), .integer(books.nextEntry),
                .integer(Int64(plan.accepted.count)), journalID.map(SQLValue.integer) ?? .null,
                .blob(result),
            ]
        )
    }
}

extension SetWriter {
    /// The set's GL lines, and the running totals that follow from them.
    private func insertJournal(
        _ journalID: Int64,
        _ lines: [(glAccount: Int, total: DebitCredit)],
        in transaction: WriteTransaction
    ) throws {
        for line in lines {
            _ = try transaction.execute(
                """
                INSERT INTO gl_line (id, journal_id, gl, debit, credit) VALUES (?1, ?2, ?3, ?4, ?5)
                """,
                [
                    .integer(GLLine.id(journal: journalID, glAccount: line.glAccount)),
                    .integer(journalID), .integer(Int64(line.glAccount)),
                    .integer(line.total.debit), .integer(line.total.credit),
                ]
            )
            let total = balance(after: line)
            _ = try transaction.execute(
                """
                INSERT INTO gl_balance (gl, debit_high, debit_low, credit_high, credit_low)
                VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (gl) DO UPDATE SET debit_high = excluded.debit_high,
                debit_low = excluded.debit_low, credit_high = excluded.credit_high,
                credit_low = excluded.credit_low
                """,
                [
                    .integer(Int64(line.glAccount)), .integer(total.debit.high),
                    .integer(total.debit.low), .integer(total.credit.high),
                    .integer(total.credit.low),
                ]
            )
        }
    }

    private func balance(
        after line: (glAccount: Int, total: DebitCredit)
    ) -> (debit: WideTotal, credit: WideTotal) {
        let before = books.glBalances[line.glAccount]
        return (before.debit + line.total.debit, before.credit + line.total.credit)
    }

    /// Brings memory to where the store is; nothing here can fail.
    private func apply(_ lines: [(glAccount: Int, total: DebitCredit)]) {
        if plan.refusals.isEmpty { books.sources[set.header.sourceName] = source }
        books.accounts.withUnsafeMutableBufferPointer { accounts in
            for entry in plan.pending.entries { accounts[Int(entry.account)] = entry.state }
        }
        for line in lines { books.glBalances[line.glAccount] = balance(after: line) }
        if !lines.isEmpty { books.nextJournal += 1 }
        books.nextEntry += Int64(plan.accepted.count)
        plan.acceptedHashes.withUnsafeBufferPointer { books.duplicates.add($0) }
    }
}
