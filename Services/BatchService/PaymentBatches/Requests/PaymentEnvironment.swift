package import Dates
package import Protocol
internal import ServiceStore
package import Storage

/// Tells whether payments may be entered for an account.
package protocol AccountChecks: Sendable {
    /// What the ledger says of the account.
    ///
    /// Throws `RPCError.unavailable` where it cannot be asked.
    func check(_ accountID: String) async throws -> AccountCheck

    /// Whether charges may be booked under a detail code.
    func isChargeCode(_ code: String) async throws -> Bool
}

/// What brings the rows of `ledger_outbox` to the ledger.
package protocol LedgerDelivery: Sendable {
    /// Rows were put into the outbox.
    func wake()

    /// Waits until the outbox holds nothing of the payment any more; false where that takes longer.
    func settled(_ paymentID: Int64, withinMilliseconds: Int64) async -> Bool
}

/// What payments ask of their surroundings.
package struct PaymentEnvironment: Sendable {
    /// Uses the reservation of a payment that has arrived, in the transaction that groups it.
    package typealias Consumption =
        @Sendable (
            _ reservationID: String, _ payment: TransactionPayment, _ transaction: WriteTransaction
        ) throws -> Void

    /// Milliseconds since 1970.
    package var now: @Sendable () -> Int64
    /// The day in the business time zone.
    package var today: @Sendable () -> CalendarDay
    package var accounts: any AccountChecks
    package var ledger: any LedgerDelivery
    package var consumeReservation: Consumption
    /// Where work goes on that no caller waits on a thread for; nil leaves it to the system.
    package var executor: (any TaskExecutor)?

    package init(
        now: @escaping @Sendable () -> Int64,
        today: @escaping @Sendable () -> CalendarDay,
        accounts: any AccountChecks,
        ledger: any LedgerDelivery,
        consumeReservation: @escaping Consumption,
        executor: (any TaskExecutor)? = nil
    ) {
        self.now = now
        self.today = today
        self.accounts = accounts
        self.ledger = ledger
        self.consumeReservation = consumeReservation
        self.executor = executor
    }
}

/// The store and the surroundings of payment batches: what each of their operations is made of.
package struct PaymentParts: Sendable {
    package let store: Store
    package let environment: PaymentEnvironment
    let continuations: ContinuationKeys

    package init(store: Store, environment: PaymentEnvironment) {
        self.store = store
        continuations = ContinuationKeys(store)
        self.environment = environment
    }

    /// Makes a change of payments once (`Store.keyed`).
    func keyed<Prepared: Sendable>(
        _ caller: PaymentCaller,
        prepare: () async throws -> Prepared,
        change: @escaping @Sendable (Prepared, WriteTransaction) throws -> KeyedReply
    ) async throws -> KeyedReply {
        try await store.keyed(
            caller.key,
            now: environment.now,
            prepare: prepare,
            change: change
        )
    }
}
