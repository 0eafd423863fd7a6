internal import NIOConcurrencyHelpers
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

    /// Skips all numbers up to `floor`: they are in use elsewhere.
    package func raiseNumberFloor(to floor: Int64) async throws {
        try await set(.numberFloor, to: String(floor))
        numberFloor.withLockedValue { $0 = max($0, floor) }
    }
}
