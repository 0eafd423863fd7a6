import LedgerRules
import Money
package import Protocol
import Storage

extension Ledger {
    /// Books payment operations, all or none, each once: one that is known gives its first entry.
    ///
    /// - Returns: the entries of the operations, in their order.
    /// - Throws: `RPCError` that names the first payment which cannot be booked.
    package func apply(_ operations: [PaymentOperation]) async throws -> AppliedPayments {
        try OperationChecks.check(operations)
        return try await write { transaction, books in
            var application = PaymentApplication(books)
            let ids = try operations.map { try application.book($0, in: transaction) }
            try application.finish(in: transaction)
            self.maintainIfNeeded(books)
            return AppliedPayments(entryIDs: ids)
        }
    }
}

/// A group of payment operations on the writer.
///
/// An accepted payment is booked whatever has become of its account since: what may be entered was
/// judged when it was accepted. Writer-confined.
struct PaymentApplication {
    private struct Key: Hashable {
        var paymentID: Int64
        var kind: PaymentOperation.Kind
    }

    /// An entry that takes back another, for whoever keeps account of the payment.
    struct Undoing {
        var original: Int64
        var entry: Int64
        var amount: Int64
    }

    let books: Books
    var booking: EntryBooking
    /// Operations of this group that are not in the store yet.
    private var new: [Key: PaymentRow] = [:]
    var undoings: [Undoing] = []
    private var openBatches: Set<Int64> = []

    init(_ books: Books) {
        self.books = books
        booking = EntryBooking(books)
    }

    /// Books one operation and gives its entry; `finish` makes all of them last.
    mutating func book(
        _ operation: PaymentOperation,
        in transaction: WriteTransaction
    ) throws -> Int64 {
        let digest = operation.contentDigest
        if let known = try row(operation.paymentID, operation.kind, in: transaction) {
            guard known.digest == digest,
                operation.kind != .record
                    || operation.ledgerEntryID ?? known.entryID
                        == known.entryID
            else { throw PaymentRefusal.keyReused(operation) }
            return known.entryID
        }
        if operation.kind != .charge { try requireOpenBatch(operation, in: transaction) }
        switch operation.kind {
        case .record:
            if let entryID = operation.ledgerEntryID {
                return try adopt(entryID, operation, digest, in: transaction)
            }
            return try record(operation, digest, in: transaction)
        case .withdraw: return try withdraw(operation, digest, in: transaction)
        case .charge: return try charge(operation, digest)
        }
    }

    /// Writes all of it, then memory: nothing may fail afterwards.
    func finish(in transaction: WriteTransaction) throws {
        try booking.write(in: transaction)
        for undoing in undoings {
            try StudentLedger.entryWasUndone(
                undoing.original,
                by: undoing.entry,
                amount: undoing.amount,
                in: transaction
            )
        }
        booking.apply()
    }
}

extension PaymentApplication {
    /// What is held under a key: in the store, or of this group.
    func row(
        _ paymentID: Int64,
        _ kind: PaymentOperation.Kind,
        in transaction: ReadTransaction
    ) throws -> PaymentRow? {
        if let row = new[Key(paymentID: paymentID, kind: kind)] { return row }
        return try PaymentRows.find(payment: paymentID, PaymentMark.Kind(kind), in: transaction)
    }

    /// A batch that was fed gets no more entries: they would never reach the general ledger.
    private mutating func requireOpenBatch(
        _ operation: PaymentOperation,
        in transaction: ReadTransaction
    ) throws {
        guard !openBatches.contains(operation.batchID) else { return }
        if let run = try PaymentRows.run(thatFed: operation.batchID, in: transaction) {
            throw PaymentRefusal.alreadyPosted(operation, by: run)
        }
        openBatches.insert(operation.batchID)
    }

    func account(of operation: PaymentOperation) -> Int? {
        guard let accountID = AccountID.canonical(operation.accountID) else { return nil }
        let number = books.accountNumbers.find(accountID)
        return number < 0 ? nil : Int(number)
    }

    func payment(
        _ operation: PaymentOperation,
        amount: Int64,
        suffix: String
    ) throws -> NewEntry {
        guard let account = account(of: operation) else {
            throw PaymentRefusal.unknownAccount(operation)
        }
        return NewEntry(
            account: account,
            kind: .payment,
            amount: amount,
            date: operation.date,
            description: operation.description,
            sourceTransaction: "P\(operation.paymentID)\(suffix)"
        )
    }

    func mark(
        _ operation: PaymentOperation,
        _ digest: [UInt8],
        cashGL: Int,
        reverses: Int64?
    ) -> PaymentMark {
        PaymentMark(
            paymentID: operation.paymentID,
            kind: PaymentMark.Kind(operation.kind),
            batchID: operation.batchID,
            cashGL: cashGL,
            digest: digest,
            reversesEntry: reverses
        )
    }

    mutating func add(
        _ entry: NewEntry,
        _ mark: PaymentMark,
        _ operation: PaymentOperation
    ) throws -> Int64 {
        guard let id = booking.add(entry, mark) else {
            throw PaymentRefusal.balanceOutOfRange(operation)
        }
        remember(id, entry, mark, operation)
        return id
    }

    mutating func remember(
        _ id: Int64,
        _ entry: NewEntry,
        _ mark: PaymentMark,
        _ operation: PaymentOperation
    ) {
        new[Key(paymentID: operation.paymentID, kind: operation.kind)] = PaymentRow(
            entryID: id,
            paymentID: mark.paymentID,
            kind: mark.kind,
            amount: entry.amount,
            cashGL: mark.cashGL,
            digest: mark.digest,
            reversesEntry: mark.reversesEntry,
            account: entry.account
        )
    }
}

extension PaymentMark.Kind {
    init(_ kind: PaymentOperation.Kind) {
        switch kind {
        case .record: self = .record
        case .withdraw: self = .withdraw
        case .charge: self = .charge
        }
    }
}

extension PaymentOperation {
    /// Of what the operation says; the entries that it refers to may be told later than it is.
    fileprivate var contentDigest: [UInt8] {
        var digest = ContentDigest()
        digest.add(kind.rawValue)
        digest.add(paymentID)
        digest.add(batchID)
        digest.add(accountID)
        digest.add(amountMinorUnits)
        digest.add(paymentType.rawValue)
        digest.add(date)
        digest.add(description)
        digest.add(detailCode ?? "")
        return digest.bytes
    }
}
