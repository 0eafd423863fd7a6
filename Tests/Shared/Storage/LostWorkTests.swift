import Storage
import Testing
import storage_probe

/// A full disk, played by SQLite's own limit of pages.
@Suite("Work lost for want of space")
struct LostWorkTests {
    private func limitPages(_ store: Store, to count: Int) async throws {
        try await store.write { try $0.execute("PRAGMA max_page_count=\(count)") }
    }

    private static let tooLarge: @Sendable (WriteTransaction) throws -> Void = { transaction in
        let insert = "INSERT INTO row (name, filling) VALUES (?1, zeroblob(100000))"
        do {
            try transaction.execute(insert, ["large"])
        } catch StoreError.full {
            // Nothing may run outside of the transaction that was lost.
            try transaction.execute("INSERT INTO row (name) VALUES ('outside')")
        }
    }

    @Test("D-02: a group that finds no space is undone whole, and who follows the store is told")
    func group() async throws {
        let folder = try TestFolder()
        let told = AsyncStream<Void>.makeStream()
        var options = StoreOptions()
        options.onLostWork = { told.continuation.yield() }
        let store = try Store.open(
            engine: .sqlite(path: folder.store),
            migrations: ProbeStore.migrations,
            options: options
        )
        try await store.write { try $0.execute("INSERT INTO row (name) VALUES ('kept')") }
        try await limitPages(store, to: 1)
        let hold = Hold()
        async let first: Void = store.write { _ in hold.hold() }
        await hold.untilHeld()
        let small = Task {
            try await store.write { try $0.execute("INSERT INTO row (name) VALUES ('small')") }
        }
        while store.waitingWrites != 1 { await Task.yield() }
        let large = Task { try await store.write(Self.tooLarge) }
        while store.waitingWrites != 2 { await Task.yield() }
        hold.letGo()
        try await first
        await #expect(throws: StoreError.full) { try await small.value }
        await #expect(throws: StoreError.full) { try await large.value }
        for await _ in told.stream { break }
        #expect(try await store.names() == ["kept"])

        try await limitPages(store, to: 100_000)
        try await store.write { try $0.execute("INSERT INTO row (name) VALUES ('again')") }
        #expect(try await store.names() == ["kept", "again"])
        await store.close()
        try await folder.expectExactly(["kept", "again"], atMostBesides: 0)
    }

    @Test("D-02: maintenance that finds no space is undone and goes on after the next commit")
    func maintenance() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        try await limitPages(store, to: 1)
        let slices = AsyncStream<Void>.makeStream()
        store.maintain { transaction in
            slices.continuation.yield()
            try transaction.execute(
                "INSERT INTO row (name, filling) VALUES ('slice', zeroblob(100000))"
            )
            return false
        }
        for await _ in slices.stream { break }
        try await limitPages(store, to: 100_000)
        while try await store.names() != ["slice"] { await Task.yield() }
        await store.close()
    }
}
