internal import Dates
internal import NIOConcurrencyHelpers
internal import Protocol
internal import BatchRules
internal import NIOCore
internal import Storage

extension BatchStore {
    package enum Insertion: Sendable, Equatable {
        case inserted(setID: Int64)
        /// The account's idempotency key already stands for a set.
        case existing(taskID: String, digest: [UInt8])
    }

    /// Stores a set with its key and its task, in one transaction.
    ///
    /// - Parameters:
    ///   - set: the set, checked.
    ///   - owner: the worker that takes the task at once, so that taking it costs no second write;
    ///     nil leaves the task waiting.
    /// - Returns: the set's number; numbers rise by one and are never used again.
    /// - Throws: `StoreError`; after `.full` and `.overloaded` nothing was stored.
    package func insert(_ set: NewSet, leasedTo owner: String?) async throws -> Insertion {
        let limits = limits
        return try await store.write { [numberFloor] transaction in
            if let existing = try Self.existing(set, in: transaction) { return existing }
            let floor = numberFloor.withLockedValue { $0 }
            let id = try max(Self.highestNumber(in: transaction), floor) + 1
            try Self.insertRow(set, id: id, in: transaction)
            var task = PostingTask(acceptedAt: set.submittedAt, limits: limits)
            if let owner { _ = task.leased(by: owner, at: set.submittedAt) }
            try Self.insertTask(task, setID: id, isLarge: set.place != .row, in: transaction)
            return .inserted(setID: id)
        }
    }

    /// What an account's idempotency key stands for; nil where it was never used.
    package func existing(account: String, key: String) async throws -> Insertion? {
        try await store.read { try Self.existing(account: account, key: key, in: $0) }
    }

    /// The newest set's number; zero where there is none.
    package func highestNumber() async throws -> Int64 {
        try await store.read { try Self.highestNumber(in: $0) }
    }

    private static func existing(
        _ set: NewSet,
        in transaction: ReadTransaction
    ) throws -> Insertion? {
        guard let key = set.idempotencyKey else { return nil }
        return try existing(account: set.origin.account, key: key, in: transaction)
    }

    private static func existing(
        account: String,
        key: String,
        in transaction: ReadTransaction
    ) throws -> Insertion? {
        let statement = try transaction.statement(
            "SELECT task_id, digest FROM posting_set WHERE account = ?1 AND idempotency_key = ?2"
        )
        defer { statement.reset() }
        statement.bind(1, account)
        statement.bind(2, key)
        guard try statement.step() else { return nil }
        return .existing(taskID: statement.string(0), digest: Array(statement.blob(1)))
    }

    private static func highestNumber(in transaction: ReadTransaction) throws -> Int64 {
        let statement = try transaction.statement("SELECT max(id) FROM posting_set")
        defer { statement.reset() }
        return try statement.step() && !statement.isNull(0) ? statement.int64(0) : 0
    }

    private static let insertSetSQL = """
        INSERT INTO posting_set(
            id, task_id, account, idempotency_key, key_id, token_id, peer, client_address,
            request_id, submitted_at, commit_policy, source_name, source_batch_id, batch_name,
            billing_type, posting_type, accounting_day, accounting_instant, record_count,
            total_amount, transaction_count, digest, body_bytes, body_file, body_offset, body)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)
        """

    private static func insertRow(
        _ set: NewSet,
        id: Int64,
        in transaction: WriteTransaction
    ) throws {
        let row = try transaction.statement(insertSetSQL)
        defer { row.reset() }
        let origin = set.origin
        let summary = set.summary
        row.bind(1, id)
        row.bind(2, set.taskID)
        row.bind(3, origin.account)
        row.bind(4, set.idempotencyKey.map { .text($0) } ?? .null)
        row.bind(5, origin.keyID)
        row.bind(6, origin.tokenID)
        row.bind(7, origin.peer)
        row.bind(8, origin.clientAddress)
        row.bind(9, origin.requestID)
        row.bind(10, set.submittedAt.milliseconds)
        row.bind(11, set.commitPolicy.rawValue)
        row.bind(12, summary.sourceName)
        row.bind(13, summary.sourceBatchID)
        row.bind(14, summary.batchName)
        row.bind(15, summary.billingType)
        row.bind(16, summary.postingType)
        row.bind(17, Int64(summary.accountingDay.daysSince1970))
        row.bind(18, summary.accountingInstant.map { .integer($0.milliseconds) } ?? .null)
        row.bind(19, summary.recordCount)
        row.bind(20, summary.totalAmountMinorUnits)
        row.bind(21, Int64(summary.transactionCount))
        row.bind(22, blob: set.digest)
        row.bind(23, Int64(set.bodyBytes))
        switch set.place {
        case .file(let extent):
            row.bind(24, Int64(extent.file))
            row.bind(25, Int64(extent.offset))
            row.bindNull(26)
            _ = try row.step()
        case .row:
            row.bindNull(24)
            row.bindNull(25)
            let body = set.inlineBody ?? ByteBuffer()
            try body.withUnsafeReadableBytes { bytes in
                row.bind(26, blob: bytes)
                _ = try row.step()
            }
        }
    }

    private static func insertTask(
        _ task: PostingTask,
        setID: Int64,
        isLarge: Bool,
        in transaction: WriteTransaction
    ) throws {
        let row = try transaction.statement(
            """
            INSERT INTO task(set_id, status, attempts, failures, faults, owner, lease_until,
                not_before, large, done, failed)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0)
            """
        )
        defer { row.reset() }
        row.bind(1, setID)
        row.bind(9, Int64(isLarge ? 1 : 0))
        bind(task, to: row)
        _ = try row.step()
    }
}
