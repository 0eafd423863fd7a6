package import BatchRules
internal import NIOConcurrencyHelpers
package import Protocol
internal import ServiceStore
internal import Storage

/// What the comparison with the ledger needs.
extension BatchStore {
    /// The newest COMMIT set of which something was loaded; zero where there is none.
    package func highestPosted() async throws -> Int64 {
        try await store.read { transaction in
            let row = try transaction.statement(
                """
                SELECT t.set_id FROM task t JOIN posting_set s ON s.id = t.set_id
                WHERE s.posting_type = 'COMMIT' AND t.loaded > 0 ORDER BY t.set_id DESC LIMIT 1
                """
            )
            defer { row.reset() }
            return try row.step() ? row.int64(0) : 0
        }
    }

    /// The newest number that was given or skipped.
    package func highestKnownNumber() async throws -> Int64 {
        max(try await highestNumber(), numberFloor.withLockedValue { $0 })
    }

    /// Goes on with a ledger that this store did not know, or that knows other numbers, with the
    /// audit event: no set gets a number up to `floor`, for those are in use elsewhere.
    package func accept(
        ledger: String,
        numberFloor floor: Int64?,
        audit event: AuditEvent,
        at now: Instant
    ) async throws {
        try await store.write { transaction in
            if let floor { try Self.set(.numberFloor, to: String(floor), in: transaction) }
            try Self.set(.postingStore, to: ledger, in: transaction)
            try AuditOutbox.add(event, at: now.milliseconds, in: transaction)
        }
        if let floor { numberFloor.withLockedValue { $0 = max($0, floor) } }
    }
}
