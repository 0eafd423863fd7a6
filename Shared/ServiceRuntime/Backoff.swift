/// Waits between attempts: twice as long each time, up to a limit, with full jitter.
struct Backoff {
    private let first: Duration
    private let limit: Duration
    private var next: Duration

    init(first: Duration = .milliseconds(100), limit: Duration = .seconds(2)) {
        self.first = first
        self.limit = limit
        next = first
    }

    mutating func reset() { next = first }

    /// Waits; false where the task was cancelled.
    mutating func wait() async -> Bool {
        let jittered = next / 2 + next / 2 * Double.random(in: 0...1)
        next = min(next * 2, limit)
        do {
            try await Task.sleep(for: jittered)
            return true
        } catch {
            return false
        }
    }
}
