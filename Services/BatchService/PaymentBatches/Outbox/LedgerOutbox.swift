package import Protocol
package import Storage

/// What the ledger has still to be told: a row for each operation, written with the change that it
/// tells of and forgotten when posting-service has booked it.
package enum LedgerOutbox {
    /// Puts an operation of a payment into the transaction; returns the row's number.
    @discardableResult
    package static func add(
        _ kind: PaymentOperation.Kind,
        paymentID: Int64,
        charge: (amountMinorUnits: Int64, detailCode: String)? = nil,
        in transaction: WriteTransaction
    ) throws -> Int64 {
        let row = try transaction.statement(
            """
            INSERT INTO ledger_outbox(payment_id, kind, charge_amount, charge_code)
            VALUES(?1, ?2, ?3, ?4)
            """
        )
        defer { row.reset() }
        row.bind(1, paymentID)
        row.bind(2, kind.rawValue)
        row.bind(3, charge.map { .integer($0.amountMinorUnits) } ?? .null)
        row.bind(4, charge.map { .text($0.detailCode) } ?? .null)
        return try row.insert()
    }
}
