package import BatchRules
internal import Dates
package import Protocol
internal import Storage

extension BatchStore {
    private static let recoverySlice = 500

    /// Takes the leases of every other instance back, at once, where the store is exclusive.
    ///
    /// They are a dead one's then (faults C-04, C-07); elsewhere they run out.
    ///
    /// - Returns: how many tasks were set free.
    package func recoverLeases(survivor: String, at now: Instant) async throws -> Int {
        guard store.isExclusive else { return 0 }
        return try await release(
            where: "owner <> ?1",
            value: .text(survivor),
            outcome: "owner_lost",
            at: now
        ) { task in task.ownerLost(survivor: survivor, at: now) }
    }

    /// Takes back the leases that have run out (fault C-09).
    ///
    /// - Returns: how many tasks were set free.
    package func releaseExpired(at now: Instant) async throws -> Int {
        try await release(
            where: "not_before <= ?1",
            value: .integer(now.milliseconds),
            outcome: "lease_expired",
            at: now
        ) { task in task.leaseExpired(at: now) }
    }

    /// Cuts waits and leases that a clock which was set back has made longer than any may be.
    ///
    /// - Returns: how many there were.
    package func cutWaits(at now: Instant) async throws -> Int {
        var total = 0
        while true {
            let found = try await tooLong(at: now)
            guard !found.isEmpty else { return total }
            total += found.count
            try await cut(found, at: now)
        }
    }

    /// The first sets whose task waits or is leased for too long; a read of two ranges of the index.
    private func tooLong(at now: Instant) async throws -> [Int64] {
        let (pause, lease) = (limits.pause, limits.lease)
        return try await store.read { transaction in
            var numbers: [Int64] = []
            try transaction.rows(
                """
                SELECT set_id FROM task WHERE final_attempt IS NULL AND status = 'accepted'
                    AND large IN (0, 1) AND not_before > ?1
                UNION ALL
                SELECT set_id FROM task WHERE final_attempt IS NULL AND status = 'processing'
                    AND large IN (0, 1) AND not_before > ?2
                LIMIT \(Self.recoverySlice)
                """,
                [
                    .integer(pause.horizon(at: now.milliseconds)),
                    .integer(lease.horizon(at: now.milliseconds)),
                ]
            ) { numbers.append($0.int64(0)) }
            return numbers
        }
    }

    private func cut(_ numbers: [Int64], at now: Instant) async throws {
        let limits = limits
        try await store.write { transaction in
            for setID in numbers {
                guard var task = try Self.loadTask(setID, in: transaction, limits: limits),
                    task.clockSetBack(at: now)
                else { continue }
                try Self.save(task, setID: setID, in: transaction)
            }
        }
    }

    private func release(
        where condition: String,
        value: SQLValue,
        outcome: String,
        at now: Instant,
        _ event: @escaping @Sendable (inout PostingTask) -> PostingTask.OnLeaseEnded
    ) async throws -> Int {
        let sql = """
            SELECT set_id FROM task
            WHERE final_attempt IS NULL AND status = 'processing' AND \(condition)
            ORDER BY not_before LIMIT \(Self.recoverySlice)
            """
        var total = 0
        while true {
            let count = try await releaseSlice(sql, value, outcome: outcome, at: now, event)
            total += count
            if count < Self.recoverySlice { return total }
        }
    }

    private func releaseSlice(
        _ sql: String,
        _ value: SQLValue,
        outcome: String,
        at now: Instant,
        _ event: @escaping @Sendable (inout PostingTask) -> PostingTask.OnLeaseEnded
    ) async throws -> Int {
        // Looking first costs no write where there is nothing to do, which is nearly always.
        let found = try await store.read { try Self.numbers(sql, value, in: $0) }
        guard !found.isEmpty else { return 0 }
        let limits = limits
        return try await store.write { transaction in
            var released = 0
            for setID in found {
                guard var task = try Self.loadTask(setID, in: transaction, limits: limits),
                    case .processing(let lease) = task.state, case .released = event(&task)
                else { continue }
                try Self.save(task, setID: setID, in: transaction)
                _ = try Self.recordAttempt(
                    setID,
                    number: Int(lease.epoch),
                    owner: lease.owner,
                    endedAt: now,
                    outcome: outcome,
                    detail: "",
                    in: transaction
                )
                released += 1
            }
            return released
        }
    }

    private static func numbers(
        _ sql: String,
        _ value: SQLValue,
        in transaction: ReadTransaction
    ) throws -> [Int64] {
        let row = try transaction.statement(sql)
        defer { row.reset() }
        row.bind(1, value)
        var numbers: [Int64] = []
        while try row.step() { numbers.append(row.int64(0)) }
        return numbers
    }

    /// Keeps how far posting-service has come with sets that are being worked on (contract A1-13).
    package func saveProgress(_ progress: [SetCounts]) async throws {
        try await store.write { transaction in
            for set in progress {
                let row = try transaction.statement(
                    """
                    UPDATE task SET done = ?2, failed = ?3
                    WHERE set_id = ?1 AND status = 'processing' AND done <= ?2
                    """
                )
                defer { row.reset() }
                row.bind(1, set.setID)
                row.bind(2, Int64(set.done))
                row.bind(3, Int64(set.failed))
                _ = try row.step()
            }
        }
    }
}
