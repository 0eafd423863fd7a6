import FoundationEssentials
import Logging
import Protocol
import ServiceStore
import Storage

/// Payments that are booked and that batch-service has still to be told of: a row is written with
/// the payment and forgotten when batch-service has it.
///
/// Rows and subjects are ledger entries.
struct PaymentOutbox: Outbox {
    struct Row: OutboxRow {
        var payment: TransactionPayment

        var id: Int64 { payment.ledgerEntryID }
        var subject: Int64 { payment.ledgerEntryID }
        var waitsForAnother: Bool { false }
    }

    let batches: any BatchPayments

    static func add(_ payment: TransactionPayment, in transaction: WriteTransaction) throws {
        try transaction.execute(
            "INSERT INTO payment_outbox(entry_id, payment) VALUES(?1, ?2)",
            [
                .integer(payment.ledgerEntryID), .blob(Array(try StrictJSON.encode(payment))),
            ]
        )
    }

    /// The row of an entry; nil where batch-service has it.
    static func row(of entryID: Int64, in transaction: ReadTransaction) throws -> Row? {
        try transaction.first(
            "SELECT payment FROM payment_outbox WHERE entry_id = ?1",
            [.integer(entryID)]
        ) { try read($0) }
    }

    private static func read(_ statement: Statement) throws -> Row {
        Row(
            payment: try StrictJSON.decodeReply(TransactionPayment.self, from: statement.blob(0))
        )
    }

    func oldest(_ limit: Int, in transaction: ReadTransaction) throws -> [Row] {
        var rows: [Row] = []
        try transaction.rows(
            "SELECT payment FROM payment_outbox ORDER BY entry_id LIMIT ?1",
            [.integer(Int64(limit))]
        ) { rows.append(try Self.read($0)) }
        return rows
    }

    /// Where the payments went, in their order.
    func send(_ rows: [Row]) async throws -> [ReceivedPayments.Place] {
        try await batches.receive(rows.map(\.payment))
    }

    /// Keeps where payments went and forgets their rows.
    func forget(
        _ rows: [Row],
        _ places: [ReceivedPayments.Place],
        in transaction: WriteTransaction
    ) throws {
        for (row, place) in zip(rows, places) {
            try transaction.execute(
                """
                UPDATE student_transaction SET payment_id = ?2, batch_id = ?3
                WHERE entry_id = ?1 AND payment_id IS NULL
                """,
                [.integer(row.id), .integer(place.paymentID), .integer(place.batchID)]
            )
        }
        try transaction.forget(rows.map(\.id), of: "payment_outbox", by: "entry_id")
    }

    func count(in transaction: ReadTransaction) throws -> Int64 {
        try transaction.integer("SELECT COUNT(*) FROM payment_outbox") ?? 0
    }

    func holds(_ entryID: Int64, in transaction: ReadTransaction) throws -> Bool {
        try Self.row(of: entryID, in: transaction) != nil
    }

    func description(of row: Row) -> Logger.Metadata { ["entry": "\(row.id)"] }
}
