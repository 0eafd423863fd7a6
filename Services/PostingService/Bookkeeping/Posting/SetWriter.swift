import Identity
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

    func write(in transaction: WriteTransaction) throws -> [UInt8] {
        let lines = plan.journal.lines(receivableAccount: books.receivable)
        var journal = JournalBooking(books)
        let journalID = lines.isEmpty ? nil : journal.add(lines)
        let result = SetResultJSON.bytes(of: plan, set, journalID: journalID)
        progress?.failed(plan.failureCount)
        if plan.refusals.isEmpty { try insertSource(in: transaction) }
        try insertEntries(in: transaction)
        try AccountBlock.write(plan.pending, over: books.accounts, in: transaction)
        try journal.write(in: transaction)
        try insertPosting(result, journalID: journalID, in: transaction)
        if set.header.postingType == .trial {
            transaction.rollBackOnReturn()
        } else {
            apply(journal)
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
            columns: EntryRow.columns,
            count: plan.accepted.count,
            rowsPerStatement: EntryRow.perInsert
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
    /// Brings memory to where the store is; nothing here can fail.
    private func apply(_ journal: JournalBooking) {
        if plan.refusals.isEmpty { books.sources[set.header.sourceName] = source }
        books.accounts.withUnsafeMutableBufferPointer { accounts in
            for entry in plan.pending.entries { accounts[Int(entry.account)] = entry.state }
        }
        journal.apply()
        books.nextEntry += Int64(plan.accepted.count)
        plan.acceptedHashes.withUnsafeBufferPointer { books.duplicates.add($0) }
    }
}
