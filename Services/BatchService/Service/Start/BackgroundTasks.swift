internal import NIOConcurrencyHelpers

/// The loops that run beside a service's methods, started and ended together.
final class BackgroundTasks: Sendable {
    private let tasks = NIOLockedValueBox<[Task<Void, Never>]>([])

    func start(_ loops: [@Sendable () async -> Void]) {
        let started = loops.map { loop in Task.detached { await loop() } }
        tasks.withLockedValue { $0.append(contentsOf: started) }
    }

    /// Cancels all and waits until they have ended.
    func stop() async {
        let running = tasks.withLockedValue { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
    }
}
