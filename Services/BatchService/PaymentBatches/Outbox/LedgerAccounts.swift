internal import Identity
internal import NIOConcurrencyHelpers
package import Protocol

/// Asks posting-service about accounts for many callers at once: one question is on its way, those who
/// come meanwhile go together in the next.
package final class LedgerAccounts: AccountChecks {
    /// Accounts of one question.
    package static let maximumAccounts = 500

    private typealias Waiter = CheckedContinuation<AccountCheck, any Error>

    private struct State {
        var waiting: [ByteText: [Waiter]] = [:]
        /// The accounts that wait, in the order in which they came.
        var order: [String] = []
        var isAsking = false
    }

    private let ledger: any LedgerClient
    private let state = NIOLockedValueBox(State())

    private let executor: (any TaskExecutor)?

    package init(ledger: any LedgerClient, executor: (any TaskExecutor)? = nil) {
        self.ledger = ledger
        self.executor = executor
    }

    /// Accounts that the next questions are about.
    package var waitingAccounts: Int { state.withLockedValue { $0.order.count } }

    package func check(_ accountID: String) async throws -> AccountCheck {
        try await withCheckedThrowingContinuation { continuation in
            let starts = state.withLockedValue { state in
                if state.waiting[accountID] == nil { state.order.append(accountID) }
                state.waiting[accountID, default: []].append(continuation)
                defer { state.isAsking = true }
                return !state.isAsking
            }
            if starts { Task.detached(executorPreference: executor) { await self.askAll() } }
        }
    }

    package func isChargeCode(_ code: String) async throws -> Bool {
        do {
            return try await ledger.isChargeCode(code)
        } catch {
            throw Self.told(error)
        }
    }

    /// Asks until nobody waits any more.
    private func askAll() async {
        while let (accounts, waiters) = next() {
            do {
                let checks = try await ledger.check(accounts)
                guard checks.count == accounts.count else { throw RPCError.internal }
                for (check, waiters) in zip(checks, waiters) {
                    for waiter in waiters { waiter.resume(returning: check) }
                }
            } catch {
                let told = Self.told(error)
                for waiter in waiters.joined() { waiter.resume(throwing: told) }
            }
        }
    }

    private func next() -> (accounts: [String], waiters: [[Waiter]])? {
        state.withLockedValue { state in
            let accounts = Array(state.order.prefix(Self.maximumAccounts))
            guard !accounts.isEmpty else {
                state.isAsking = false
                return nil
            }
            state.order.removeFirst(accounts.count)
            return (
                accounts, accounts.map { state.waiting.removeValue(forKey: ByteText($0)) ?? [] }
            )
        }
    }

    /// Nothing has changed by a question, so that whatever failed may be tried again.
    private static func told(_ error: any Error) -> RPCError {
        let wait = (error as? RPCError)?.retryAfterMilliseconds ?? 1_000
        return .unavailable(
            "The account cannot be checked at the moment. Nothing was changed; try again.",
            retryAfterMilliseconds: wait
        )
    }
}
