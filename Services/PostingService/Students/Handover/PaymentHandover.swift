import Logging
import NIOConcurrencyHelpers
import Protocol
import ServiceRuntime
import Storage

/// Hands booked payments over to batch-service, again and again until it has them.
///
/// A payment that arrives twice is one there, by its ledger entry; so several instances, and calls
/// that were cut off, do no harm. It wakes at each commit and every second.
final class PaymentHandover: Sendable {
    private let store: Store
    private let batches: any BatchPayments
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let signal = Signal()
    private let waiting = NIOLockedValueBox<[Int64: [CheckedContinuation<Void, Never>]]>([:])

    init(
        store: Store,
        batches: any BatchPayments,
        logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.batches = batches
        self.logger = logger
        self.now = now
    }

    var loop: BackgroundLoop {
        BackgroundLoop(
            "payment_handover",
            "Hands booked payments over to batch-service, until it has them.",
            every: .seconds(1),
            wokenBy: signal
        ) { try await self.handOverOldest() ? nil : .zero }
    }

    /// Wakes the loop and waits until it has handed an entry over, at most so long.
    func deliver(_ entryID: Int64, milliseconds: Int64) async {
        await withCheckedContinuation { continuation in
            waiting.withLockedValue { $0[entryID, default: []].append(continuation) }
            signal.raise()
            Task {
                // Nothing cancels this task.
                try? await Task.sleep(for: .milliseconds(milliseconds))
                self.end([entryID])
            }
        }
    }

    private func end(_ entries: [Int64]) {
        let ended = waiting.withLockedValue { waiting in
            entries.flatMap { waiting.removeValue(forKey: $0) ?? [] }
        }
        for continuation in ended { continuation.resume() }
    }
}

extension PaymentHandover {
    /// Hands the oldest payments over; whether nothing more waits.
    func handOverOldest() async throws -> Bool {
        let time = now()
        let rows = try await store.read { try PaymentOutbox.oldest(at: time, in: $0) }
        guard !rows.isEmpty else { return true }
        do {
            try await handOver(rows)
        } catch let error as RPCError where error.retry == .mend {
            // One of them is at fault: the others must not wait for it.
            for row in rows { try await handOverAlone(row) }
        }
        return rows.count < PaymentOutbox.groupSize
    }

    /// Hands the payment of one entry over now, where batch-service has it not yet.
    func handOver(_ entryID: Int64) async throws {
        let row = try await store.read { try PaymentOutbox.row(of: entryID, in: $0) }
        if let row { try await handOver([row]) }
    }

    private func handOverAlone(_ row: PaymentOutbox.Row) async throws {
        do {
            try await handOver([row])
        } catch let error as RPCError where error.retry == .mend {
            logger.error(
                "batch-service refuses a booked payment",
                metadata: ["entry": "\(row.payment.ledgerEntryID)", "error": "\(error)"]
            )
            let time = now()
            try await store.write { try PaymentOutbox.postpone(row, at: time, in: $0) }
        }
    }

    private func handOver(_ rows: [PaymentOutbox.Row]) async throws {
        let places = try await batches.receive(rows.map(\.payment))
        try await store.write { try PaymentOutbox.received(rows, places, in: $0) }
        end(rows.map(\.payment.ledgerEntryID))
    }
}
