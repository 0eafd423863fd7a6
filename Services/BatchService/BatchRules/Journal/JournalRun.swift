internal import Dates

/// The state machine of a journal run: the work of having released batches posted exactly once, or of
/// learning why they are not (design 1.3).
///
/// Dimensions: where the run stands (three statuses), who holds it (a lease, while `running`) and what
/// it has cost so far. `posted` and `failed` are terminal. Invalid events are of three kinds. Our bug:
/// none can be expressed. The other side's fault: judged before it comes here (`JournalReply`).
/// Legitimately late: what comes under a lease that has passed on is answered `.fenced` and changes
/// nothing. A lease that has only run out still counts: posting a run is idempotent.
///
/// Time and identity are parameters; the machine reads no clock.
package struct JournalRun: Sendable, Equatable {
    /// The status word as it is stored and served.
    package enum Status: String, Sendable, CaseIterable {
        case running = "Running"
        case posted = "Posted"
        case failed = "Failed"

        package var isTerminal: Bool { self != .running }
    }

    package private(set) var status: Status
    /// The instance that works on it; nil where none does.
    package private(set) var owner: String?
    package private(set) var leaseUntil: Instant
    /// Rises by one with every lease: the fence against late writers.
    package private(set) var epoch: Int64
    /// Attempts in a row that did not end the run: what the backoff grows with.
    package private(set) var attempts: Int64
    /// None may take it before.
    package private(set) var notBefore: Instant
    package let limits: JournalLimits

    /// A new run, that any worker may take at once.
    package init(requestedAt now: Instant, limits: JournalLimits = JournalLimits()) {
        self.init(
            status: .running,
            owner: nil,
            leaseUntil: Instant(milliseconds: 0),
            epoch: 0,
            attempts: 0,
            notBefore: now,
            limits: limits
        )
    }

    /// A run as it was saved.
    package init(
        status: Status,
        owner: String?,
        leaseUntil: Instant,
        epoch: Int64,
        attempts: Int64,
        notBefore: Instant,
        limits: JournalLimits
    ) {
        self.status = status
        self.owner = owner
        self.leaseUntil = leaseUntil
        self.epoch = epoch
        self.attempts = attempts
        self.notBefore = notBefore
        self.limits = limits
    }
}

// MARK: - Leases

extension JournalRun {
    package enum OnLeased: Sendable, Equatable {
        case granted(epoch: Int64)
        case tooEarly(until: Instant)
        case held(until: Instant)
        case finished
    }

    /// A worker asks for the run; one whose holder has been silent for too long is passed on.
    package mutating func leased(by instance: String, at now: Instant) -> OnLeased {
        guard !status.isTerminal else { return .finished }
        if owner != nil, !limits.lease.isOver(leaseUntil, at: now) {
            return .held(until: leaseUntil)
        }
        guard limits.pause.isOver(notBefore, at: now) else { return .tooEarly(until: notBefore) }
        owner = instance
        epoch += 1
        leaseUntil = now.adding(milliseconds: limits.leaseMilliseconds)
        return .granted(epoch: epoch)
    }

    package enum OnHeartbeat: Sendable, Equatable {
        case extended
        case fenced
    }

    /// The holder of `epoch` says that it is alive.
    package mutating func heartbeatReceived(epoch: Int64, at now: Instant) -> OnHeartbeat {
        guard isHeld(epoch) else { return .fenced }
        leaseUntil = now.adding(milliseconds: limits.leaseMilliseconds)
        return .extended
    }

    package enum OnOwnerLost: Sendable, Equatable {
        case released
        case stillHeld
        case notHeld
    }

    /// The holder is known to be gone: a store has one process, so at its start every lease of another
    /// instance is a dead one's.
    package mutating func ownerLost(survivor: String) -> OnOwnerLost {
        guard let owner, !status.isTerminal else { return .notHeld }
        guard owner != survivor else { return .stillHeld }
        giveUp()
        return .released
    }

    private func isHeld(_ epoch: Int64) -> Bool {
        status == .running && owner != nil && self.epoch == epoch
    }

    private mutating func giveUp() {
        owner = nil
        leaseUntil = Instant(milliseconds: 0)
    }
}

// MARK: - Replies

/// What posting-service's answer to a run means.
package enum JournalReply: Sendable, Equatable {
    case posted
    /// Operations of its batches are still on their way to the ledger.
    case incomplete
    /// It will not be posted as it is; nothing was.
    case refused
    /// Nobody knows whether it was posted.
    case unknown
}

extension JournalRun {
    package enum OnReply: Sendable, Equatable {
        /// Save the result and move its batches, in one transaction.
        case finish(Status)
        case retry(at: Instant)
        /// Save nothing: the lease is no longer the sender's.
        case fenced
    }

    /// The holder of `epoch` brings what came of its attempt.
    package mutating func replyReceived(
        _ reply: JournalReply,
        epoch: Int64,
        at now: Instant
    )
        -> OnReply
    {
        guard isHeld(epoch) else { return .fenced }
        switch reply {
        case .posted:
            return end(.posted)
        case .refused:
            return end(.failed)
        case .incomplete where attempts + 1 >= limits.attemptsForOperations:
            return end(.failed)
        case .incomplete, .unknown:
            attempts += 1
            giveUp()
            notBefore = now.adding(milliseconds: limits.backoff(afterAttempts: attempts))
            return .retry(at: notBefore)
        }
    }

    private mutating func end(_ next: Status) -> OnReply {
        status = next
        giveUp()
        return .finish(next)
    }
}

/// Every limit of a journal run, with its name.
package struct JournalLimits: Sendable, Equatable {
    /// How long a worker may be silent before its run is taken over.
    package var leaseMilliseconds: Int64
    /// Wait before the first retry; each further one doubles it.
    package var firstBackoffMilliseconds: Int64
    package var longestBackoffMilliseconds: Int64
    /// Attempts until operations that never arrive fail the run: its batches are not kept for ever.
    package var attemptsForOperations: Int64

    package init(
        leaseMilliseconds: Int64 = 10_000,
        firstBackoffMilliseconds: Int64 = 50,
        longestBackoffMilliseconds: Int64 = 1_000,
        attemptsForOperations: Int64 = 120
    ) {
        self.leaseMilliseconds = leaseMilliseconds
        self.firstBackoffMilliseconds = firstBackoffMilliseconds
        self.longestBackoffMilliseconds = longestBackoffMilliseconds
        self.attemptsForOperations = attemptsForOperations
    }

    var lease: BoundedWait { BoundedWait(longest: leaseMilliseconds) }
    var pause: BoundedWait { BoundedWait(longest: longestBackoffMilliseconds) }

    package func backoff(afterAttempts attempts: Int64) -> Int64 {
        let doublings = min(max(attempts - 1, 0), 20)
        return min(firstBackoffMilliseconds << doublings, longestBackoffMilliseconds)
    }
}

/// The transitions of `JournalRun` as data: what a test walks.
package enum JournalRunTable {
    package struct Row: Sendable, Equatable {
        package let from: JournalRun.Status
        package let reply: JournalReply
        package let to: JournalRun.Status

        init(_ from: JournalRun.Status, _ reply: JournalReply, _ to: JournalRun.Status) {
            self.from = from
            self.reply = reply
            self.to = to
        }
    }

    /// What each reply does to a run; one that has ended is changed by none.
    package static let rows: [Row] = [
        Row(.running, .posted, .posted),
        Row(.running, .refused, .failed),
        Row(.running, .incomplete, .running),
        Row(.running, .unknown, .running),
    ]
}
