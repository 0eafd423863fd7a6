internal import NIOConcurrencyHelpers

/// A fixed number of arenas; who comes when all are in use waits in line.
package final class ArenaPool: Sendable {
    private struct State {
        var idle: [BodyArena] = []
        var made = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<BodyArena?, Never>)] = []
        var nextID = 0
    }

    private let limit: Int
    private let capacity: Int
    private let longestQueue: Int
    private let state = NIOLockedValueBox(State())

    /// A pool of at most `limit` arenas of `capacity` bytes, with at most `longestQueue` waiting.
    package init(limit: Int, capacity: Int, longestQueue: Int = 256) {
        self.limit = limit
        self.capacity = capacity
        self.longestQueue = longestQueue
    }

    /// The use of one arena; it returns to the pool with its last reference.
    package final class Loan: Sendable {
        package let arena: BodyArena
        private let pool: ArenaPool

        fileprivate init(_ arena: BodyArena, of pool: ArenaPool) {
            self.arena = arena
            self.pool = pool
        }

        deinit { pool.giveBack(arena) }
    }

    /// The next free arena; nil where too many wait already or the caller was cancelled.
    package func borrow() async -> Loan? {
        let id = state.withLockedValue { state in
            state.nextID += 1
            return state.nextID
        }
        let arena = await withTaskCancellationHandler {
            await withCheckedContinuation { enqueue($0, id: id) }
        } onCancel: {
            let waiter = state.withLockedValue { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: nil)
        }
        return arena.map { Loan($0, of: self) }
    }

    private func enqueue(_ continuation: CheckedContinuation<BodyArena?, Never>, id: Int) {
        enum Step {
            case ready(BodyArena?)
            case wait
        }
        let step: Step = state.withLockedValue { state in
            if let arena = state.idle.popLast() { return .ready(arena) }
            if state.made < limit {
                state.made += 1
                return .ready(BodyArena(capacity: capacity))
            }
            guard state.waiting.count < longestQueue, !Task.isCancelled else { return .ready(nil) }
            state.waiting.append((id, continuation))
            return .wait
        }
        if case .ready(let arena) = step { continuation.resume(returning: arena) }
    }

    private func giveBack(_ arena: BodyArena) {
        arena.reset()
        let waiter = state.withLockedValue { state in
            guard !state.waiting.isEmpty else {
                state.idle.append(arena)
                return CheckedContinuation<BodyArena?, Never>?.none
            }
            return state.waiting.removeFirst().continuation
        }
        waiter?.resume(returning: arena)
    }
}
