package import Logging
internal import Protocol
package import ServiceRuntime
package import ServiceStore
package import Storage

/// Brings the rows of `ledger_outbox` to posting-service, each until it is booked, by one instance at a
/// time: an operation is booked once, however often it is sent.
package final class LedgerForwarder: LedgerDelivery {
    private let forwarder: Forwarder<LedgerOperations>

    /// Operations that nobody waits for gather a little; of a held payment at most six rows wait: its
    /// own kinds and those of its reversal.
    package static var options: ForwarderOptions {
        var options = ForwarderOptions()
        options.rowsOfSubject = 6
        options.gatherMilliseconds = 20
        return options
    }

    package init(
        store: Store,
        ledger: any LedgerClient,
        owner: String,
        options: ForwarderOptions = options,
        logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        forwarder = Forwarder(
            LedgerOperations(ledger: ledger),
            store: store,
            lease: WorkLease("ledger_outbox", owner: owner, store: store),
            options: options,
            logger: logger,
            now: now
        )
    }

    /// Rows that waited when they were last counted.
    package var waitingRows: Int64 { forwarder.waitingRows }

    package func wake() { forwarder.wake() }

    package func settled(_ paymentID: Int64, withinMilliseconds wait: Int64) async -> Bool {
        await forwarder.settled(paymentID, withinMilliseconds: wait)
    }

    /// `Forwarder.forwardOnce`.
    package func forwardOnce() async throws -> Bool { try await forwarder.forwardOnce() }

    /// On the executor that the ledger's answers arrive on.
    package func loop(on executor: (any TaskExecutor)?) -> BackgroundLoop {
        forwarder.loop(
            "ledger_outbox",
            "Brings payment operations to posting-service until they are booked.",
            on: executor
        )
    }
}
