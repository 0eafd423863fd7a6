import BatchRules
import Dates
import Money
import PaymentBatches
import Protocol
import Testing

extension PaymentBench {
    /// Takes in 10.00 in cash of the command API, which the ledger has booked as the entry named.
    @discardableResult
    func receive(
        entry: Int64,
        username: String = "CLERK",
        enteredBy: String = "vendor"
    ) async throws -> ReceivedPayments.Place {
        let today = try #require(Self.today)
        let payment = TransactionPayment(
            ledgerEntryID: entry,
            reservationID: nil,
            username: username,
            date: Int64(today.daysSince1970),
            department: "",
            accountID: "99999",
            amountMinorUnits: 1_000,
            paymentType: .cash,
            checkNumber: nil,
            description: "",
            cashDrawerID: nil,
            cashDrawerSessionID: nil,
            cashierUserID: nil,
            studentAwardID: entry,
            enteredBy: enteredBy
        )
        let received = try await PaymentReceipt(parts).receive(
            ReceivePayments(payments: [payment]),
            event: AuditEvent(outcome: .allowed, action: "batch.payments.receive")
        )
        return try #require(received.places.first)
    }
}
