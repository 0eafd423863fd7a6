internal import Dates
package import Logging
internal import NIOConcurrencyHelpers
internal import Protocol
package import ServiceRuntime
package import Storage

/// A row of an outbox with what the other service is told.
package protocol OutboxRow: Sendable {
    /// Rises in the order in which rows are to go.
    var id: Int64 { get }
    /// What the row tells of, for example a payment: its rows go in their order, and callers wait for
    /// it.
    var subject: Int64 { get }
    /// Whether another subject's row has to be delivered first.
    var waitsForAnother: Bool { get }
}

/// A table of what another service has still to be told: a row is written with the change that it tells
/// of, and forgotten when the other service has it.
package protocol Outbox: Sendable {
    associatedtype Row: OutboxRow
    /// What the other service answers.
    associatedtype Receipt: Sendable

    /// The oldest rows, fewer than the limit also where they fill a call. A row says the same
    /// whenever it is read.
    func oldest(_ limit: Int, in transaction: ReadTransaction) throws -> [Row]
    /// Whether rows fill a call by their length, so that more may stand behind them.
    func fillsCall(_ rows: [Row]) -> Bool
    /// Has the other service take the rows, all or none; whoever has them already takes them again
    /// without effect.
    func send(_ rows: [Row]) async throws -> Receipt
    /// Notes what was answered and forgets the rows.
    func forget(_ rows: [Row], _ receipt: Receipt, in transaction: WriteTransaction) throws
    /// How many rows wait.
    func count(in transaction: ReadTransaction) throws -> Int64
    /// Whether a row of the subject waits.
    func holds(_ subject: Int64, in transaction: ReadTransaction) throws -> Bool
    /// What the log says of a row that is refused.
    func description(of row: Row) -> Logger.Metadata
}

extension Outbox {
    /// Rows that are short fill no call.
    package func fillsCall(_ rows: [Row]) -> Bool { false }
}

/// Brings the rows of an outbox to another service, oldest first, each until that one has it.
///
/// A crash or a lost reply between sending and forgetting is healed by sending again. A row that is
/// refused is found by halving its group, and waits by itself, longer each time, while others go on;
/// what comes after it of its subject waits with it.
package final class Forwarder<Box: Outbox>: Sendable {
    private let outbox: Box
    private let store: Store
    private let lease: WorkLease?
    private let options: ForwarderOptions
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let signal = Signal()
    private let waiters = DeliveryWaiters()
    private let holds = NIOLockedValueBox<[Int64: Hold]>([:])
    private let counted = NIOLockedValueBox<Int64>(0)

    /// A row that was refused by itself; times are milliseconds.
    private struct Hold {
        var until: Int64
        var wait: Int64
    }

    /// With a lease one instance does it at a time.
    package init(
        _ outbox: Box,
        store: Store,
        lease: WorkLease?,
        options: ForwarderOptions,
        logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        self.outbox = outbox
        self.store = store
        self.lease = lease
        self.options = options
        self.logger = logger
        self.now = now
    }

    /// Rows that waited when they were last counted.
    package var waitingRows: Int64 { counted.withLockedValue { $0 } }

    /// Rows were put into the outbox.
    package func wake() { signal.raise() }

    /// Waits until the outbox holds nothing of the subject any more; false where that takes longer.
    package func settled(_ subject: Int64, withinMilliseconds wait: Int64) async -> Bool {
        let isDelivered = await waiters.wait(subject, milliseconds: wait) { signal.raise() }
        if isDelivered { return true }
        // Another instance may have delivered it. A store that cannot be read leaves the answer open,
        // and no is the answer that promises nothing.
        return (try? await store.read { [outbox] in try !outbox.holds(subject, in: $0) }) ?? false
    }
}

/// How a forwarder goes about its outbox; the defaults suit rows that callers may wait for.
package struct ForwarderOptions: Sendable {
    /// Rows of one call.
    package var groupSize = 500
    /// So many rows of one subject wait at most.
    package var rowsOfSubject = 1
    /// Looks at the store at least so often.
    package var tickMilliseconds: Int64 = 1_000
    /// Rows that nobody waits for gather for so long.
    package var gatherMilliseconds: Int64 = 0
    /// A refused row waits so long; twice as long each time.
    package var firstHoldMilliseconds: Int64 = 1_000
    package var longestHoldMilliseconds: Int64 = 60_000

    package init() {}
}

// MARK: - Rounds

extension Forwarder {
    private struct Round {
        var group: [Box.Row] = []
        /// Rows that were refused before and are due again, each to be sent alone.
        var retries: [Box.Row] = []
        /// Subjects of which something stays behind.
        var blocked: Set<Int64> = []
        var waitsForAnother = false
        /// The group was full before the rows were at their end.
        var isCut = false
    }

