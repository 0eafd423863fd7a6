internal import NIOConcurrencyHelpers

/// Callers that wait until the ledger has what they wrote.
///
/// A waiter ends when its payment was delivered, or when a round that began after it came found
/// nothing left to deliver: then its rows went with an earlier one.
final class DeliveryWaiters: Sendable {
    private struct Waiter {
        var token: Int
        var round: Int
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var waiters: [Int64: [Waiter]] = [:]
        var nextToken = 0
        /// The round that runs, or ran last.
        var round = 0
    }

    private let state = NIOLockedValueBox(State())

    /// A round begins: it looks at the store after this.
    func roundBegan() { state.withLockedValue { $0.round += 1 } }

    /// The rows of the payments are gone.
    func delivered(_ paymentIDs: some Sequence<Int64>) {
        let ended = state.withLockedValue { state in
            var ended: [Waiter] = []
            guard !state.waiters.isEmpty else { return ended }
            for id in paymentIDs { ended += state.waiters.removeValue(forKey: id) ?? [] }
            return ended
        }
        for waiter in ended { waiter.continuation.resume(returning: true) }
    }

    /// The round has left nothing behind but rows of `held` payments.
    func roundEmptied(held: Set<Int64>) {
        let ended = state.withLockedValue { state in
            var ended: [Waiter] = []
            for (id, waiters) in state.waiters where !held.contains(id) {
                let done = waiters.filter { $0.round < state.round }
                guard !done.isEmpty else { continue }
                ended += done
                let rest = waiters.filter { $0.round >= state.round }
                state.waiters[id] = rest.isEmpty ? nil : rest
            }
            return ended
        }
        for waiter in ended { waiter.continuation.resume(returning: true) }
    }

    /// Waits for a payment's rows; `wake` is called once the caller is waiting.
    func wait(_ paymentID: Int64, milliseconds: Int64, wake: () -> Void) async -> Bool {
        let token = state.withLockedValue { state in
            state.nextToken += 1
            return state.nextToken
        }
        let alarm = Task {
            // Cancelled means that the wait has ended already: nobody is left to tell.
            guard (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil else { return }
            self.end(paymentID, token)
        }
        defer { alarm.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLockedValue { state in
                    if Task.isCancelled { return true }
                    let waiter = Waiter(
                        token: token,
                        round: state.round,
                        continuation: continuation
                    )
                    state.waiters[paymentID, default: []].append(waiter)
                    return false
                }
                if isOver { continuation.resume(returning: false) } else { wake() }
            }
        } onCancel: {
            end(paymentID, token)
        }
    }

    private func end(_ paymentID: Int64, _ token: Int) {
        let ended = state.withLockedValue { state in
            guard var waiters = state.waiters[paymentID],
                let place = waiters.firstIndex(where: { $0.token == token })
            else { return Waiter?.none }
            let waiter = waiters.remove(at: place)
            state.waiters[paymentID] = waiters.isEmpty ? nil : waiters
            return waiter
        }
        ended?.continuation.resume(returning: false)
    }
}
