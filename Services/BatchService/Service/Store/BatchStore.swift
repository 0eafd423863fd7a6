package import BatchRules
internal import NIOConcurrencyHelpers
package import Storage

/// The saved state of batch-service: the only place that reads or writes its database.
///
/// Every method is one transaction, and returns after it is durable. Work that changes a task loads
/// it, asks `PostingTask` what the event does, and saves what it says.
package final class BatchStore: Sendable {
    let store: Store
    let limits: TaskLimits
    /// No set gets a number up to this one (fault D-08: numbers that a newer ledger already knows).
    let numberFloor = NIOLockedValueBox<Int64>(0)

    package init(store: Store, limits: TaskLimits = TaskLimits()) async throws {
        self.store = store
        self.limits = limits
        let floor = try await setting(.numberFloor).flatMap(Int64.init)
        numberFloor.withLockedValue { $0 = floor ?? 0 }
    }

    package var identifier: String { store.identifier }

    package func close() async { await store.close() }
}

/// Names of the rows of `setting`.
package enum SettingName: String, Sendable {
    case numberFloor = "number_floor"
    /// posting-service's store, as last seen.
    case postingStore = "posting_store"
    /// The newest set whose submission stands in the audit trail.
    case auditMark = "audit_mark"
    /// The newest attempt whose result stands in the audit trail.
    case auditResultMark = "audit_result_mark"
}

extension BatchStore {
    package func setting(_ name: SettingName) async throws -> String? {
        try await store.read { transaction in
            let statement = try transaction.statement("SELECT value FROM setting WHERE name = ?1")
            defer { statement.reset() }
            statement.bind(1, name.rawValue)
            return try statement.step() ? statement.string(0) : nil
        }
    }

    package func set(_ name: SettingName, to value: String) async throws {
        try await store.write { try Self.set(name, to: value, in: $0) }
    }

    static func set(
        _ name: SettingName,
        to value: String,
        in transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO setting(name, value) VALUES(?1, ?2)
            ON CONFLICT(name) DO UPDATE SET value = excluded.value
            """,
            [.text(name.rawValue), .text(value)]
        )
    }
}
