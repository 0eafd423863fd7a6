/// A posting task: the work of having one stored set posted exactly once, or of learning that it
/// never will be.
///
/// Dimensions: where the task stands (four statuses), who holds it (a lease, in `processing` only)
/// and what it has cost so far (attempts, failures in a row, faults). `complete` and `error` are
/// terminal: no event changes them. Invalid events are of three kinds. Our bug: none can be
/// expressed. The other side's fault: judged before it comes here (`PostReply`). Legitimately late:
/// a heartbeat or reply under a lease that has run out or passed on is answered `.fenced` and
/// changes nothing (fault C-09).
///
/// Time and identity are parameters; the machine reads no clock.
package struct PostingTask: Sendable, Equatable {
    /// The status of seed 001, as stored and served (contract S1-15).
    package enum Status: String, Sendable, CaseIterable {
        case accepted, processing, complete, error

        package var isTerminal: Bool { self == .complete || self == .error }
    }

    /// The right to work on a task, for a limited time.
    package struct Lease: Sendable, Equatable {
        /// The instance of the service that holds it.
        package let owner: String
        /// Rises by one with every lease of the task: the fence against late writers.
        package let epoch: Int64
        package let expiresAt: Instant

        package init(owner: String, epoch: Int64, expiresAt: Instant) {
            self.owner = owner
            self.epoch = epoch
            self.expiresAt = expiresAt
        }
    }

    package enum State: Sendable, Equatable {
        /// Waiting for a worker; none may take it before the moment named.
        case accepted(notBefore: Instant)
        case processing(Lease)
        case complete
        case error
    }

    package private(set) var state: State
    /// Leases granted so far; also the epoch of the newest.
    package private(set) var attempts: Int
    /// Attempts in a row that did not end the task: what the backoff grows with.
    package private(set) var failures: Int
    /// Attempts whose outcome nobody knows: what withdrawal is decided by.
    package private(set) var faults: Int
    package let limits: TaskLimits

    /// A new task, that any worker may take at once.
    package init(acceptedAt now: Instant, limits: TaskLimits = TaskLimits()) {
        self.init(
            state: .accepted(notBefore: now),
            attempts: 0,
            failures: 0,
            faults: 0,
            limits: limits
        )
    }

    /// A task as it was saved.
    package init(state: State, attempts: Int, failures: Int, faults: Int, limits: TaskLimits) {
        self.state = state
        self.attempts = attempts
        self.failures = failures
        self.faults = faults
        self.limits = limits
    }

    package var status: Status {
        switch state {
        case .accepted: .accepted
        case .processing: .processing
        case .complete: .complete
        case .error: .error
        }
    }
}

// MARK: - Leases

extension PostingTask {
    /// What the holder of a new lease has to do.
    package enum Work: Sendable, Equatable {
        /// Have posting-service post the set under its number.
        case post
        /// The set failed too often: have posting-service refuse it for ever, or say how it ended.
        case withdraw
    }

    package enum OnLeased: Sendable, Equatable {
        case granted(Lease, attempt: Int, Work)
        case tooEarly(until: Instant)
        case held(until: Instant)
        case finished(Status)
    }

    /// A worker asks for the task.
    package mutating func leased(by owner: String, at now: Instant) -> OnLeased {
        switch state {
        case .accepted(let notBefore) where now < notBefore:
            return .tooEarly(until: notBefore)
        case .accepted:
            attempts += 1
            let lease = Lease(
                owner: owner,
                epoch: Int64(attempts),
                expiresAt: now.adding(milliseconds: limits.leaseMilliseconds)
            )
            state = .processing(lease)
            let work: Work = faults >= limits.faultsBeforeWithdrawal ? .withdraw : .post
            return .granted(lease, attempt: attempts, work)
        case .processing(let lease):
            return .held(until: lease.expiresAt)
        case .complete, .error:
            return .finished(status)
        }
    }

    package enum OnHeartbeat: Sendable, Equatable {
        case extended(until: Instant)
        case fenced
    }

