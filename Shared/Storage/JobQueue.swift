/// One call of `Store.write` or `Store.read` on its way to a thread of the store.
struct StoreJob<Transaction>: Sendable {
    /// Hands the value to the caller, who then goes on.
    typealias Delivery = @Sendable () -> Void

    let ticket: JobTicket
    /// Does the caller's work and returns the delivery of its value.
    let perform: @Sendable (Transaction) throws -> Delivery
    let fail: @Sendable (any Error) -> Void
}

/// Where a call stands; guarded by the lock of the queue it goes through.
final class JobTicket: @unchecked Sendable {
    fileprivate enum State {
        case new
        /// In the queue, under this number.
        case waiting(Int)
        case taken
        case cancelled
    }

    fileprivate var state = State.new
}

/// The bounded queue in front of the store's threads.
final class JobQueue<Transaction>: Sendable {
    /// A piece of work between the calls; true when there is more of it.
    typealias Slice = @Sendable (Transaction) throws -> Bool

    /// What a thread is to do next.
    enum Next {
        /// Calls wait, this many of them.
        case calls(Int)
        case slice(Slice)
        case stop
    }

    private struct State {
        /// The calls that wait, by their numbers: one that is cancelled leaves nothing behind.
        var jobs: [Int: StoreJob<Transaction>] = [:]
        /// No call with a lower number waits.
        var first = 0
        /// The number of the next call.
        var next = 0
        var slices: [Slice] = []
        var isStopping = false
    }

    private let capacity: Int
    private let monitor = Monitor(State())

    init(capacity: Int) { self.capacity = capacity }

    /// Calls that wait now.
    var depth: Int { monitor.withLock { $0.jobs.count } }

    /// Takes the call in, or fails it where the queue is full or closed.
    func enqueue(_ job: StoreJob<Transaction>) {
        let refusal: (any Error)? = monitor.withLock { state in
            if case .cancelled = job.ticket.state { return CancellationError() }
            if state.isStopping { return StoreError.closed }
            if state.jobs.count >= capacity { return StoreError.overloaded }
            job.ticket.state = .waiting(state.next)
            state.jobs[state.next] = job
            state.next += 1
            return nil
        }
        if let refusal { job.fail(refusal) } else { monitor.signal() }
    }

    /// Takes work in that is done while no call waits; a closing queue drops it.
    func enqueue(_ slice: @escaping Slice) {
        monitor.withLock { $0.slices.append(slice) }
        monitor.signal()
    }

    /// Withdraws a call that no thread has started, with its place and all that it holds; a started
    /// one goes on.
    func cancel(_ ticket: JobTicket) {
        let withdrawn: StoreJob<Transaction>? = monitor.withLock { state in
            switch ticket.state {
            case .new:
                ticket.state = .cancelled
                return nil
            case .waiting(let number):
                ticket.state = .cancelled
                return state.jobs.removeValue(forKey: number)
            case .taken, .cancelled:
                return nil
            }
        }
        withdrawn?.fail(CancellationError())
    }

    /// Blocks until there is something to do; `stop` only once no call waits.
    func next(sliceIsDue: () -> Bool) -> Next {
        monitor.waitFor { state in
            if !state.jobs.isEmpty {
                guard !state.slices.isEmpty, !state.isStopping, sliceIsDue() else {
                    return .calls(state.jobs.count)
                }
                return .slice(state.slices.removeFirst())
            }
            if state.isStopping { return .stop }
            return state.slices.isEmpty ? nil : .slice(state.slices.removeFirst())
        }
    }

    /// The call that has waited longest, if any still waits.
    func take() -> StoreJob<Transaction>? {
        monitor.withLock { state in
            while !state.jobs.isEmpty {
                let job = state.jobs.removeValue(forKey: state.first)
                state.first += 1
                guard let job else { continue }
                job.ticket.state = .taken
                return job
            }
            state.first = state.next
            return nil
        }
    }

    /// Refuses new calls; those that wait are still served.
    func stop() {
        monitor.withLock { $0.isStopping = true }
        monitor.broadcast()
    }
}

extension JobQueue {
    /// Queues the work and waits for its value; a cancelled caller leaves while it is not started.
    func call<R: Sendable>(
        _ work: @escaping @Sendable (Transaction) throws -> R
    ) async throws -> R {
        let ticket = JobTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = StoreJob<Transaction>(
                    ticket: ticket,
                    perform: { transaction in
                        let value = try work(transaction)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: $0) }
                )
                enqueue(job)
            }
        } onCancel: {
            cancel(ticket)
        }
    }
}
