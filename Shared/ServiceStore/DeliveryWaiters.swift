internal import NIOConcurrencyHelpers
internal import ServiceRuntime

/// Callers that wait until another service has what they wrote into an outbox.
///
/// A waiter ends when the rows of its subject, for example a payment, were delivered, or when a round
/// that began after it came found nothing left to deliver: then its rows went with an earlier one.
package final class DeliveryWaiters: Sendable {
    /// One alarm looks after all waiters, so often: thousands come in a second.
    private static let alarmMilliseconds: Int64 = 20

    private struct Waiter {
        var token: Int
        var round: Int
        /// In nanoseconds of the clock that never goes back.
        var deadline: Int64
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var waiters: [Int64: [Waiter]] = [:]
        var nextToken = 0
        /// The round that runs, or ran last.
        var round = 0
        var hasAlarm = false

        /// Takes out the waiters that `isOver` holds for.
        mutating func take(_ isOver: (Int64, Waiter) -> Bool) -> [Waiter] {
            var taken: [Waiter] = []
            for (id, waiters) in waiters {
                let over = waiters.filter { isOver(id, $0) }
                guard !over.isEmpty else { continue }
                taken += over
                let rest = waiters.filter { !isOver(id, $0) }
                self.waiters[id] = rest.isEmpty ? nil : rest
            }
            return taken
        }
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    /// Whether nobody waits.
    package var isEmpty: Bool { state.withLockedValue { $0.waiters.isEmpty } }

    /// A round begins: it looks at the store after this.
    package func roundBegan() { state.withLockedValue { $0.round += 1 } }

    /// The rows of the subjects are gone.
    package func delivered(_ subjects: some Sequence<Int64>) {
        let ended = state.withLockedValue { state in
            var ended: [Waiter] = []
            guard !state.waiters.isEmpty else { return ended }
            for id in subjects { ended += state.waiters.removeValue(forKey: id) ?? [] }
            return ended
        }
        for waiter in ended { waiter.continuation.resume(returning: true) }
    }

    /// The round has left nothing behind but rows of `held` subjects.
    package func roundEmptied(held: Set<Int64>) {
        let ended = state.withLockedValue { state in
            let round = state.round
            return state.take { id, waiter in waiter.round < round && !held.contains(id) }
        }
        for waiter in ended { waiter.continuation.resume(returning: true) }
    }

    /// Waits for a subject's rows; `wake` is called once the caller is waiting.
    ///
    /// - Returns: false where the time was over first, or the caller was cancelled.
    package func wait(_ subject: Int64, milliseconds: Int64, wake: () -> Void) async -> Bool {
        let deadline = Timestamps.monotonic() + milliseconds * 1_000_000
        let token = state.withLockedValue { state in
            state.nextToken += 1
            return state.nextToken
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLockedValue { state in
                    if Task.isCancelled { return (isOver: true, needsAlarm: false) }
                    let waiter = Waiter(
                        token: token,
                        round: state.round,
                        deadline: deadline,
                        continuation: continuation
                    )
                    state.waiters[subject, default: []].append(waiter)
                    defer { state.hasAlarm = true }
                    return (isOver: false, needsAlarm: !state.hasAlarm)
                }
                if waits.needsAlarm { Task.detached { await self.runAlarm() } }
                if waits.isOver { continuation.resume(returning: false) } else { wake() }
            }
        } onCancel: {
            let ended = state.withLockedValue { state in
                state.take { _, waiter in waiter.token == token }
            }
            for waiter in ended { waiter.continuation.resume(returning: false) }
        }
    }

    /// Ends waiters whose time is over, as long as there are any.
    private func runAlarm() async {
        var isNeeded = true
        while isNeeded {
            // Nobody cancels a detached task that nobody has.
            try? await Task.sleep(for: .milliseconds(Self.alarmMilliseconds))
            let now = Timestamps.monotonic()
            let (ended, others) = state.withLockedValue { state in
                let ended = state.take { _, waiter in waiter.deadline <= now }
                state.hasAlarm = !state.waiters.isEmpty
                return (ended, state.hasAlarm)
            }
            isNeeded = others
            for waiter in ended { waiter.continuation.resume(returning: false) }
        }
    }
}
