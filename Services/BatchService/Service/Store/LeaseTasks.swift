package import BatchRules
package import Protocol
internal import Storage

/// A task that this instance may work on, with what the work needs.
package struct LeasedTask: Sendable, Equatable {
    package var setID: Int64
    package var epoch: Int64
    package var attempt: Int
    package var work: PostingTask.Work
    package var digest: [UInt8]
    package var commitPolicy: CommitPolicy
    package var bodyBytes: Int
    package var transactionCount: Int

    package init(
        setID: Int64,
        epoch: Int64,
        attempt: Int,
        work: PostingTask.Work,
        digest: [UInt8],
        commitPolicy: CommitPolicy,
        bodyBytes: Int,
        transactionCount: Int
    ) {
        self.setID = setID
        self.epoch = epoch
        self.attempt = attempt
        self.work = work
        self.digest = digest
        self.commitPolicy = commitPolicy
        self.bodyBytes = bodyBytes
        self.transactionCount = transactionCount
    }
}

extension BatchStore {
    /// Leases waiting tasks whose time has come, oldest first.
    ///
    /// - Parameters:
    ///   - lane: small or large sets.
    ///   - owner: the instance that gets them.
    ///   - now: the moment.
    ///   - limit: at most so many.
    /// - Returns: the tasks, which read as `processing` from now on.
    /// - Throws: `StoreError`; then nothing was leased.
    package func leaseWaiting(
        _ lane: WorkRoom.Lane,
        to owner: String,
        at now: Instant,
        limit: Int
    ) async throws -> [LeasedTask] {
        guard limit > 0 else { return [] }
        let limits = limits
        return try await store.write { transaction in
            var leased: [LeasedTask] = []
            for (candidate, task) in try Self.waiting(
                lane,
                at: now,
                limit: limit,
                limits,
                in: transaction
            ) {
                var task = task
                guard
                    case .granted(let lease, let attempt, let work) = task.leased(
                        by: owner,
                        at: now
                    )
                else { continue }
                try Self.save(task, setID: candidate.setID, in: transaction)
                var granted = candidate
                granted.epoch = lease.epoch
                granted.attempt = attempt
                granted.work = work
                leased.append(granted)
            }
            return leased
        }
    }

    private static func waiting(
        _ lane: WorkRoom.Lane,
        at now: Instant,
        limit: Int,
        _ limits: TaskLimits,
        in transaction: ReadTransaction
    ) throws -> [(LeasedTask, PostingTask)] {
        let row = try transaction.statement(
            """
            SELECT s.id, s.digest, s.commit_policy, s.body_bytes, s.transaction_count,
                t.status, t.attempts, t.failures, t.faults, t.owner, t.lease_until, t.not_before
            FROM task t JOIN posting_set s ON s.id = t.set_id
            WHERE t.final_attempt IS NULL AND t.status = 'accepted' AND t.not_before <= ?1
                AND t.large = ?2
            ORDER BY t.not_before LIMIT ?3
            """
        )
        defer { row.reset() }
        row.bind(1, now.milliseconds)
        row.bind(2, lane.rawValue)
        row.bind(3, Int64(limit))
        var found: [(LeasedTask, PostingTask)] = []
        while try row.step() {
            let leased = LeasedTask(
                setID: row.int64(0),
                epoch: 0,
                attempt: 0,
                work: .post,
                digest: Array(row.blob(1)),
                commitPolicy: CommitPolicy(rawValue: row.string(2)) ?? .perTransaction,
                bodyBytes: Int(row.int64(3)),
                transactionCount: Int(row.int64(4))
            )
            found.append((leased, try task(in: row, from: 5, limits: limits)))
        }
        return found
    }

    /// When the next waiting task of a lane may be taken; nil where none waits.
    package func nextWaiting(_ lane: WorkRoom.Lane) async throws -> Instant? {
        try await store.read { transaction in
            let row = try transaction.statement(
                """
                SELECT min(not_before) FROM task
                WHERE final_attempt IS NULL AND status = 'accepted' AND large = ?1
                """
            )
            defer { row.reset() }
            row.bind(1, lane.rawValue)
            guard try row.step(), !row.isNull(0) else { return nil }
            return Instant(milliseconds: row.int64(0))
        }
    }

    /// Extends the leases of tasks that are being worked on.
    ///
    /// - Returns: the sets whose lease is no longer the caller's.
    package func extendLeases(
        _ held: [(setID: Int64, epoch: Int64)],
        at now: Instant
    ) async throws -> [Int64] {
        let limits = limits
        return try await store.write { transaction in
            var fenced: [Int64] = []
            for (setID, epoch) in held {
                var task = try Self.loadTask(setID, in: transaction, limits: limits)
                switch task?.heartbeatReceived(epoch: epoch, at: now) {
                case .extended:
                    if let task { try Self.save(task, setID: setID, in: transaction) }
                case .fenced, nil:
                    fenced.append(setID)
                }
            }
            return fenced
        }
    }
}
