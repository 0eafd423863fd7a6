internal import NIOConcurrencyHelpers

/// The time that a process has to end in, and how much of it is left.
final class Grace: Sendable {
    private let seconds: Int
    private let beganAt = NIOLockedValueBox<ContinuousClock.Instant?>(nil)

    init(seconds: Int) { self.seconds = seconds }

    func begin() { beganAt.withLockedValue { $0 = .now } }

    /// Whole seconds that one part of the end may take, so that `keeping` stay for what follows it; at
    /// least one.
    func left(keeping reserve: Int) -> Int {
        let spent = beganAt.withLockedValue { $0.map { ContinuousClock.now - $0 } } ?? .zero
        return max(1, seconds - reserve - Int(spent.components.seconds))
    }
}
