/// How a set ended, beside the set itself: what the result of seed 001 says (contract S1-19).
package struct PostingSetResult: Sendable, Hashable {
    /// One transaction that was not loaded.
    package struct Failure: Sendable, Hashable {
        /// Zero-based place in `transactions`.
        package var index: Int
        /// For example `Invalid detail code: AX84`.
        package var message: String

        package init(index: Int, message: String) {
            self.index = index
            self.message = message
        }
    }

    package var batchID: Int64
    package var transactionsLoaded: Int
    package var failures: [Failure]
    /// Set where the set was refused as a whole (contract A1-2, A1-3).
    package var errorMessage: String?

    package init(
        batchID: Int64,
        transactionsLoaded: Int,
        failures: [Failure] = [],
        errorMessage: String? = nil
    ) {
        self.batchID = batchID
        self.transactionsLoaded = transactionsLoaded
        self.failures = failures
        self.errorMessage = errorMessage
    }

    /// `failure` where anything was not loaded, else `success` (contract S1-20).
    package var status: String {
        failures.isEmpty && errorMessage == nil ? "success" : "failure"
    }
}

/// A result that does not belong to its set.
package enum PostingSetResultFault: Error, Sendable, Hashable {
    case failureOutsideSet(index: Int, count: Int)
}
