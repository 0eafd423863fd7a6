/// Waits between attempts: twice as long each time, up to a limit, with jitter over their upper half.
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

    /// How long to wait now.
    mutating func pause() -> Duration {
        defer { next = min(next * 2, limit) }
        return next / 2 + next / 2 * Double.random(in: 0...1)
    }
}