    /// Sends the oldest rows, at most one group.
    ///
    /// - Returns: whether more can be sent now.
    /// - Throws: what says nothing about the rows: they are sent again.
    package func forwardOnce() async throws -> Bool {
        waiters.roundBegan()
        let limit = options.groupSize + options.rowsOfSubject * holds.withLockedValue { $0.count }
        let rows = try await store.read { [outbox] in try outbox.oldest(limit, in: $0) }
        guard !rows.isEmpty else {
            waiters.roundEmptied(held: [])
            return false
        }
        if let lease, try await !lease.isHeld(at: now()) { return false }
        let round = plan(rows)
        var refused: Set<Int64> = []
        if !round.group.isEmpty { refused = try await send(round.group) }
        for row in round.retries { refused.formUnion(try await send([row])) }
        let isAtEnd = rows.count < limit && !round.isCut
        let fillsCall = outbox.fillsCall(rows)
        if isAtEnd, !fillsCall { waiters.roundEmptied(held: round.blocked.union(refused)) }
        let hasDelivered = round.group.count + round.retries.count > refused.count
        return !isAtEnd || (hasDelivered && (fillsCall || round.waitsForAnother))
    }

    /// Has rows taken and forgets them.
    ///
    /// - Throws: what `Outbox.send` throws, also where it refuses them.
    package func deliver(_ rows: [Box.Row]) async throws {
        let receipt = try await outbox.send(rows)
        try await store.write { [outbox] in try outbox.forget(rows, receipt, in: $0) }
        holds.withLockedValue { holds in
            guard !holds.isEmpty else { return }
            for row in rows { holds[row.id] = nil }
        }
        waiters.delivered(rows.lazy.map(\.subject))
    }

    private var longestHold: BoundedWait { BoundedWait(longest: options.longestHoldMilliseconds) }

    /// What may go now: never a row before an earlier one of its subject.
    private func plan(_ rows: [Box.Row]) -> Round {
        let (held, time) = (holds.withLockedValue { $0 }, now())
        var round = Round()
        for row in rows {
            if row.waitsForAnother { round.waitsForAnother = true }
            guard !row.waitsForAnother, !round.blocked.contains(row.subject) else {
                round.blocked.insert(row.subject)
                continue
            }
            guard let hold = held[row.id] else {
                if round.group.count < options.groupSize {
                    round.group.append(row)
                } else {
                    round.isCut = true
                    round.blocked.insert(row.subject)
                }
                continue
            }
            if longestHold.isOver(hold.until, at: time) { round.retries.append(row) }
            round.blocked.insert(row.subject)
        }
        return round
    }

    /// Delivers rows; the subjects of those that are refused by themselves.
    private func send(_ rows: [Box.Row]) async throws -> Set<Int64> {
        do {
            try await deliver(rows)
            return []
        } catch let error as RPCError where error.retry == .mend {
            guard rows.count > 1 else {
                hold(rows[0], error)
                return [rows[0].subject]
            }
            let middle = rows.count / 2
            let refused = try await send(Array(rows[..<middle]))
            let rest = rows[middle...].filter { !refused.contains($0.subject) }
            return rest.isEmpty ? refused : refused.union(try await send(rest))
        }
    }

    private func hold(_ row: Box.Row, _ error: RPCError) {
        let time = now()
        let wait = holds.withLockedValue { holds in
            let wait = holds[row.id].map { min($0.wait * 2, options.longestHoldMilliseconds) }
            let next = wait ?? options.firstHoldMilliseconds
            holds[row.id] = Hold(until: time + next, wait: next)
            return next
        }
        let told: Logger.Metadata = [
            "reason": "\(error.reason)", "message": "\(error.message)", "wait_ms": "\(wait)",
        ]
        logger.error(
            "another service refuses what it has to be told: it is tried again",
            metadata: outbox.description(of: row).merging(told) { $1 }
        )
    }
}

// MARK: - The loop

extension Forwarder {
    /// Woken by commits and by the clock; on an executor where the other service's answers arrive on
    /// one.
    package func loop(
        _ name: String,
        _ purpose: String,
        on executor: (any TaskExecutor)? = nil
    ) -> BackgroundLoop {
        let nextCount = NIOLockedValueBox<Int64>(0)
        return BackgroundLoop(
            name,
            purpose,
            every: .milliseconds(options.tickMilliseconds),
            wokenBy: signal,
            on: executor
        ) { [self] in
            // Nobody waits for what came: under load larger groups cost everyone less.
            if options.gatherMilliseconds > 0, waiters.isEmpty {
                try await Task.sleep(for: .milliseconds(options.gatherMilliseconds))
            }
            let time = Timestamps.monotonic()
            if time >= nextCount.withLockedValue({ $0 }) {
                nextCount.withLockedValue { $0 = time + options.tickMilliseconds * 1_000_000 }
                let waiting = try await store.read { [outbox] in try outbox.count(in: $0) }
                counted.withLockedValue { $0 = waiting }
            }
            return try await forwardOnce() ? .zero : nil
        }
    }
}

extension WriteTransaction {
    /// Deletes rows of an outbox by their ascending ids, neighbours together: mostly all of them are.
    package func forget(_ ids: [Int64], of table: String, by column: String = "id") throws {
        var first = 0
        for place in ids.indices {
            let isLast = place == ids.count - 1 || ids[place + 1] != ids[place] + 1
            guard isLast else { continue }
            try execute(
                "DELETE FROM \(table) WHERE \(column) BETWEEN ?1 AND ?2",
                [.integer(ids[first]), .integer(ids[place])]
            )
            first = place + 1
        }
    }
}