    /// The holder of `epoch` says that it is alive.
    package mutating func heartbeatReceived(epoch: Int64, at now: Instant) -> OnHeartbeat {
        guard let lease = liveLease(epoch: epoch, at: now) else { return .fenced }
        let until = now.adding(milliseconds: limits.leaseMilliseconds)
        state = .processing(Lease(owner: lease.owner, epoch: lease.epoch, expiresAt: until))
        return .extended(until: until)
    }

    package enum OnLeaseEnded: Sendable, Equatable {
        case released(retryAt: Instant)
        case stillHeld(until: Instant)
        case notHeld
    }

    /// The clock went past a lease's end.
    package mutating func leaseExpired(at now: Instant) -> OnLeaseEnded {
        guard case .processing(let lease) = state else { return .notHeld }
        guard lease.expiresAt <= now else { return .stillHeld(until: lease.expiresAt) }
        return .released(retryAt: release(at: now, isFault: true))
    }

    /// The holder is known to be gone: a store has one process, so at its start every lease of
    /// another instance is a dead one's.
    package mutating func ownerLost(survivor: String, at now: Instant) -> OnLeaseEnded {
        guard case .processing(let lease) = state else { return .notHeld }
        guard lease.owner != survivor else { return .stillHeld(until: lease.expiresAt) }
        return .released(retryAt: release(at: now, isFault: true))
    }

    /// The clock was set back: a wait or a lease that would last longer than any may is cut to the
    /// longest.
    ///
    /// - Returns: whether it was.
    package mutating func clockSetBack(at now: Instant) -> Bool {
        switch state {
        case .accepted(let end) where now < end && limits.pause.isOver(end, at: now):
            state = .accepted(notBefore: now)
        case .processing(let lease)
        where now < lease.expiresAt && limits.lease.isOver(lease.expiresAt, at: now):
            let end = now.adding(milliseconds: limits.leaseMilliseconds)
            state = .processing(Lease(owner: lease.owner, epoch: lease.epoch, expiresAt: end))
        case .accepted, .processing, .complete, .error:
            return false
        }
        return true
    }

    /// The lease of `epoch`, if it is the task's and has not run out.
    private func liveLease(epoch: Int64, at now: Instant) -> Lease? {
        guard case .processing(let lease) = state, lease.epoch == epoch, now < lease.expiresAt
        else { return nil }
        return lease
    }

    private mutating func release(at now: Instant, isFault: Bool, atLeast: Int64 = 0) -> Instant {
        failures += 1
        if isFault { faults += 1 }
        let wait = min(
            max(atLeast, limits.backoff(afterFailures: failures)),
            limits.longestBackoffMilliseconds
        )
        let retryAt = now.adding(milliseconds: wait)
        state = .accepted(notBefore: retryAt)
        return retryAt
    }
}

// MARK: - Replies

extension PostingTask {
    package enum OnReply: Sendable, Equatable {
        /// Save the result and this status, in one transaction.
        case finish(Status)
        case retry(at: Instant)
        /// Save nothing: the lease is no longer the sender's.
        case fenced
    }

    /// The holder of `epoch` brings what came of its attempt.
    package mutating func replyReceived(
        _ reply: PostReply,
        epoch: Int64,
        at now: Instant
    )
        -> OnReply
    {
        guard liveLease(epoch: epoch, at: now) != nil else { return .fenced }
        switch reply {
        case .posted(let everythingLoaded):
            state = everythingLoaded ? .complete : .error
            return .finish(status)
        case .refused, .withdrawn:
            state = .error
            return .finish(.error)
        case .unavailable(let wait):
            return .retry(at: release(at: now, isFault: false, atLeast: wait))
        case .outcomeUnknown:
            return .retry(at: release(at: now, isFault: true))
        case .unreadable:
            faults = max(faults, limits.faultsBeforeWithdrawal)
            return .retry(at: release(at: now, isFault: true))
        }
    }
}
