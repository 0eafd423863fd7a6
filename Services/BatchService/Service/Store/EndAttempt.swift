package import BatchRules
package import Protocol
internal import Storage

/// What an attempt brought: for the machine, for the set's row, and for the record.
package struct AttemptEnd: Sendable, Equatable {
    package var reply: PostReply
    /// The result to keep where the reply ends the task.
    package var result: PostSetResult?
    /// For people, on one line; empty where the outcome says everything.
    package var detail: String

    package init(reply: PostReply, result: PostSetResult?, detail: String = "") {
        self.reply = reply
        self.result = result
        self.detail = detail
    }
}

extension BatchStore {
    /// Saves what an attempt brought, result and status in one transaction.
    ///
    /// - Returns: what became of the task; `.fenced` where the lease had passed on, and then nothing
    ///   but the record has changed (fault C-09).
    package func end(
        setID: Int64,
        epoch: Int64,
        owner: String,
        _ end: AttemptEnd,
        at now: Instant
    ) async throws -> PostingTask.OnReply {
        let limits = limits
        return try await store.write { transaction in
            guard var task = try Self.loadTask(setID, in: transaction, limits: limits) else {
                return .fenced
            }
            let action = task.replyReceived(end.reply, epoch: epoch, at: now)
            let attempt = try Self.recordAttempt(
                setID,
                number: Int(epoch),
                owner: owner,
                endedAt: now,
                outcome: Self.outcome(action, of: end.reply),
                detail: end.detail,
                in: transaction
            )
            switch action {
            case .finish(let status):
                let result = end.result ?? PostSetResult(transactionsLoaded: 0, failures: [])
                let final = FinalState(
                    setID: setID,
                    status: status,
                    attempt: attempt,
                    result: result,
                    at: now
                )
                try Self.finish(final, in: transaction)
            case .retry:
                try Self.save(task, setID: setID, in: transaction)
            case .fenced:
                break
            }
            return action
        }
    }

    private struct FinalState {
        let setID: Int64
        let status: PostingTask.Status
        let attempt: Int64
        let result: PostSetResult
        let at: Instant
    }

    private static func finish(_ final: FinalState, in transaction: WriteTransaction) throws {
        let row = try transaction.statement(
            """
            UPDATE task SET status = ?2, owner = NULL, lease_until = NULL, not_before = 0,
                done = (SELECT transaction_count FROM posting_set WHERE id = ?1), failed = ?3,
                loaded = ?4, final_attempt = ?5, finished_at = ?6, error_message = ?7,
                failure_list = ?8
            WHERE set_id = ?1 AND final_attempt IS NULL
            """
        )
        defer { row.reset() }
        let result = final.result
        row.bind(1, final.setID)
        row.bind(2, final.status.rawValue)
        row.bind(3, Int64(result.failures.count))
        row.bind(4, Int64(result.transactionsLoaded))
        row.bind(5, final.attempt)
        row.bind(6, final.at.milliseconds)
        row.bind(7, result.errorMessage.map { .text($0) } ?? .null)
        row.bindNull(8)
        if !result.failures.isEmpty { row.bind(8, blob: FailureList.encode(result.failures)) }
        _ = try row.step()
    }

    private static func outcome(_ action: PostingTask.OnReply, of reply: PostReply) -> String {
        if action == .fenced { return "fenced" }
        return switch reply {
        case .posted(let everythingLoaded): everythingLoaded ? "complete" : "error"
        case .refused: "refused"
        case .withdrawn: "withdrawn"
        case .unavailable: "unavailable"
        case .outcomeUnknown: "outcome_unknown"
        case .unreadable: "unreadable"
        }
    }
}
