package import BatchRules
internal import Storage

/// A set as the audit trail needs it; `at` is when it was submitted, or posted.
package struct SubmittedSet: Sendable, Equatable {
    package var setID: Int64
    package var taskID: String
    package var account: String
    package var keyID: String
    package var tokenID: String
    package var peer: String
    package var requestID: String
    package var at: Instant
    package var sourceName: String
    package var postingType: String
    package var transactionCount: Int
    package var totalAmountMinorUnits: Int64
}

/// A set that changed the ledger, with the number of its last attempt.
package struct PostedSet: Sendable, Equatable {
    package var attempt: Int64
    package var set: SubmittedSet
    package var loaded: Int
    package var failed: Int
}

extension BatchStore {
    private static let submittedColumns = """
        s.id, s.task_id, s.account, s.key_id, s.token_id, s.peer, s.client_address, s.request_id,
            s.submitted_at, s.source_name, s.posting_type, s.transaction_count, s.total_amount
        """

    /// The sets after `mark`, oldest first.
    package func submitted(after mark: Int64, limit: Int) async throws -> [SubmittedSet] {
        try await store.read { transaction in
            let row = try transaction.statement(
                """
                SELECT \(Self.submittedColumns) FROM posting_set s
                WHERE s.id > ?1 ORDER BY s.id LIMIT ?2
                """
            )
            defer { row.reset() }
            row.bind(1, mark)
            row.bind(2, Int64(limit))
            var sets: [SubmittedSet] = []
            while try row.step() { sets.append(Self.submitted(in: row)) }
            return sets
        }
    }

    /// The sets that changed the ledger, whose last attempt comes after `mark`, in order of that, and
    /// the newest attempt that was looked at: none of a set after `newest`, nor any after such a one.
    package func posted(
        after mark: Int64,
        of newest: Int64,
        limit: Int
    ) async throws -> (sets: [PostedSet], seen: Int64) {
        try await store.read { transaction in
            let row = try transaction.statement(
                """
                SELECT \(Self.submittedColumns), a.id, t.final_attempt, t.loaded, t.failed,
                    t.finished_at
                FROM attempt a JOIN task t ON t.set_id = a.set_id
                    JOIN posting_set s ON s.id = a.set_id
                WHERE a.id > ?1 ORDER BY a.id LIMIT ?2
                """
            )
            defer { row.reset() }
            row.bind(1, mark)
            row.bind(2, Int64(limit))
            var sets: [PostedSet] = []
            var seen = mark
            while try row.step(), row.int64(0) <= newest {
                seen = row.int64(13)
                guard !row.isNull(14), row.int64(14) == seen, row.int64(15) > 0,
                    row.string(10) == "COMMIT"
                else { continue }
                var set = Self.submitted(in: row)
                set.at = Instant(milliseconds: row.int64(17))
                sets.append(
                    PostedSet(
                        attempt: seen,
                        set: set,
                        loaded: Int(row.int64(15)),
                        failed: Int(row.int64(16))
                    )
                )
            }
            return (sets, seen)
        }
    }

    private static func submitted(in row: Statement) -> SubmittedSet {
        let address = row.string(6)
        return SubmittedSet(
            setID: row.int64(0),
            taskID: row.string(1),
            account: row.string(2),
            keyID: row.string(3),
            tokenID: row.string(4),
            peer: address.isEmpty ? row.string(5) : address,
            requestID: row.string(7),
            at: Instant(milliseconds: row.int64(8)),
            sourceName: row.string(9),
            postingType: row.string(10),
            transactionCount: Int(row.int64(11)),
            totalAmountMinorUnits: row.int64(12)
        )
    }
}
