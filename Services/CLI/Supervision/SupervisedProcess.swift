/// The life of one supervised process as a value; times are milliseconds of a monotonic clock.
///
/// States: `due` (to be started at a time), `running`, `stopping` (asked to end, killed at a time),
/// `stopped` (terminal). A death is never invalid: in `due` or `stopped` it belongs to a process that
/// was already counted, and is ignored.
package struct SupervisedProcess: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case due(at: Int64)
        case running(processID: Int32, since: Int64)
        case stopping(processID: Int32, killAt: Int64)
        case stopped
    }

    /// What the shell must do after a death.
    package enum OnDeath: Sendable, Hashable {
        case startAgain(afterMilliseconds: Int64)
        case stopped
        case ignored
    }

    /// What the shell must do when the process shall end.
    package enum OnStop: Sendable, Hashable {
        case terminate(processID: Int32)
        case nothing
    }

    /// What the shell must do as time passes.
    package enum OnTick: Sendable, Hashable {
        case start
        case kill(processID: Int32)
        case nothing
    }

    package private(set) var state: State
    private var policy = RestartPolicy()

    package init(dueAt now: Int64) { state = .due(at: now) }

    package mutating func started(processID: Int32, at now: Int64) {
        guard case .due = state else { preconditionFailure("only a process that is due starts") }
        state = .running(processID: processID, since: now)
    }

    /// The process could not even be started.
    package mutating func startFailed(at now: Int64) {
        guard case .due = state else { preconditionFailure("only a process that is due starts") }
        state = .due(at: now + policy.delay(after: .exited, livedMilliseconds: 0))
    }

    package mutating func died(
        processID: Int32,
        _ death: RestartPolicy.Death,
        at now: Int64
    ) -> OnDeath {
        switch state {
        case .running(processID, let since):
            let delay = policy.delay(after: death, livedMilliseconds: now - since)
            state = .due(at: now + delay)
            return .startAgain(afterMilliseconds: delay)
        case .stopping(processID, _):
            state = .stopped
            return .stopped
        case .due, .running, .stopping, .stopped:
            return .ignored
        }
    }

    package mutating func stopRequested(graceMilliseconds: Int64, at now: Int64) -> OnStop {
        switch state {
        case .running(let processID, _):
            state = .stopping(processID: processID, killAt: now + graceMilliseconds)
            return .terminate(processID: processID)
        case .due:
            state = .stopped
            return .nothing
        case .stopping, .stopped:
            return .nothing
        }
    }

    /// Ends the patience with a process that is stopping.
    package mutating func hurry(at now: Int64) {
        guard case .stopping(let processID, let killAt) = state else { return }
        state = .stopping(processID: processID, killAt: min(killAt, now))
    }

    /// What is due at `now`; a kill is asked for once.
    package mutating func tick(at now: Int64) -> OnTick {
        switch state {
        case .due(let time) where time <= now:
            return .start
        case .stopping(let processID, let killAt) where killAt <= now:
            state = .stopping(processID: processID, killAt: .max)
            return .kill(processID: processID)
        case .due, .running, .stopping, .stopped:
            return .nothing
        }
    }

    /// When `tick` will next have something to do.
    package var nextTick: Int64? {
        switch state {
        case .due(let time): time
        case .stopping(_, let killAt): killAt == .max ? nil : killAt
        case .running, .stopped: nil
        }
    }
}
