import Money
import NIOConcurrencyHelpers
import Protocol

@testable import Bookkeeping
@testable import Students

/// batch-service as far as unscheduled payments see it, told what to do wrong.
final class FakeBatches: BatchPayments {
    struct State {
        var faults: [RPCError.Detail] = []
        var warnings: [RPCError.Detail] = []
        var reserved: [ReserveDrawer] = []
        var released: [String] = []
        var received: [TransactionPayment] = []
        var places: [Int64: Int64] = [:]
        var calls = 0
        /// Thrown by `receive` for a group that holds one of these entries.
        var refusedEntries: Set<Int64> = []
        var isDown = false
        /// Done before a reservation is answered.
        var duringReserve: (@Sendable (String) async throws -> Void)?
        var voidError: RPCError?
        var voids: [VoidPayment] = []
        var reversals: [Int64: VoidedPayment] = [:]
    }

    private let box = NIOLockedValueBox(State())
    private let ledger: Ledger

    init(ledger: Ledger) { self.ledger = ledger }

    var state: State { box.withLockedValue { $0 } }

    func change(_ body: (inout State) -> Void) { box.withLockedValue { body(&$0) } }

    func reserve(_ request: ReserveDrawer) async throws -> DrawerReservation {
        let state = box.withLockedValue { state in
            state.reserved.append(request)
            return state
        }
        try await state.duringReserve?(request.reservationID)
        return DrawerReservation(faults: state.faults, warnings: state.warnings)
    }

    func release(_ reservations: ReservationList) async throws {
        change { $0.released += reservations.reservationIDs }
    }

    func receive(_ payments: [TransactionPayment]) async throws -> [ReceivedPayments.Place] {
        let outcome: Result<[ReceivedPayments.Place], RPCError> = box.withLockedValue { state in
            state.calls += 1
            if state.isDown { return .failure(.unavailable("down")) }
            if payments.contains(where: { state.refusedEntries.contains($0.ledgerEntryID) }) {
                return .failure(.ruleBroken([]))
            }
            return .success(
                payments.map { payment in
                    let known = state.places[payment.ledgerEntryID]
                    let id = known ?? Int64(1_000 + state.places.count)
                    if known == nil { state.received.append(payment) }
                    state.places[payment.ledgerEntryID] = id
                    return ReceivedPayments.Place(paymentID: id, batchID: 7)
                }
            )
        }
        let places = try outcome.get()
        // Its outbox comes back to the ledger with the payment's numbers.
        _ = try await ledger.apply(
            zip(payments, places).map { payment, place in
                operation(payment, place.paymentID, payment.amountMinorUnits)
            }
        )
        return places
    }

    func void(_ request: VoidPayment) async throws -> VoidedPayment {
        let state = box.withLockedValue { state in
            state.voids.append(request)
            return state
        }
        if let error = state.voidError { throw error }
        if let reversal = state.reversals[request.ledgerEntryID] { return reversal }
        guard
            let payment = state.received.first(where: { $0.ledgerEntryID == request.ledgerEntryID })
        else { throw RPCError.notFound }
        var reversal = operation(
            payment,
            5_000 + request.ledgerEntryID,
            -payment.amountMinorUnits
        )
        reversal.ledgerEntryID = nil
        reversal.reversesLedgerEntryID = request.ledgerEntryID
        reversal.description = request.note
        let entry = try await ledger.apply([reversal]).entryIDs[0]
        let voided = VoidedPayment(
            reversalPaymentID: reversal.paymentID,
            batchID: 7,
            ledgerEntryID: entry
        )
        change { $0.reversals[request.ledgerEntryID] = voided }
        return voided
    }

    func operation(
        _ payment: TransactionPayment,
        _ paymentID: Int64,
        _ amount: Int64
    ) -> PaymentOperation {
        PaymentOperation(
            paymentID: paymentID,
            kind: .record,
            batchID: 7,
            accountID: payment.accountID,
            amountMinorUnits: amount,
            paymentType: payment.paymentType,
            date: payment.date,
            description: payment.description,
            ledgerEntryID: payment.ledgerEntryID
        )
    }
}
