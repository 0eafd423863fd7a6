internal import ServiceStore
internal import BatchRules
internal import Dates
internal import Identity
package import Protocol
internal import Storage

/// Voids payments of the command API: a reversal like any other, asked for by posting-service, which has
/// judged the caller (seed 002).
package struct PaymentVoiding: Sendable {
    static let reasonCode = "VOID"
    /// How long the call waits for the ledger; asking again goes on waiting.
    static let ledgerWaitMilliseconds: Int64 = 5_000

    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    /// Reverses the payment of a ledger entry and returns when the ledger has the reversal
    /// (`batch.payments.void`); a repeated call gives the first reversal.
    ///
    /// - Throws: `notFound` where no payment has the entry; 409 where it was deleted or reversed in
    ///   another way; `unavailable` where the ledger does not follow in time: the payment is voided then.
    package func void(
        _ request: VoidPayment,
        event: AuditEvent
    ) async throws -> VoidedPayment {
        let environment = parts.environment
        let place = try await parts.store.writeRepeatedly { transaction in
            try Self.reversal(request, event, environment, in: transaction)
        }
        _ = await environment.ledger.settled(
            place.paymentID,
            withinMilliseconds: Self.ledgerWaitMilliseconds
        )
        let entry = try await parts.store.read { transaction in
            try transaction.integer(
                "SELECT ledger_entry_id FROM payment WHERE id = ?1",
                [.integer(place.paymentID)]
            )
        }
        guard let entry else {
            var error = RPCError.unavailable("The reversal is not in the ledger yet. Try again.")
            error.processed = .maybe
            throw error
        }
        return VoidedPayment(
            reversalPaymentID: place.paymentID,
            batchID: place.batchID,
            ledgerEntryID: entry
        )
    }

    private static func reversal(
        _ request: VoidPayment,
        _ event: AuditEvent,
        _ environment: PaymentEnvironment,
        in transaction: WriteTransaction
    ) throws -> ReceivedPayments.Place {
        guard
            let payment = try PaymentRow.load(
                ledgerEntryID: request.ledgerEntryID,
                in: transaction
            ),
            let batch = try BatchRow.load(payment.batchID, in: transaction)
        else { throw RPCError.notFound }
        if let first = try PaymentRow.reversal(of: payment.id, in: transaction),
            first.reasonCode == reasonCode
        {
            return ReceivedPayments.Place(paymentID: first.id, batchID: first.batchID)
        }
        var event = event
        event.actor = request.actor
        event.requestID = request.requestID
        let caller = PaymentCaller(
            account: request.actor,
            staff: nil,
            role: .none,
            event: event,
            key: nil
        )
        let reversing = Reversing(
            changing: BatchChanging(
                caller: caller,
                note: request.note,
                now: environment.now(),
                transaction: transaction
            ),
            today: Int64(environment.today().daysSince1970),
            reasonCode: reasonCode
        )
        let made = try reversing.reverse(
            payment,
            batch,
            try reversing.ruling(payment, batch)
        )
        return ReceivedPayments.Place(paymentID: made.paymentID, batchID: made.batch.id)
    }
}
