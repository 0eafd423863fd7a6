internal import BatchRules
internal import Money
package import Protocol
package import Storage

/// Room in a drawer for payments on their way (contract S2-9, S2-21; fault T-08).
///
/// A reservation is used up by its payment, or given back. One that was used stays with no amount for a
/// while, so that a request that comes late does not hold room again.
package enum DrawerReservations {
    /// How long a used reservation is remembered.
    static let memoryMilliseconds: Int64 = 60 * 60 * 1_000

    /// Judges a payment, and holds room for it unless it only looks (`batch.drawers.reserve`).
    ///
    /// Judged and held in one transaction: however many payments ask at once, they never pass the
    /// limit together. The same reservation again is answered without holding more.
    package static func reserve(
        _ request: ReserveDrawer,
        at now: Int64,
        in transaction: WriteTransaction
    ) throws -> DrawerReservation {
        if !request.isCheckOnly, try amount(request.reservationID, in: transaction) != nil {
            return DrawerReservation(faults: [], warnings: [])
        }
        var judgement = try DrawerJudgement(request, in: transaction)
        judgement.judge()
        let answer = DrawerReservation(faults: judgement.faults, warnings: judgement.warnings)
        guard !request.isCheckOnly, answer.faults.isEmpty, var session = judgement.session else {
            return answer
        }
        session.machine.reserved += request.amountMinorUnits
        try session.save(in: transaction)
        try transaction.execute(
            """
            INSERT INTO drawer_reservation(id, cash_drawer_session_id, amount, made_at)
            VALUES(?1, ?2, ?3, ?4)
            """,
            [
                .text(request.reservationID), .integer(session.id),
                .integer(request.amountMinorUnits), .integer(now),
            ]
        )
        return answer
    }

    /// The payment has arrived: what was reserved for it is taken in.
    ///
    /// Where the reservation is gone, or the session closed meanwhile, it is taken in all the same: the
    /// money is real.
    package static func consume(
        _ reservationID: String,
        _ payment: TransactionPayment,
        in transaction: WriteTransaction
    ) throws {
        let held = try amount(reservationID, in: transaction)
        guard let sessionID = held?.sessionID ?? payment.cashDrawerSessionID,
            var session = try DrawerSessionRow.load(sessionID, in: transaction)
        else { return }
        if let held {
            session.machine.reserved -= held.amount
            try transaction.execute(
                "UPDATE drawer_reservation SET amount = 0 WHERE id = ?1",
                [.text(reservationID)]
            )
        }
        try session.take(payment.amountMinorUnits, count: 1)
        try session.save(in: transaction)
    }

    /// Gives reservations back whose payment is not booked and never will be.
    package static func release(
        _ reservationIDs: [String],
        in transaction: WriteTransaction
    ) throws {
        for id in reservationIDs {
            guard let held = try amount(id, in: transaction), held.amount > 0 else { continue }
            try transaction.execute("DELETE FROM drawer_reservation WHERE id = ?1", [.text(id)])
            guard var session = try DrawerSessionRow.load(held.sessionID, in: transaction) else {
                continue
            }
            session.machine.reserved -= held.amount
            try session.save(in: transaction)
        }
    }

    /// A payment of the session was deleted or reversed: it is not in the drawer any more.
    ///
    /// A session that is not open stays as it was counted.
    package static func undo(
        sessionID: Int64,
        amountMinorUnits: Int64,
        in transaction: WriteTransaction
    ) throws {
        try adjust(sessionID, by: amountMinorUnits, sign: -1, in: transaction)
    }

    /// The reversal of a payment of the session was itself undone: the payment is in the drawer again.
    package static func redo(
        sessionID: Int64,
        amountMinorUnits: Int64,
        in transaction: WriteTransaction
    ) throws {
        try adjust(sessionID, by: amountMinorUnits, sign: 1, in: transaction)
    }

    private static func adjust(
        _ sessionID: Int64,
        by amount: Int64,
        sign: Int64,
        in transaction: WriteTransaction
    ) throws {
        guard var session = try DrawerSessionRow.load(sessionID, in: transaction),
            session.machine.status == .open
        else { return }
        let (signed, overflow) = amount.multipliedReportingOverflow(by: sign)
        guard !overflow else { throw DrawerSessionRow.beyondRange }
        try session.take(signed, count: sign)
        try session.save(in: transaction)
    }

    private static func amount(
        _ id: String,
        in transaction: ReadTransaction
    ) throws -> (sessionID: Int64, amount: Int64)? {
        try transaction.first(
            "SELECT cash_drawer_session_id, amount FROM drawer_reservation WHERE id = ?1",
            [.text(id)]
        ) { (sessionID: $0.int64(0), amount: $0.int64(1)) }
    }
}

extension DrawerSessionRow {
    static let beyondRange = RPCError.ruleBroken([
        RPCError.Detail(
            field: "cashDrawerSessionId",
            code: "out_of_range",
            message: "The session comes to more than can be booked: close it and open another."
        )
    ])

    /// Takes an amount in; below zero, gives it out.
    fileprivate mutating func take(_ amount: Int64, count: Int64) throws {
        let (sum, overflow) = total.addingReportingOverflow(amount)
        guard !overflow else { throw Self.beyondRange }
        total = sum
        paymentCount += count
    }
}
