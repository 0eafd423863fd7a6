import LedgerRules
import Storage

/// The lines of a GL journal, each account once.
typealias JournalLines = [(glAccount: Int, total: DebitCredit)]

/// Books GL journals: their lines and the running totals that follow from them.
///
/// As with entries: `add`, then `write`, then `apply` as the last step. Writer-confined.
struct JournalBooking {
    private let books: Books
    private var journals: [JournalLines] = []
    private var totals: [Int: (debit: WideTotal, credit: WideTotal)] = [:]

    init(_ books: Books) { self.books = books }

    /// The number that the next journal will have.
    var nextJournal: Int64 { books.nextJournal + Int64(journals.count) }

    /// Adds a journal and gives its number; it must have lines, which keep the number.
    mutating func add(_ lines: JournalLines) -> Int64 {
        let journalID = nextJournal
        journals.append(lines)
        for line in lines {
            let before = totals[line.glAccount] ?? books.glBalances[line.glAccount]
            totals[line.glAccount] = (
                before.debit + line.total.debit, before.credit + line.total.credit
            )
        }
        return journalID
    }

    func write(in transaction: WriteTransaction) throws {
        for (index, lines) in journals.enumerated() {
            let journalID = books.nextJournal + Int64(index)
            for line in lines { try insert(line, of: journalID, in: transaction) }
        }
        for (glAccount, total) in totals {
            _ = try transaction.execute(
                """
                INSERT INTO gl_balance (gl, debit_high, debit_low, credit_high, credit_low)
                VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (gl) DO UPDATE SET debit_high = excluded.debit_high,
                debit_low = excluded.debit_low, credit_high = excluded.credit_high,
                credit_low = excluded.credit_low
                """,
                [
                    .integer(Int64(glAccount)), .integer(total.debit.high),
                    .integer(total.debit.low), .integer(total.credit.high),
                    .integer(total.credit.low),
                ]
            )
        }
    }

    /// Brings memory to where the store is; nothing here can fail.
    func apply() {
        for (glAccount, total) in totals { books.glBalances[glAccount] = total }
        books.nextJournal += Int64(journals.count)
    }

    private func insert(
        _ line: (glAccount: Int, total: DebitCredit),
        of journalID: Int64,
        in transaction: WriteTransaction
    ) throws {
        _ = try transaction.execute(
            "INSERT INTO gl_line (id, journal_id, gl, debit, credit) VALUES (?1, ?2, ?3, ?4, ?5)",
            [
                .integer(GLLine.id(journal: journalID, glAccount: line.glAccount)),
                .integer(journalID), .integer(Int64(line.glAccount)),
                .integer(line.total.debit), .integer(line.total.credit),
            ]
        )
    }
}
