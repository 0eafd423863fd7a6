internal import NIOConcurrencyHelpers
internal import NIOCore

/// Keeps the number of unfinished handshakes bounded: one too many pushes out the oldest, so that
/// stalled ones cannot lock out honest callers (fault S-09).
final class HandshakeGate: Sendable {
    private struct State {
        var next = 0
        var waiting: [(number: Int, channel: any Channel)] = []
    }

    private let state = NIOLockedValueBox(State())
    private let maximum: Int

    init(maximum: Int) { self.maximum = maximum }

    /// Enters a channel; its number is for `leave`.
    func enter(_ channel: any Channel) -> Int {
        let (number, pushedOut) = state.withLockedValue { state -> (Int, (any Channel)?) in
            state.next += 1
            state.waiting.append((state.next, channel))
            guard state.waiting.count > maximum else { return (state.next, nil) }
            return (state.next, state.waiting.removeFirst().channel)
        }
        pushedOut?.close(promise: nil)
        return number
    }

    func leave(_ number: Int) {
        state.withLockedValue { state in
            state.waiting.removeAll { $0.number == number }
        }
    }
}
