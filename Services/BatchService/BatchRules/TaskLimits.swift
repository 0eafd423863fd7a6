package import Dates

/// Every limit of a posting task, with its name.
package struct TaskLimits: Sendable, Equatable {
    /// How long a worker may be silent before its lease is taken from it.
    package var leaseMilliseconds: Int64
    /// Wait before the first retry; each further one doubles it.
    package var firstBackoffMilliseconds: Int64
    /// Longest wait between two attempts.
    package var longestBackoffMilliseconds: Int64
    /// Attempts that may end without a known outcome before the set is withdrawn (fault C-12).
    package var faultsBeforeWithdrawal: Int

    package init(
        leaseMilliseconds: Int64 = 30_000,
        firstBackoffMilliseconds: Int64 = 100,
        longestBackoffMilliseconds: Int64 = 5_000,
        faultsBeforeWithdrawal: Int = 20
    ) {
        self.leaseMilliseconds = leaseMilliseconds
        self.firstBackoffMilliseconds = firstBackoffMilliseconds
        self.longestBackoffMilliseconds = longestBackoffMilliseconds
        self.faultsBeforeWithdrawal = faultsBeforeWithdrawal
    }

    /// How long a lease lasts, and how long a task waits between two attempts.
    package var lease: BoundedWait { BoundedWait(longest: leaseMilliseconds) }
    package var pause: BoundedWait { BoundedWait(longest: longestBackoffMilliseconds) }

    /// The wait after `failures` attempts in a row that did not end the task.
    package func backoff(afterFailures failures: Int) -> Int64 {
        let doublings = min(max(failures - 1, 0), 20)
        return min(firstBackoffMilliseconds << Int64(doublings), longestBackoffMilliseconds)
    }
}
