// What batch-service and posting-service tell each other about posting sets.

/// What batch-service asks posting-service to do with a set: the parameters beside the raw body.
package struct PostSetParameters: Codable, ClosedRequest, Sendable, Equatable {
    /// The set's number: the idempotency key of the whole work.
    package var setID: Int64
    package var commitPolicy: CommitPolicy
    /// Lower-case hex of the body's SHA-256: the same key with another body is refused.
    package var digest: String
    /// How many times this set has been sent, this time included.
    package var attempt: Int

    package init(setID: Int64, commitPolicy: CommitPolicy, digest: String, attempt: Int) {
        self.setID = setID
        self.commitPolicy = commitPolicy
        self.digest = digest
        self.attempt = attempt
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case setID = "set_id"
        case commitPolicy = "commit_policy"
        case digest, attempt
    }

    package static var memberNames: Set<String> { Set(CodingKeys.allCases.map(\.rawValue)) }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        setID = try values.decode(Int64.self, forKey: .setID)
        commitPolicy = try values.decode(CommitPolicy.self, forKey: .commitPolicy)
        digest = try values.decode(String.self, forKey: .digest)
        attempt = try values.decode(Int.self, forKey: .attempt)
        guard setID > 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: .setID,
                in: values,
                debugDescription: "A set id is above 0."
            )
        }
    }
}

/// One transaction of a set that was not loaded, by its place in the set.
///
/// The result shown to people (contract S1-21) is rendered from the set itself, so that a place and a
/// reason are all that need be kept.
package struct PostingFailure: Codable, Sendable, Equatable {
    /// Zero-based place in `transactions`.
    package var index: Int
    /// The text of `error_message`, for example `Invalid detail code: AX84`.
    package var message: String

    package init(index: Int, message: String) {
        self.index = index
        self.message = message
    }
}

/// How a set ended; kept by posting-service for every COMMIT and given again to a repeated call.
package struct PostSetResult: Codable, Sendable, Equatable {
    package var transactionsLoaded: Int
    package var failures: [PostingFailure]
    /// Set where the set was refused as a whole (contract A1-2, A1-3).
    package var errorMessage: String?
    /// The GL journal of a COMMIT that loaded something.
    package var journalID: Int64?

    package init(
        transactionsLoaded: Int,
        failures: [PostingFailure],
        errorMessage: String? = nil,
        journalID: Int64? = nil
    ) {
        self.transactionsLoaded = transactionsLoaded
        self.failures = failures
        self.errorMessage = errorMessage
        self.journalID = journalID
    }

    private enum CodingKeys: String, CodingKey {
        case transactionsLoaded = "transactions_loaded"
        case failures
        case errorMessage = "error_message"
        case journalID = "journal_id"
    }
}

/// The reply of `posting.sets.withdraw`: the set will never be posted, or how it was.
package struct WithdrawSetReply: Codable, Sendable, Equatable {
    package var withdrawn: Bool
    package var result: PostSetResult?

    package init(withdrawn: Bool, result: PostSetResult?) {
        self.withdrawn = withdrawn
        self.result = result
    }
}

/// The request of `posting.sets.withdraw`.
package struct WithdrawSetRequest: Codable, Sendable {
    package var setID: Int64
    /// Of the set's body, as in `PostSetParameters`.
    package var digest: String

    package init(setID: Int64, digest: String) {
        self.setID = setID
        self.digest = digest
    }

    private enum CodingKeys: String, CodingKey {
        case setID = "set_id"
        case digest
    }
}

/// The request of `posting.sets.progress`.
package struct SetProgressRequest: Codable, Sendable {
    package var setIDs: [Int64]

    package init(setIDs: [Int64]) { self.setIDs = setIDs }

    private enum CodingKeys: String, CodingKey {
        case setIDs = "set_ids"
    }
}

/// How far posting-service has come with a set: one of the reply of `posting.sets.progress`.
package struct SetCounts: Codable, Sendable, Equatable {
    package var setID: Int64
    package var total: Int
    package var done: Int
    package var failed: Int

    package init(setID: Int64, total: Int, done: Int, failed: Int) {
        self.setID = setID
        self.total = total
        self.done = done
        self.failed = failed
    }

    private enum CodingKeys: String, CodingKey {
        case setID = "set_id"
        case total, done, failed
    }
}

/// The reply of `posting.anchor`: what a restored, older store is found by (fault D-08).
package struct LedgerAnchor: Codable, Sendable, Equatable {
    package var storeID: String
    package var highestSetID: Int64
    package var entries: Int64

    package init(storeID: String, highestSetID: Int64, entries: Int64) {
        self.storeID = storeID
        self.highestSetID = highestSetID
        self.entries = entries
    }

    private enum CodingKeys: String, CodingKey {
        case storeID = "store_id"
        case highestSetID = "highest_set_id"
        case entries
    }
}

/// The counts of a task, the reply of `batch.tasks.progress` (contract A1-13).
package struct TaskProgress: Sendable, Hashable, Codable {
    package var total: Int
    package var done: Int
    package var failed: Int
    package var attempt: Int

    package init(total: Int, done: Int, failed: Int, attempt: Int) {
        self.total = total
        self.done = done
        self.failed = failed
        self.attempt = attempt
    }
}
