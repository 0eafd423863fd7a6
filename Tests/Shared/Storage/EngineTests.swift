import Foundation
import Testing

@testable import Storage

@Suite("SQLite engine")
struct EngineTests {
    @Test("C-14: a write by another connection between two of ours is found at the next one")
    func foreignWrite() async throws {
        let folder = try TestFolder()
        let anchor = try SQLiteAnchorFile(for: folder.store, SQLiteAnchor(identifier: "test"))
        let writer = try SQLiteWriter(
            path: folder.store,
            options: SQLiteOptions(),
            anchor: anchor
        )
        defer { writer.close() }
        try SQLiteSchema.create(writer, identifier: "test")
        for _ in 0..<3 {
            try writer.begin()
            try writer.run("INSERT INTO store_migration VALUES (1, 'x', 'y')")
            try writer.rollBack()
            try writer.begin()
            try writer.commit()
        }
        let other = try SQLiteConnection(path: folder.store, flags: 2)
        defer { other.close() }
        // The writer holds the lock again since its commit.
        #expect(throws: StoreError.self) { try other.run("UPDATE store_identity SET commits = 9") }
        try writer.rollBack()
        try other.run("UPDATE store_identity SET commits = 9")
        #expect(throws: StoreError.self) { try writer.begin() }
    }

    @Test("After a lost transaction no statement runs until it is rolled back")
    func lostTransaction() throws {
        let folder = try TestFolder()
        let anchor = try SQLiteAnchorFile(for: folder.store, SQLiteAnchor(identifier: "test"))
        let writer = try SQLiteWriter(path: folder.store, options: SQLiteOptions(), anchor: anchor)
        defer { writer.close() }
        try SQLiteSchema.create(writer, identifier: "test")
        try writer.begin()
        writer.failure = .full
        #expect(throws: StoreError.full) { try writer.prepare("SELECT 1") }
        try writer.rollBack()
        #expect(try writer.integer("SELECT 1") == 1)
    }

    @Test(
        "The steps still to apply follow from those that were applied",
        arguments: [
            ([1, 2], [], [1, 2]), ([1, 2], [1], [2]), ([1, 2], [1, 2], []),
        ]
    )
    func pendingMigrations(known: [Int], applied: [Int], pending: [Int]) throws {
        let steps = known.map { Migration($0, "step \($0)", "SELECT \($0)") }
        let done = steps.filter { applied.contains($0.number) }.map {
            AppliedMigration(number: $0.number, name: $0.name, checksum: $0.checksum)
        }
        #expect(try Migration.pending(of: steps, after: done).map(\.number) == pending)
    }

    @Test(
        "A history that differs is refused",
        arguments: [
            ([2, 1], [], "SELECT 1"), ([1], [1], "SELECT 9"), ([1], [1, 2], "SELECT"),
            ([1, 2, 3], [1, 3], "SELECT"),
        ]
    )
    func refusedHistories(known: [Int], applied: [Int], text: String) throws {
        let steps = known.map { Migration($0, "step", "\(text) \($0)") }
        let done = applied.map {
            let step = Migration($0, "step", "SELECT \($0)")
            return AppliedMigration(number: $0, name: "step", checksum: step.checksum)
        }
        #expect(throws: StoreError.self) { try Migration.pending(of: steps, after: done) }
    }
}
