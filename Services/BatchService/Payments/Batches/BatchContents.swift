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
        let paymentID = try insert(draft, in: transaction)
        try change(by: draft.amount, count: 1)
        operations += 1
        try TenderRows.change(
            id,
            draft.paymentType,
            by: draft.amount,
            count: 1,
            in: transaction
        )
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
            throw TenderRows.outOfRange
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
        _ = try row.step()
        return transaction.lastInsertedRowID
    }
}

/// The sums of a batch by the way of payment.
enum TenderRows {
    static func change(
        _ batchID: Int64,
        _ type: PaymentType,
        by amount: Int64,
        count: Int64,
        in transaction: WriteTransaction
    ) throws {
        let found = try transaction.statement(
            """
            SELECT payment_count, total FROM payment_batch_tender
            WHERE batch_id = ?1 AND payment_type = ?2
            """
        )
        defer { found.reset() }
        found.bind(1, batchID)
        found.bind(2, type.rawValue)
        let isKnown = try found.step()
        let before =
            isKnown
            ? (count: found.int64(0), total: found.int64(1))
            : (count: 0, total: 0)
        guard let sum = Amount(minorUnits: before.total).adding(Amount(minorUnits: amount)) else {
            throw outOfRange
        }
        let row = try transaction.statement(isKnown ? update : insert)
        defer { row.reset() }
        row.bind(1, batchID)
        row.bind(2, type.rawValue)
        row.bind(3, before.count + count)
        row.bind(4, sum.minorUnits)
        _ = try row.step()
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
