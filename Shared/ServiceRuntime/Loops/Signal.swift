internal import NIOConcurrencyHelpers

/// Wakes loops that wait for work: an event count.
///
/// A waiter reads `count`, looks for work, and waits for the next raise after that count:
///
///     let seen = signal.count
///     await doWhatIsThere()
///     await signal.wait(after: seen, milliseconds: 1_000)
///
/// Any number may wait; a raise wakes them all. No raise is lost: one that comes between reading and
/// waiting ends the wait at once, whoever else was woken by it. A wait also ends when its time is over
/// or its task is cancelled, whichever comes first and at whatever moment.
package final class Signal: Sendable {
    private typealias Continuation = CheckedContinuation<Void, Never>

    private struct State {
        var count: UInt64 = 0
        var nextWaiter: UInt64 = 0
        /// Who waits; without a continuation where one is only about to.
        var waiters: [UInt64: Continuation?] = [:]
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    /// How often it was raised.
    package var count: UInt64 { state.withLockedValue { $0.count } }

    /// Wakes everyone who waits, and who waits after a count that was read before.
    package func raise() {
        let woken = state.withLockedValue { state in
            state.count &+= 1
            guard !state.waiters.isEmpty else { return [UInt64: Continuation?]() }
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in woken.values { waiter?.resume() }
    }

    /// Returns when the signal was raised after `seen`, the time is over, or the caller is cancelled.
    package func wait(after seen: UInt64, milliseconds: Int64) async {
        let entered = state.withLockedValue { state -> UInt64? in
            guard state.count == seen else { return nil }
            defer { state.nextWaiter &+= 1 }
            state.waiters[state.nextWaiter] = .some(nil)
            return state.nextWaiter
        }
        guard let waiter = entered else { return }
        let alarm = Task {
            // Cancelled means that the wait has ended already: nothing is left to wake.
            guard (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil else { return }
            self.end(waiter)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    // Raised, over or cancelled before it could wait: nobody else will wake it.
                    guard state.waiters[waiter] != nil else { return true }
                    state.waiters[waiter] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            end(waiter)
        }
        alarm.cancel()
    }

    private func end(_ waiter: UInt64) {
        let continuation = state.withLockedValue { $0.waiters.removeValue(forKey: waiter) }
        continuation??.resume()
    }
}
