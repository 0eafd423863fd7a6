package import BatchRules
package import Protocol
internal import Storage

/// A task as it is saved, with what decides who may see it.
package struct TaskRecord: Sendable, Equatable {
    package var setID: Int64
    package var taskID: String
    package var account: String
    package var status: PostingTask.Status
    package var attempts: Int
    package var total: Int
    package var done: Int
    package var failed: Int
}

/// Everything that a finished set's result object is rendered from.
package struct FinishedSet: Sendable {
    package var setID: Int64
    package var account: String
    package var sourceName: String
    package var status: PostingTask.Status
    package var body: StoredBody
    package var loaded: Int
    package var failures: [PostingFailure]
    package var errorMessage: String?
}

/// A body as its row describes it.
package struct StoredBody: Sendable {
    package var setID: Int64
    package var digest: [UInt8]
    package var count: Int
    package var place: BodyPlace
    /// The bytes themselves where they are kept in the row.
    package var inline: [UInt8]
}

extension BatchStore {
    /// Finds a task by the id that its submitter was given.
    package func task(id: String) async throws -> TaskRecord? {
        try await store.read { try Self.task(id: id, in: $0) }
    }

    /// A task and, where it is done, its set: both of the same moment.
    package func taskAndResult(id: String) async throws -> (TaskRecord, FinishedSet?)? {
        try await store.read { transaction in
            guard let task = try Self.task(id: id, in: transaction) else { return nil }
            guard task.status.isTerminal else { return (task, nil) }
            return (task, try Self.finishedSet(task.setID, in: transaction))
        }
    }

    private static func task(id: String, in transaction: ReadTransaction) throws -> TaskRecord? {
        let row = try transaction.statement(
            """
            SELECT s.id, s.account, s.transaction_count, t.status, t.attempts, t.done, t.failed
            FROM posting_set s JOIN task t ON t.set_id = s.id WHERE s.task_id = ?1
            """
        )
        defer { row.reset() }
        row.bind(1, id)
        guard try row.step() else { return nil }
        return TaskRecord(
            setID: row.int64(0),
            taskID: id,
            account: row.string(1),
            status: PostingTask.Status(rawValue: row.string(3)) ?? .accepted,
            attempts: Int(row.int64(4)),
            total: Int(row.int64(2)),
            done: Int(row.int64(5)),
            failed: Int(row.int64(6))
        )
    }

    /// A finished set by its number; nil where there is none or it is not done yet.
    package func finishedSet(_ setID: Int64) async throws -> FinishedSet? {
        try await store.read { try Self.finishedSet(setID, in: $0) }
    }

    /// Those of the sets that are finished, in the order asked for.
    package func finishedSets(_ setIDs: [Int64]) async throws -> [FinishedSet] {
        try await store.read { transaction in
            try setIDs.compactMap { try Self.finishedSet($0, in: transaction) }
        }
    }

    private static func finishedSet(
        _ setID: Int64,
        in transaction: ReadTransaction
    ) throws -> FinishedSet? {
        let row = try transaction.statement(
            """
            SELECT s.account, s.source_name, t.status, t.loaded, t.error_message,
                t.failure_list, s.digest, s.body_bytes, s.body_file, s.body_offset, s.body
            FROM posting_set s JOIN task t ON t.set_id = s.id
            WHERE s.id = ?1 AND t.final_attempt IS NOT NULL
            """
        )
        defer { row.reset() }
        row.bind(1, setID)
        guard try row.step() else { return nil }
        return FinishedSet(
            setID: setID,
            account: row.string(0),
            sourceName: row.string(1),
            status: PostingTask.Status(rawValue: row.string(2)) ?? .error,
            body: body(of: setID, in: row, from: 6),
            loaded: Int(row.int64(3)),
            failures: try failures(in: row, at: 5),
            errorMessage: row.optionalString(4)
        )
    }

    /// A set's body, finished or not.
    package func body(of setID: Int64) async throws -> StoredBody? {
        try await store.read { transaction in
            let row = try transaction.statement(
                """
                SELECT digest, body_bytes, body_file, body_offset, body FROM posting_set
                WHERE id = ?1
                """
            )
            defer { row.reset() }
            row.bind(1, setID)
            return try row.step() ? Self.body(of: setID, in: row, from: 0) : nil
        }
    }

    /// Where the bodies of all large sets lie, in ascending order; what is between them is free.
    package func bodyExtents() async throws -> [BodyExtent] {
        try await store.read { transaction in
            var extents: [BodyExtent] = []
            try transaction.rows(
                """
                SELECT body_file, body_offset, body_bytes FROM posting_set
                WHERE body_file IS NOT NULL ORDER BY body_file, body_offset
                """
            ) { row in
                extents.append(
                    BodyExtent(
                        file: Int(row.int64(0)),
                        offset: Int(row.int64(1)),
                        count: Int(row.int64(2))
                    )
                )
            }
            return extents
        }
    }

    private static func body(of setID: Int64, in row: Statement, from column: Int32) -> StoredBody {
        let count = Int(row.int64(column + 1))
        let isInRow = row.isNull(column + 2)
        return StoredBody(
            setID: setID,
            digest: Array(row.blob(column)),
            count: count,
            place: isInRow
                ? .row
                : .file(
                    BodyExtent(
                        file: Int(row.int64(column + 2)),
                        offset: Int(row.int64(column + 3)),
                        count: count
                    )
                ),
            inline: isInRow ? Array(row.blob(column + 4)) : []
        )
    }

    private static func failures(in row: Statement, at column: Int32) throws -> [PostingFailure] {
        guard !row.isNull(column) else { return [] }
        guard let failures = FailureList.decode(row.blob(column)) else {
            throw RPCError(
                .dataLoss,
                reason: "damaged_record",
                message: "A stored record is damaged and is not shown."
            )
        }
        return failures
    }
}
