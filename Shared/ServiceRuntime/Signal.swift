internal import NIOConcurrencyHelpers

/// Wakes one waiting loop: raised before or while it waits, once or often, it wakes it once.
package final class Signal: Sendable {
    private struct State {
        var isRaised = false
        var waiter: CheckedContinuation<Void, Never>?
        var generation = 0
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    package func raise() {
        let waiter = state.withLockedValue { state in
            guard let waiter = state.waiter else {
                state.isRaised = true
                return CheckedContinuation<Void, Never>?.none
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns when the signal is raised, the time is over, or the caller is cancelled.
    package func wait(milliseconds: Int64) async {
        let generation = state.withLockedValue { state in
            state.generation += 1
            return state.generation
        }
        let alarm = Task {
            // Cancelled means that the wait has ended already: nothing is left to wake.
            guard (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil else { return }
            self.end(generation)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    guard !state.isRaised, !Task.isCancelled else {
                        state.isRaised = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            end(generation)
        }
        alarm.cancel()
    }

    private func end(_ generation: Int) {
        let waiter = state.withLockedValue { state in
            guard state.generation == generation else {
                return CheckedContinuation<Void, Never>?.none
            }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
