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
    enum State {
        case new
        case waiting(fail: @Sendable (any Error) -> Void)
        case taken
        case cancelled
    }

    fileprivate(set) var state = State.new
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
        var jobs: [StoreJob<Transaction>?] = []
        var head = 0
        var waiting = 0
        var slices: [Slice] = []
        var isStopping = false

        /// Keeps the array short: what was taken goes once it is most of it.
        mutating func dropTaken() {
            guard head == jobs.count || head >= 4_096 else { return }
            jobs.removeFirst(head)
            head = 0
        }
    }

    private let capacity: Int
    private let monitor = Monitor(State())

    init(capacity: Int) { self.capacity = capacity }

    /// Calls that wait now.
    var depth: Int { monitor.withLock { $0.waiting } }

    /// Takes the call in, or fails it where the queue is full or closed.
    func enqueue(_ job: StoreJob<Transaction>) {
        let refusal: (any Error)? = monitor.withLock { state in
            if case .cancelled = job.ticket.state { return CancellationError() }
            if state.isStopping { return StoreError.closed }
            if state.waiting >= capacity { return StoreError.overloaded }
            job.ticket.state = .waiting(fail: job.fail)
            state.jobs.append(job)
            state.waiting += 1
            return nil
        }
        if let refusal { job.fail(refusal) } else { monitor.signal() }
    }

    /// Takes work in that is done while no call waits; a closing queue drops it.
    func enqueue(_ slice: @escaping Slice) {
        monitor.withLock { $0.slices.append(slice) }
        monitor.signal()
    }

    /// Withdraws a call that no thread has started; a started one goes on.
    func cancel(_ ticket: JobTicket) {
        let fail: (@Sendable (any Error) -> Void)? = monitor.withLock { state in
            switch ticket.state {
            case .new:
                ticket.state = .cancelled
                return nil
            case .waiting(let fail):
                ticket.state = .cancelled
                state.waiting -= 1
                return fail
            case .taken, .cancelled:
                return nil
            }
        }
        fail?(CancellationError())
    }

    /// Blocks until there is something to do; `stop` only once no call waits.
    func next(sliceIsDue: () -> Bool) -> Next {
        monitor.waitFor { state in
            if state.waiting > 0 {
                guard !state.slices.isEmpty, !state.isStopping, sliceIsDue() else {
                    return .calls(state.waiting)
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
            while state.head < state.jobs.count {
                let job = state.jobs[state.head]
                state.jobs[state.head] = nil
                state.head += 1
                state.dropTaken()
                guard let job, case .waiting = job.ticket.state else { continue }
                job.ticket.state = .taken
                state.waiting -= 1
                return job
            }
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
