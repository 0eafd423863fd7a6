package import Dates
import Identity
import LedgerRules
package import Money
package import Storage

/// An entry to be booked for a payment or a charge beside one.
struct NewEntry {
    /// Number of the account: `books.accountNumbers.find`.
    var account: Int
    var kind: EntryKind
    /// With its sign, in minor units.
    var amount: Int64
    /// Days since 1970.
    var date: Int64
    var description: String
    /// Shown as the source transaction id; unique among payments.
    var sourceTransaction: String
    /// Version of the detail code (`CodeState.id`); 0 for a payment.
    var code: Int64 = 0
}

/// What `payment_entry` holds beside an entry.
struct PaymentMark {
    enum Kind: String {
        case record, withdraw, charge
    }

    /// Nil until batch-service knows the payment.
    var paymentID: Int64?
    var kind: Kind
    var batchID: Int64?
    /// Number of the GL account that the money is in.
    var cashGL: Int
    /// Of the operation's content, so that a key that is used again with other content is refused.
    var digest: [UInt8]
    var reversesEntry: Int64?
    var journalID: Int64?
}

/// Books entries outside of sets: adds them up, writes them all, then brings memory there.
///
/// In this order, inside one write closure: `add` (and `charge`) as often as needed, statements of the
/// caller's own, `write`, and `apply` as the very last step, after which nothing may fail. Ids are
/// known from `add` on. A booking that is dropped before `apply` has changed nothing.
///
/// Writer-confined; one booking at a time.
package struct EntryBooking {
    /// Source number of entries that no set brought; sources of sets are numbered from 1.
    static let source: Int64 = 0

    let books: Books
    private(set) var entries: [NewEntry] = []
    private(set) var marks: [PaymentMark] = []
    private var journals: JournalBooking
    private var previous: [Int64] = []
    private var hashes: [UInt64] = []
    private var pending: PendingAccounts

    init(_ books: Books) {
        self.books = books
        journals = JournalBooking(books)
        pending = books.sparePending
        books.sparePending = PendingAccounts()
        pending.reset(accounts: books.accounts.count)
    }

    /// Adds an entry; gives its id, or nil, with nothing added, where the account's balance would
    /// leave 64 bits.
    mutating func add(_ entry: NewEntry, _ mark: PaymentMark) -> Int64? {
        let known = pending.state(of: entry.account) ?? books.accounts[entry.account]
        guard let balance = entry.kind.balance(known.balance, after: entry.amount) else {
            return nil
        }
        let id = books.nextEntry + Int64(entries.count)
        let place = pending.place(of: Int32(entry.account), joiningWith: known)
        pending[place] = AccountState(balance: balance, lastEntry: id)
        previous.append(known.lastEntry)
        var text = entry.sourceTransaction
        hashes.append(
            text.withUTF8 {
                books.duplicates.hash.hash(source: Self.source, text: UnsafeRawBufferPointer($0))
            }
        )
        entries.append(entry)
        marks.append(mark)
        return id
    }

    /// Adds money received that batch-service has still to be told of; as `add`.
    ///
    /// `accountID` is canonical; `cashAccount` is the GL account that the money is in; the digest is
    /// the request's. The source transaction is `T` and the entry's id. Throws `LedgerFault` where
    /// one of the accounts is not held.
    package mutating func addPayment(
        onto accountID: String,
        amount: Amount,
        date: CalendarDay,
        description: String,
        cashAccount: String,
        digest: [UInt8]
    ) throws(LedgerFault) -> Int64? {
        let account = books.accountNumbers.find(accountID)
        guard account >= 0 else { throw .accountIsMissing(-1) }
        guard let cash = books.glNumbers[cashAccount] else {
            throw .glAccountIsMissing(cashAccount)
        }
        return add(
            NewEntry(
                account: Int(account),
                kind: .payment,
                amount: amount.minorUnits,
                date: Int64(date.daysSince1970),
                description: description,
                sourceTransaction: "T\(books.nextEntry + Int64(entries.count))"
            ),
            PaymentMark(
                paymentID: nil,
                kind: .record,
                batchID: nil,
                cashGL: cash,
                digest: digest,
                reversesEntry: nil
            )
        )
    }

    /// Adds a charge, which feeds the general ledger by itself, in a journal of its own; as `add`.
    mutating func charge(
        _ entry: NewEntry,
        _ mark: PaymentMark,
        glAccount: Int
    ) -> Int64? {
        var totals = JournalTotals(glAccounts: books.glBalances.count)
        guard totals.book(entry.kind, amount: entry.amount, glAccount: glAccount) else {
            return nil
        }
        var mark = mark
        let lines = totals.lines(receivableAccount: books.receivable)
        // A journal without lines would leave no trace of its number.
        mark.journalID = lines.isEmpty ? nil : journals.nextJournal
        guard let id = add(entry, mark) else { return nil }
        if !lines.isEmpty { _ = journals.add(lines) }
        return id
    }

    /// Writes every row.
    func write(in transaction: WriteTransaction) throws {
        guard !entries.isEmpty else { return }
        try insertEntries(in: transaction)
        try insertMarks(in: transaction)
        try AccountBlock.write(pending, over: books.accounts, in: transaction)
        try journals.write(in: transaction)
    }

    /// Brings memory to where the store is; nothing here can fail.
    func apply() {
        defer { books.sparePending = pending }
        guard !entries.isEmpty else { return }
        for entry in pending.entries { books.accounts[Int(entry.account)] = entry.state }
        journals.apply()
        books.nextEntry += Int64(entries.count)
        hashes.withUnsafeBufferPointer { books.duplicates.add($0) }
    }
}

