internal import ServiceStore
internal import BatchRules
package import Protocol
internal import Storage

/// Groups payments that the ledger holds already: those of the command API (seed 002), handed over by
/// posting-service's outbox.
package struct PaymentReceipt: Sendable {
    /// Payments of one call.
    package static let maximumPayments = 1_000

    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    /// Puts each payment into the open batch of its username and date, once by its ledger entry
    /// (`batch.payments.receive`); a repeated call gives the places of the first.
    package func receive(
        _ request: ReceivePayments,
        event: AuditEvent
    ) async throws -> ReceivedPayments {
        guard request.payments.count <= Self.maximumPayments else {
            throw RPCError.invalid([
                RPCError.Detail(
                    field: "/payments",
                    code: "too_many",
                    message: "At most \(Self.maximumPayments) payments in one call."
                )
            ])
        }
        let environment = parts.environment
        let places = try await parts.store.writeRepeatedly { transaction in
            try request.payments.map { payment in
                try Self.known(payment.ledgerEntryID, in: transaction)
                    ?? Self.group(payment, environment, event, in: transaction)
            }
        }
        environment.ledger.wake()
        return ReceivedPayments(places: places)
    }

    private static func known(
        _ ledgerEntryID: Int64,
        in transaction: WriteTransaction
    ) throws -> ReceivedPayments.Place? {
        let row = try transaction.statement(
            """
            SELECT id, batch_id FROM payment
            WHERE ledger_entry_id = ?1 AND student_award_id IS NOT NULL
            """
        )
        defer { row.reset() }
        row.bind(1, ledgerEntryID)
        guard try row.step() else { return nil }
        return ReceivedPayments.Place(paymentID: row.int64(0), batchID: row.int64(1))
    }

    private static func group(
        _ payment: TransactionPayment,
        _ environment: PaymentEnvironment,
        _ event: AuditEvent,
        in transaction: WriteTransaction
    ) throws -> ReceivedPayments.Place {
        let now = environment.now()
        var batch = try BatchOpening(
            kind: .payment,
            username: payment.username,
            entryDate: payment.date,
            department: payment.department,
            depositNumber: nil,
            createdBy: payment.enteredBy,
            createdAt: now
        ).findOrCreate(in: transaction)
        let before = (count: batch.count, total: batch.total)
        if batch.department.isEmpty { batch.department = payment.department }
        let paymentID = try batch.add(draft(payment, at: now), in: transaction)
        try batch.saveContents(in: transaction)
        if let reservationID = payment.reservationID {
            try environment.consumeReservation(reservationID, payment, transaction)
        }
        var event = event
        event.actor = payment.enteredBy
        event.subject = "payment/\(paymentID)"
        event.change = BatchChange.text(of: batch, before: before)
        try AuditOutbox.add(event, at: now, in: transaction)
        return ReceivedPayments.Place(paymentID: paymentID, batchID: batch.id)
    }

    private static func draft(_ payment: TransactionPayment, at now: Int64) -> PaymentDraft {
        PaymentDraft(
            accountID: payment.accountID,
            amount: payment.amountMinorUnits,
            paymentType: payment.paymentType,
            checkNumber: payment.checkNumber,
            description: payment.description,
            transactionDate: payment.date,
            enteredBy: payment.enteredBy,
            enteredAt: now,
            cashDrawerID: payment.cashDrawerID,
            cashDrawerSessionID: payment.cashDrawerSessionID,
            cashierUserID: payment.cashierUserID,
            studentAwardID: payment.studentAwardID,
            ledgerEntryID: payment.ledgerEntryID
        )
    }
}
