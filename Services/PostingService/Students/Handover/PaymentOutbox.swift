import Dates
import FoundationEssentials
import Protocol
import Storage

/// Payments that are booked and that batch-service has still to be told of: a row is written with
/// the payment and forgotten when batch-service has it.
enum PaymentOutbox {
    /// Payments of one call.
    static let groupSize = 200
    private static let pause = BoundedWait(longest: 60_000)

    struct Row: Sendable {
        var payment: TransactionPayment
        var attempts: Int64
    }

    static func add(_ payment: TransactionPayment, in transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO payment_outbox(entry_id, payment, attempts, not_before)
            VALUES(?1, ?2, 0, 0)
            """,
            [
                .integer(payment.ledgerEntryID), .blob(Array(try StrictJSON.encode(payment))),
            ]
        )
    }

    /// The oldest rows that are not put off.
    static func oldest(at milliseconds: Int64, in transaction: ReadTransaction) throws -> [Row] {
        var rows: [Row] = []
        try transaction.rows(
            """
            SELECT payment, attempts FROM payment_outbox WHERE not_before <= ?1 OR not_before > ?2
            ORDER BY entry_id LIMIT ?3
            """,
            [
                .integer(milliseconds), .integer(pause.horizon(at: milliseconds)),
                .integer(Int64(groupSize)),
            ]
        ) { rows.append(try read($0)) }
        return rows
    }

    /// The row of an entry; nil where batch-service has it.
    static func row(of entryID: Int64, in transaction: ReadTransaction) throws -> Row? {
        try transaction.first(
            "SELECT payment, attempts FROM payment_outbox WHERE entry_id = ?1",
            [.integer(entryID)]
        ) { try read($0) }
    }

    private static func read(_ statement: Statement) throws -> Row {
        Row(
            payment: try StrictJSON.decodeReply(TransactionPayment.self, from: statement.blob(0)),
            attempts: statement.int64(1)
        )
    }

    /// Keeps where payments went and forgets their rows.
    static func received(
        _ rows: [Row],
        _ places: [ReceivedPayments.Place],
        in transaction: WriteTransaction
    ) throws {
        for (row, place) in zip(rows, places) {
            let entry = SQLValue.integer(row.payment.ledgerEntryID)
            try transaction.execute(
                """
                UPDATE student_transaction SET payment_id = ?2, batch_id = ?3
                WHERE entry_id = ?1 AND payment_id IS NULL
                """,
                [entry, .integer(place.paymentID), .integer(place.batchID)]
            )
            try transaction.execute("DELETE FROM payment_outbox WHERE entry_id = ?1", [entry])
        }
    }

    /// Puts a refused row off, longer each time, so that it holds up no other.
    static func postpone(
        _ row: Row,
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        let pause = min(Self.pause.longest, 1_000 << min(row.attempts, 6))
        try transaction.execute(
            "UPDATE payment_outbox SET attempts = ?2, not_before = ?3 WHERE entry_id = ?1",
            [
                .integer(row.payment.ledgerEntryID), .integer(row.attempts + 1),
                .integer(milliseconds + pause),
            ]
        )
    }
}
