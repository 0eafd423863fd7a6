internal import ServiceStore
package import Logging
internal import Dates
internal import NIOConcurrencyHelpers
internal import Protocol
package import ServiceRuntime
package import Storage

/// Brings the rows of `ledger_outbox` to posting-service, oldest first, each until it is booked.
///
/// One instance does it at a time. A crash or a lost reply between booking and forgetting is healed by
/// sending again: an operation is booked once. An operation that is refused is found by halving its
/// group, and waits by itself while others go on; what depends on it waits with it.
package final class LedgerForwarder: LedgerDelivery {
    package struct Options: Sendable {
        /// Operations of one call.
        package var groupSize = 500
        /// Looks at the store at least so often.
        package var tickMilliseconds: Int64 = 1_000
        /// Operations that nobody waits for gather for so long.
        package var gatherMilliseconds: Int64 = 20
        /// A refused operation waits so long; twice as long each time.
        package var firstHoldMilliseconds: Int64 = 1_000
        package var longestHoldMilliseconds: Int64 = 60_000

        package init() {}
    }

    /// An operation that was refused by itself.
    private struct Hold {
        var until: Int64
        var wait: Int64
    }

    private let store: Store
    private let ledger: any LedgerClient
    private let lease: WorkLease
    private let options: Options
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let signal = Signal()
    private let waiters = DeliveryWaiters()
    private let holds = NIOLockedValueBox<[Int64: Hold]>([:])
    private let counted = NIOLockedValueBox<Int64>(0)

    package init(
        store: Store,
        ledger: any LedgerClient,
        owner: String,
        options: Options = Options(),
        logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.ledger = ledger
        self.options = options
        self.logger = logger
        self.now = now
        lease = WorkLease("ledger_outbox", owner: owner, store: store)
    }

    /// Rows that waited when they were last counted.
    package var waitingRows: Int64 { counted.withLockedValue { $0 } }

    package func wake() { signal.raise() }

    package func settled(_ paymentID: Int64, withinMilliseconds wait: Int64) async -> Bool {
        let isDelivered = await waiters.wait(paymentID, milliseconds: wait) { signal.raise() }
        if isDelivered { return true }
        // Another instance may have delivered it. A store that cannot be read leaves the answer open,
        // and no is the answer that promises nothing.
        return (try? await store.read { try !OutboxRows.holds(paymentID, in: $0) }) ?? false
    }
}

// MARK: - Rounds

extension LedgerForwarder {
    private struct Round {
        var group: [OutboxRow] = []
        /// Operations that were refused before and are due again, each to be sent alone.
        var retries: [OutboxRow] = []
        /// Payments of which something stays behind.
        var blocked: Set<Int64> = []
        var waitsForOriginal = false
        /// The group was full before the rows were at their end.
        var isCut = false
    }

    /// Sends the oldest rows, at most one group.
    ///
    /// - Returns: whether more can be sent now.
    /// - Throws: what says nothing about the operations: they are sent again.
    package func forwardOnce() async throws -> Bool {
        waiters.roundBegan()
        // Of a held payment at most six rows wait: its own kinds and those of its reversal.
        let limit = options.groupSize + 6 * holds.withLockedValue { $0.count }
        let rows = try await store.read { try OutboxRows.oldest(limit, in: $0) }
        guard !rows.isEmpty else {
            waiters.roundEmptied(held: [])
            return false
        }
        guard try await lease.isHeld(at: now()) else { return false }
        let round = plan(rows)
        var refused: Set<Int64> = []
        if !round.group.isEmpty { refused = try await send(round.group) }
        for row in round.retries { refused.formUnion(try await send([row])) }
        let isAll = rows.count < limit && !round.isCut
        if isAll { waiters.roundEmptied(held: round.blocked.union(refused)) }
        let hasDelivered = round.group.count + round.retries.count > refused.count
        return !isAll || (hasDelivered && round.waitsForOriginal)
    }

    private var longestHold: BoundedWait { BoundedWait(longest: options.longestHoldMilliseconds) }

    /// What may go now: never a row before an earlier one of its payment.
    private func plan(_ rows: [OutboxRow]) -> Round {
        let (held, time) = (holds.withLockedValue { $0 }, now())
        var round = Round()
        for row in rows {
            let payment = row.operation.paymentID
            if row.waitsForOriginal { round.waitsForOriginal = true }
            guard !row.waitsForOriginal, !round.blocked.contains(payment) else {
                round.blocked.insert(payment)
                continue
            }
            guard let hold = held[row.id] else {
                if round.group.count < options.groupSize {
                    round.group.append(row)
                } else {
                    round.isCut = true
                    round.blocked.insert(payment)
                }
                continue
            }
            if longestHold.isOver(hold.until, at: time) { round.retries.append(row) }
            round.blocked.insert(payment)
        }
        return round
    }

    /// Has rows booked and forgets them; the payments of those that are refused by themselves.
    private func send(_ rows: [OutboxRow]) async throws -> Set<Int64> {
        let entries: [Int64]
        do {
            entries = try await ledger.apply(rows.map(\.operation))
        } catch let error as RPCError where error.retry == .mend {
            guard rows.count > 1 else {
                hold(rows[0], error)
                return [rows[0].operation.paymentID]
            }
            let middle = rows.count / 2
            let first = try await send(Array(rows[..<middle]))
            return first.union(try await send(Array(rows[middle...])))
        }
        guard entries.count == rows.count else {
            throw RPCError(.internal, reason: "entries_missing", message: "Entries are missing.")
        }
        try await store.write { try OutboxRows.finish(rows, entries: entries, in: $0) }
        holds.withLockedValue { holds in
            guard !holds.isEmpty else { return }
            for row in rows { holds[row.id] = nil }
        }
        waiters.delivered(rows.lazy.map(\.operation.paymentID))
        return []
    }

    private func hold(_ row: OutboxRow, _ error: RPCError) {
        let time = now()
        let wait = holds.withLockedValue { holds in
            let wait = holds[row.id].map {
                min($0.wait * 2, options.longestHoldMilliseconds)
            }
            let next = wait ?? options.firstHoldMilliseconds
            holds[row.id] = Hold(until: time + next, wait: next)
            return next
        }
        logger.error(
            "the ledger refuses a payment operation: it is tried again",
            metadata: [
                "payment": "\(row.operation.paymentID)",
                "kind": "\(row.operation.kind.rawValue)",
                "reason": "\(error.reason)",
                "message": "\(error.message)",
                "wait_ms": "\(wait)",
            ]
        )
    }
}

// MARK: - The loop

extension LedgerForwarder {
    /// Woken by commits and by the clock; on the executor that the ledger's answers arrive on.
    package func loop(on executor: (any TaskExecutor)?) -> BackgroundLoop {
        let nextCount = NIOLockedValueBox<Int64>(0)
        return BackgroundLoop(
            "ledger_outbox",
            "Brings payment operations to posting-service until they are booked.",
            every: .milliseconds(options.tickMilliseconds),
            wokenBy: signal,
            on: executor
        ) { [self] in
            // Nobody waits for what came: under load larger groups cost everyone less.
            if waiters.isEmpty {
                try await Task.sleep(for: .milliseconds(options.gatherMilliseconds))
            }
            let time = Timestamps.monotonic()
            if time >= nextCount.withLockedValue({ $0 }) {
                nextCount.withLockedValue { $0 = time + options.tickMilliseconds * 1_000_000 }
                let waiting = try await store.read { try OutboxRows.count(in: $0) }
                counted.withLockedValue { $0 = waiting }
            }
            return try await forwardOnce() ? .zero : nil
        }
    }
}
