internal import BatchRules
internal import Crypto
internal import Money
internal import Protocol
internal import Storage

/// A payment on its way into a batch.
struct PaymentDraft: Sendable {
    var accountID: String
    var amount: Int64
    var paymentType: PaymentType
    var checkNumber: String?
    var description: String
    /// Days since 1970.
    var transactionDate: Int64
    var enteredBy: String
    var enteredAt: Int64
    var reversesPaymentID: Int64?
    var reasonCode: String?
    var note: String?
    var cashDrawerID: Int64?
    var cashDrawerSessionID: Int64?
    var cashierUserID: Int64?
    var studentAwardID: Int64?
    var ledgerEntryID: Int64?
}

extension BatchRow {
    /// Puts a payment into the batch: its row, the sums, the content hash, and the ledger's outbox.
    ///
    /// The caller saves the batch.
    ///
    /// - Throws: `ruleBroken` where a sum would leave 64 bits.
    mutating func add(_ draft: PaymentDraft, in transaction: WriteTransaction) throws -> Int64 {
        var tenders = TenderSums()
        let paymentID = try add(draft, &tenders, in: transaction)
        try tenders.save(in: transaction)
        return paymentID
    }

    /// As above, for several payments of one transaction: the caller saves the tenders too.
    ///
    /// Nothing is written before every rule has let the payment pass.
    mutating func add(
        _ draft: PaymentDraft,
        _ tenders: inout TenderSums,
        in transaction: WriteTransaction
    ) throws -> Int64 {
        var sums = self
        try sums.change(by: draft.amount, count: 1)
        sums.operations += 1
        try tenders.change(id, draft.paymentType, by: draft.amount, count: 1, in: transaction)
        self = sums
        let paymentID = try insert(draft, in: transaction)
        var bytes = ContentHash.start(after: contentHash)
        ContentHash.append(
            draft.reversesPaymentID == nil ? .added : .reversed,
            paymentID: paymentID,
            accountID: draft.accountID,
            amountMinorUnits: draft.amount,
            paymentType: draft.paymentType.rawValue,
            to: &bytes
        )
        contentHash = SHA256.digest(bytes)
        try BatchMakers.add(draft.enteredBy, to: self, in: transaction)
        try LedgerOutbox.add(.record, paymentID: paymentID, in: transaction)
        return paymentID
    }

    /// Changes count and total, with the check that SQL would not make.
    mutating func change(by amount: Int64, count step: Int64) throws {
        guard let sum = Amount(minorUnits: total).adding(Amount(minorUnits: amount)) else {
            throw TenderSums.outOfRange
        }
        total = sum.minorUnits
        count += step
    }

    private func insert(_ draft: PaymentDraft, in transaction: WriteTransaction) throws -> Int64 {
        let row = try transaction.statement(
            """
            INSERT INTO payment(batch_id, account_id, amount, payment_type, check_number,
                description, transaction_date, entered_by, entered_at, state,
                reverses_payment_id, reason_code, note, cash_drawer_id, cash_drawer_session_id,
                cashier_user_id, student_award_id, ledger_entry_id, row_version)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'NonPosted', ?10, ?11, ?12, ?13, ?14, ?15,
                ?16, ?17, 1)
            """
        )
        defer { row.reset() }
        row.bind(1, id)
        row.bind(2, draft.accountID)
        row.bind(3, draft.amount)
        row.bind(4, draft.paymentType.rawValue)
        row.bind(5, optional: draft.checkNumber)
        row.bind(6, draft.description)
        row.bind(7, draft.transactionDate)
        row.bind(8, draft.enteredBy)
        row.bind(9, draft.enteredAt)
        row.bind(10, optional: draft.reversesPaymentID)
        row.bind(11, optional: draft.reasonCode)
        row.bind(12, optional: draft.note)
        row.bind(13, optional: draft.cashDrawerID)
        row.bind(14, optional: draft.cashDrawerSessionID)
        row.bind(15, optional: draft.cashierUserID)
        row.bind(16, optional: draft.studentAwardID)
        row.bind(17, optional: draft.ledgerEntryID)
        return try row.insert()
    }
}

/// The sums of batches by the way of payment: read when they are first changed, written at the end.
struct TenderSums {
    private struct Key: Hashable {
        var batchID: Int64
        var type: PaymentType
    }

    private struct Sum {
        var count: Int64
        var total: Int64
        var isStored: Bool
    }

    private var sums: [Key: Sum] = [:]

    /// Changes a sum; throws `ruleBroken`, with nothing changed, where it would leave 64 bits.
    mutating func change(
        _ batchID: Int64,
        _ type: PaymentType,
        by amount: Int64,
        count: Int64,
        in transaction: ReadTransaction
    ) throws {
        let key = Key(batchID: batchID, type: type)
        var sum = try sums[key] ?? Self.load(key, in: transaction)
        let after = Amount(minorUnits: sum.total).adding(Amount(minorUnits: amount))
        guard let after else { throw Self.outOfRange }
        sum.total = after.minorUnits
        sum.count += count
        sums[key] = sum
    }

    private static func load(_ key: Key, in transaction: ReadTransaction) throws -> Sum {
        let row = try transaction.statement(
            """
            SELECT payment_count, total FROM payment_batch_tender
            WHERE batch_id = ?1 AND payment_type = ?2
            """
        )
        defer { row.reset() }
        row.bind(1, key.batchID)
        row.bind(2, key.type.rawValue)
        guard try row.step() else { return Sum(count: 0, total: 0, isStored: false) }
        return Sum(count: row.int64(0), total: row.int64(1), isStored: true)
    }

    /// Writes every sum that was changed.
    func save(in transaction: WriteTransaction) throws {
        for (key, sum) in sums {
            let row = try transaction.statement(sum.isStored ? Self.update : Self.insert)
            defer { row.reset() }
            row.bind(1, key.batchID)
            row.bind(2, key.type.rawValue)
            row.bind(3, sum.count)
            row.bind(4, sum.total)
            _ = try row.step()
        }
    }

    private static let update = """
        UPDATE payment_batch_tender SET payment_count = ?3, total = ?4
        WHERE batch_id = ?1 AND payment_type = ?2
        """
    private static let insert = """
        INSERT INTO payment_batch_tender(batch_id, payment_type, payment_count, total)
        VALUES(?1, ?2, ?3, ?4)
        """

    static let outOfRange = RPCError.ruleBroken([
        RPCError.Detail(
            field: "/amount",
            code: "out_of_range",
            message: "The batch's total would be beyond what can be booked. Close the batch first."
        )
    ])
}
