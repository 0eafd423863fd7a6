import Storage

/// A row of `payment_entry` with its entry's account, as an operation that refers to it needs it.
struct PaymentRow {
    var entryID: Int64
    var paymentID: Int64?
    var kind: PaymentMark.Kind
    var amount: Int64
    var cashGL: Int
    var digest: [UInt8]
    var reversesEntry: Int64?
    var account: Int
}

/// Reads and marks the payments that the ledger holds.
enum PaymentRows {
    private static let columns = """
        p.entry_id, p.payment_id, p.kind, p.amount, p.cash_gl, p.digest, p.reverses_entry,
        e.account FROM payment_entry p JOIN entry e ON e.id = p.entry_id
        """

    static func find(
        payment paymentID: Int64,
        _ kind: PaymentMark.Kind,
        in transaction: ReadTransaction
    ) throws -> PaymentRow? {
        let statement = try transaction.statement(
            "SELECT \(columns) WHERE p.payment_id = ?1 AND p.kind = ?2"
        )
        statement.bind(2, kind.rawValue)
        return try read(statement, paymentID)
    }

    static func find(entry id: Int64, in transaction: ReadTransaction) throws -> PaymentRow? {
        try read(try transaction.statement("SELECT \(columns) WHERE p.entry_id = ?1"), id)
    }

    private static func read(_ statement: Statement, _ id: Int64) throws -> PaymentRow? {
        defer { statement.reset() }
        statement.bind(1, id)
        guard try statement.step() else { return nil }
        guard let kind = PaymentMark.Kind(rawValue: statement.string(2)) else {
            throw LedgerFault.paymentIsMissing(entry: statement.int64(0))
        }
        return PaymentRow(
            entryID: statement.int64(0),
            paymentID: statement.optionalInteger(1),
            kind: kind,
            amount: statement.int64(3),
            cashGL: Int(statement.int64(4)),
            digest: Array(statement.blob(5)),
            reversesEntry: statement.optionalInteger(6),
            account: Int(statement.int64(7))
        )
    }

    /// Gives a payment that was booked here first the numbers under which batch-service has it.
    static func adopt(
        _ entryID: Int64,
        paymentID: Int64,
        batchID: Int64,
        digest: [UInt8],
        in transaction: WriteTransaction
    ) throws {
        let changed = try transaction.execute(
            """
            UPDATE payment_entry SET payment_id = ?2, batch_id = ?3, digest = ?4
            WHERE entry_id = ?1 AND payment_id IS NULL
            """,
            [.integer(entryID), .integer(paymentID), .integer(batchID), .blob(digest)]
        )
        guard changed == 1 else { throw LedgerFault.paymentIsMissing(entry: entryID) }
    }

    /// The run that has fed a batch to the general ledger, or nil.
    static func run(thatFed batchID: Int64, in transaction: ReadTransaction) throws -> Int64? {
        let statement = try transaction.statement(
            "SELECT run_id FROM fed_batch WHERE batch_id = ?1"
        )
        defer { statement.reset() }
        statement.bind(1, batchID)
        return try statement.step() ? statement.int64(0) : nil
    }
}
