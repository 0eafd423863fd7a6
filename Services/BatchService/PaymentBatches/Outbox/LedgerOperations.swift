internal import Logging
internal import Money
internal import Protocol
internal import ServiceStore
internal import Storage

/// A row of `ledger_outbox` with what the ledger is told.
struct LedgerOperationRow: OutboxRow, Equatable {
    var id: Int64
    var operation: PaymentOperation
    /// What the payment reverses has no entry yet: the ledger could not tie the two together.
    var waitsForAnother: Bool

    var subject: Int64 { operation.paymentID }
}

/// The outbox of what the ledger is told; its subjects are payments.
struct LedgerOperations: Outbox {
    let ledger: any LedgerClient

    /// The entries of the operations, in their order.
    func send(_ rows: [LedgerOperationRow]) async throws -> [Int64] {
        let entries = try await ledger.apply(rows.map(\.operation))
        guard entries.count == rows.count else {
            throw RPCError(.internal, reason: "entries_missing", message: "Entries are missing.")
        }
        return entries
    }

    /// What is told of a payment depends on what never changes, so that the same row says the same
    /// whenever it is sent: posting-service refuses a repetition with other content.
    func oldest(_ limit: Int, in transaction: ReadTransaction) throws -> [LedgerOperationRow] {
        let row = try transaction.statement(
            """
            SELECT o.id, o.payment_id, o.kind, o.charge_amount, o.charge_code, p.batch_id,
                p.account_id, p.amount, p.payment_type, p.transaction_date, p.description,
                p.ledger_entry_id, p.reverses_payment_id, r.ledger_entry_id
            FROM ledger_outbox o JOIN payment p ON p.id = o.payment_id
                LEFT JOIN payment r ON r.id = p.reverses_payment_id
            ORDER BY o.id LIMIT ?1
            """
        )
        defer { row.reset() }
        row.bind(1, Int64(limit))
        var rows: [LedgerOperationRow] = []
        while try row.step() { rows.append(try Self.read(row)) }
        return rows
    }

    private static func read(_ row: Statement) throws -> LedgerOperationRow {
        guard let kind = PaymentOperation.Kind(rawValue: row.string(2)),
            let type = PaymentType(rawValue: row.string(8))
        else { throw StoreError.damaged("row \(row.int64(0)) of ledger_outbox has no such kind") }
        let isRecord = kind == .record
        let operation = PaymentOperation(
            paymentID: row.int64(1),
            kind: kind,
            batchID: row.int64(5),
            accountID: row.string(6),
            amountMinorUnits: kind == .charge ? row.int64(3) : row.int64(7),
            paymentType: type,
            date: row.int64(9),
            description: row.string(10),
            ledgerEntryID: isRecord ? row.optionalInteger(11) : nil,
            reversesLedgerEntryID: isRecord ? row.optionalInteger(13) : nil,
            detailCode: kind == .charge ? row.optionalString(4) : nil
        )
        return LedgerOperationRow(
            id: row.int64(0),
            operation: operation,
            waitsForAnother: isRecord && !row.isNull(12) && row.isNull(13)
        )
    }

    /// Notes the entries of recorded payments and forgets the rows.
    func forget(
        _ rows: [LedgerOperationRow],
        _ entries: [Int64],
        in transaction: WriteTransaction
    ) throws {
        let payment = try transaction.statement(
            "UPDATE payment SET ledger_entry_id = ?2 WHERE id = ?1 AND ledger_entry_id IS NULL"
        )
        defer { payment.reset() }
        for (row, entry) in zip(rows, entries) {
            if row.operation.kind == .record, row.operation.ledgerEntryID == nil {
                payment.reset()
                payment.bind(1, row.operation.paymentID)
                payment.bind(2, entry)
                _ = try payment.step()
            }
        }
        try transaction.forget(rows.map(\.id), of: "ledger_outbox")
    }

    func count(in transaction: ReadTransaction) throws -> Int64 {
        try transaction.integer("SELECT COUNT(*) FROM ledger_outbox") ?? 0
    }

    func holds(_ paymentID: Int64, in transaction: ReadTransaction) throws -> Bool {
        try transaction.integer(
            "SELECT 1 FROM ledger_outbox WHERE payment_id = ?1 LIMIT 1",
            [.integer(paymentID)]
        ) != nil
    }

    func description(of row: LedgerOperationRow) -> Logger.Metadata {
        [
            "payment": "\(row.operation.paymentID)",
            "kind": "\(row.operation.kind.rawValue)",
        ]
    }
}
