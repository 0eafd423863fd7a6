internal import NIOConcurrencyHelpers
internal import NIOPosix
internal import Protocol

/// Threads for what is too long for an event loop: reading, filtering and rendering large sets.
///
/// A set of 64 MiB would keep a loop from everybody else's calls, the admin port's included, for as
/// long as it is read. Small sets, read one at a time, are no such work and need no change of threads.
package final class ReadingPool: Sendable {
    /// Threads that read at once.
    package static let standardThreads = 2
    /// Pieces of work that may run and wait; one more is refused.
    package static let maximumWork = 64

    private struct State {
        var work = 0
        var refused: Int64 = 0
    }

    private let threads: NIOThreadPool
    private let limit: Int
    private let state = NIOLockedValueBox(State())

    package init(threads count: Int = standardThreads, limit: Int = maximumWork) {
        threads = NIOThreadPool(numberOfThreads: count)
        self.limit = limit
        threads.start()
    }

    /// Pieces of work that run or wait now.
    package var depth: Int { state.withLockedValue { $0.work } }

    /// Pieces of work that were refused because too many waited.
    package var refused: Int64 { state.withLockedValue { $0.refused } }

    /// Does work on one of the threads.
    ///
    /// - Throws: `busy` where too many wait: nothing was done, and trying again is safe.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let isTaken = state.withLockedValue { state in
            guard state.work < limit else {
                state.refused += 1
                return false
            }
            state.work += 1
            return true
        }
        guard isTaken else { throw Self.busy }
        return try await finish(work)
    }

    /// Goes on with what has been begun, whoever waits.
    ///
    /// A reply that is on its way cannot be refused any more; the arenas bound how many there are.
    func goOn<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        state.withLockedValue { $0.work += 1 }
        return try await finish(work)
    }

    private func finish<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        defer { state.withLockedValue { $0.work -= 1 } }
        return try await threads.runIfActive(work)
    }

    /// Lets the threads end; later work throws.
    package func stop() async {
        // A pool that will not end ends with the process.
        try? await threads.shutdownGracefully()
    }

    private static let busy = RPCError(
        .resourceExhausted,
        reason: "busy",
        message: "Too many large sets are being read. Try again.",
        retryAfterMilliseconds: 1_000
    )
}
