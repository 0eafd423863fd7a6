package import Logging
internal import NIOConcurrencyHelpers
package import Protocol

/// Runs every background loop of a service, and knows how each does.
///
/// A round that fails is tried again with growing waits. The first failure in a row is logged, and the
/// round that ends it; what comes between is counted, so that a service that is away for an hour costs
/// two lines.
package final class LoopDriver: Sendable {
    private let logger: Logger
    private let metrics: MetricsRegistry
    private let running = NIOLockedValueBox<[(loop: RunningLoop, task: Task<Void, Never>)]>([])

    package init(logger: Logger, metrics: MetricsRegistry) {
        self.logger = logger
        self.metrics = metrics
    }

    package func start(_ loops: [BackgroundLoop]) {
        for loop in loops {
            let started = RunningLoop(loop, logger: logger)
            started.show(in: metrics)
            let task = Task.detached(executorPreference: loop.executor) { await started.run() }
            running.withLockedValue { $0.append((started, task)) }
        }
    }

    /// How each loop does, in the order of their starts.
    package var statuses: [LoopStatus] {
        running.withLockedValue { $0.map(\.loop) }.map(\.status)
    }

    /// Cancels all loops and waits until their rounds have ended.
    package func stop() async {
        let tasks = running.withLockedValue { $0.map(\.task) }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}

/// A loop with what came of its rounds.
private final class RunningLoop: Sendable {
    private struct State {
        var isWaiting = false
        var runs: Int64 = 0
        var failures: Int64 = 0
        var failuresInARow: Int64 = 0
        /// In milliseconds since 1970.
        var lastSuccess: Int64?
        var lastError: LoopStatus.Failure?
    }

    private static let leastLimit = Duration.milliseconds(200)
    private static let longestPause = Duration.seconds(2)

    private let loop: BackgroundLoop
    private let logger: Logger
    private let state = NIOLockedValueBox(State())

    init(_ loop: BackgroundLoop, logger: Logger) {
        self.loop = loop
        self.logger = logger
    }

    var status: LoopStatus {
        let state = state.withLockedValue { $0 }
        return LoopStatus(
            name: loop.name,
            purpose: loop.purpose,
            isWaiting: state.isWaiting,
            runs: state.runs,
            failures: state.failures,
            failuresInARow: state.failuresInARow,
            lastSuccess: state.lastSuccess.map { Timestamps.format(milliseconds: $0) },
            lastError: state.lastError
        )
    }

    func run() async {
        var backoff = Backoff(limit: min(max(loop.period, Self.leastLimit), Self.longestPause))
        while !Task.isCancelled {
            let seen = loop.signal?.count
            do {
                state.withLockedValue { $0.isWaiting = false }
                let wait = try await loop.round() ?? loop.period
                succeed()
                backoff.reset()
                if wait > .zero { await pause(wait, after: seen) }
            } catch {
                if Task.isCancelled { return }
                fail(error)
                await pause(backoff.pause(), after: nil)
            }
        }
    }

    private func pause(_ wait: Duration, after seen: UInt64?) async {
        if let seen, let signal = loop.signal {
            await signal.wait(after: seen, milliseconds: max(1, wait.wholeMilliseconds))
        } else {
            // A cancelled sleep ends the loop.
            try? await Task.sleep(for: wait)
        }
    }

    private func succeed() {
        let failed = state.withLockedValue { state in
            defer { state.failuresInARow = 0 }
            state.runs += 1
            state.lastSuccess = Timestamps.now()
            state.isWaiting = true
            return state.failuresInARow
        }
        guard failed > 0 else { return }
        logger.notice(
            "a background loop works again",
            metadata: ["loop": "\(loop.name)", "failures": "\(failed)"]
        )
    }

    private func fail(_ error: any Error) {
        let failure = LoopStatus.Failure(
            at: Timestamps.format(milliseconds: Timestamps.now()),
            message: String("\(error)".prefix(300))
        )
        let isFirst = state.withLockedValue { state in
            state.runs += 1
            state.failures += 1
            state.failuresInARow += 1
            state.lastError = failure
            state.isWaiting = true
            return state.failuresInARow == 1
        }
        guard isFirst else { return }
        logger.warning(
            "a background loop fails and is tried again",
            metadata: ["loop": "\(loop.name)", "error": "\(failure.message)"]
        )
    }

    func show(in metrics: MetricsRegistry) {
        let labels = [("loop", loop.name)]
        let state = state
        func sample(_ name: String, _ help: String, _ read: @escaping @Sendable (State) -> Double) {
            metrics.sample(
                "bursar_loop_\(name)",
                help: help,
                labels: labels,
                asCounter: name.hasSuffix("_total")
            ) { read(state.withLockedValue { $0 }) }
        }
        sample("runs_total", "Rounds of a background loop that ended, well or not.") {
            Double($0.runs)
        }
        sample("failures_total", "Rounds of a background loop that failed.") {
            Double($0.failures)
        }
        sample("failing", "Failures of a background loop since its last success.") {
            Double($0.failuresInARow)
        }
        sample("waiting", "Whether a background loop waits between two rounds.") {
            $0.isWaiting ? 1 : 0
        }
        sample("last_success_seconds", "When a round last ended well, in seconds since 1970.") {
            Double($0.lastSuccess ?? 0) / 1_000
        }
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
