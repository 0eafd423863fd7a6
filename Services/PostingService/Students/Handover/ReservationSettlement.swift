import Bookkeeping
import Protocol
import ServiceRuntime
import Storage

extension Ledger {
    /// Which reservations have a booked payment; the others never will: they are refused from now
    /// on.
    func settle(_ reservations: ReservationList) async throws -> SettledReservations {
        let time = Timestamps.now()
        return try await store.write { transaction in
            var booked: [String] = []
            for id in reservations.reservationIDs {
                if try Reservations.isBooked(id, in: transaction) {
                    booked.append(id)
                } else {
                    try Reservations.refuse(id, at: time, in: transaction)
                }
            }
            return SettledReservations(booked: booked)
        }
    }
}

/// Room in cash drawers that batch-service holds for payments that are being booked.
enum Reservations {
    static func isBooked(_ id: String, in transaction: ReadTransaction) throws -> Bool {
        try transaction.integer(
            "SELECT entry_id FROM student_transaction WHERE reservation_id = ?1",
            [.text(id)]
        ) != nil
    }

    static func refuse(
        _ id: String,
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO reservation_refused(reservation_id, at) VALUES(?1, ?2)
            ON CONFLICT (reservation_id) DO NOTHING
            """,
            [.text(id), .integer(milliseconds)]
        )
    }

    static func isRefused(_ id: String, in transaction: ReadTransaction) throws -> Bool {
        try transaction.integer(
            "SELECT at FROM reservation_refused WHERE reservation_id = ?1",
            [.text(id)]
        ) != nil
    }
}