extension EntryBooking {
    private func insertEntries(in transaction: WriteTransaction) throws {
        let firstEntry = books.nextEntry
        try transaction.append(
            into: "entry",
            columns: EntryRow.columns,
            count: entries.count,
            rowsPerStatement: EntryRow.perInsert
        ) { index, binder in
            let entry = entries[index]
            binder.bind(firstEntry + Int64(index))
            binder.bind(Int64(entry.account))
            binder.bind(entry.code)
            binder.bind(entry.amount)
            binder.bind(entry.date)
            binder.bind(Self.source)
            binder.bind(entry.sourceTransaction)
            binder.bind(entry.description)
            binder.bind(Int64(0))
            binder.bind(previous[index])
        }
    }

    private func insertMarks(in transaction: WriteTransaction) throws {
        let firstEntry = books.nextEntry
        try transaction.append(
            into: "payment_entry",
            columns: [
                "entry_id", "payment_id", "kind", "batch_id", "amount", "cash_gl", "digest",
                "reverses_entry", "journal_id",
            ],
            count: marks.count,
            rowsPerStatement: EntryRow.perInsert
        ) { index, binder in
            let mark = marks[index]
            binder.bind(firstEntry + Int64(index))
            binder.bind(optional: mark.paymentID)
            binder.bind(mark.kind.rawValue)
            binder.bind(optional: mark.batchID)
            binder.bind(entries[index].amount)
            binder.bind(Int64(mark.cashGL))
            binder.bind(.blob(mark.digest))
            binder.bind(optional: mark.reversesEntry)
            binder.bind(optional: mark.journalID)
        }
    }
}

extension RowBinder {
    fileprivate mutating func bind(optional value: Int64?) {
        if let value { bind(value) } else { bindNull() }
    }
}

extension Ledger {
    /// Runs a closure on the writer that books entries beside its own statements, all or none.
    package func book<R: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction, inout EntryBooking) throws -> R
    ) async throws -> R {
        try await write { transaction, books in
            var booking = EntryBooking(books)
            let result = try work(transaction, &booking)
            try booking.write(in: transaction)
            booking.apply()
            self.maintainIfNeeded(books)
            return result
        }
    }
}
