import Logging
import Protocol
import ServiceRuntime
import ServiceStore
import Storage

/// Hands booked payments over to batch-service, again and again until it has them.
///
/// A payment that arrives twice is one there, by its ledger entry; so several instances, and calls
/// that were cut off, do no harm, and nobody needs a lease.
final class PaymentHandover: Sendable {
    private let store: Store
    private let outbox: PaymentOutbox
    private let forwarder: Forwarder<PaymentOutbox>

    init(
        store: Store,
        batches: any BatchPayments,
        logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        outbox = PaymentOutbox(batches: batches)
        var options = ForwarderOptions()
        options.groupSize = 200
        forwarder = Forwarder(
            outbox,
            store: store,
            lease: nil,
            options: options,
            logger: logger,
            now: now
        )
    }

    var loop: BackgroundLoop {
        forwarder.loop(
            "payment_handover",
            "Hands booked payments over to batch-service, until it has them."
        )
    }

    /// Wakes the loop and waits until it has handed an entry over, at most so long.
    func deliver(_ entryID: Int64, milliseconds: Int64) async {
        _ = await forwarder.settled(entryID, withinMilliseconds: milliseconds)
    }

    /// Hands the oldest payments over; whether nothing more can go now.
    func handOverOldest() async throws -> Bool { try await !forwarder.forwardOnce() }

    /// Hands the payment of one entry over now, where batch-service has it not yet.
    func handOver(_ entryID: Int64) async throws {
        let row = try await store.read { try PaymentOutbox.row(of: entryID, in: $0) }
        if let row { try await forwarder.deliver([row]) }
    }
}
