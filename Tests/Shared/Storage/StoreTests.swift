import Foundation
import Storage
import Testing

@Suite("Store")
struct StoreTests {
    private static let schema = [
        Migration(1, "rows", "CREATE TABLE row(id INTEGER PRIMARY KEY, text TEXT UNIQUE)")
    ]

    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func open(_ folder: URL, _ schema: [Migration] = Self.schema) throws -> Store {
        try Store.open(engine: .sqlite(path: folder.path + "/test.db"), migrations: schema)
    }

    private func count(_ store: Store) async throws -> Int64? {
        try await store.read { try $0.integer("SELECT count(*) FROM row") }
    }

    @Test("A caller that fails undoes its own work and nobody else's")
    func groupCommitIsolates() async throws {
        let store = try open(folder())
        let refused = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<1_000 {
                group.addTask {
                    do {
                        try await store.write { transaction in
                            let text = "row \(number % 900)"
                            try transaction.execute(
                                "INSERT INTO row(text) VALUES(?1)",
                                [.text("extra \(number)")]
                            )
                            try transaction.execute(
                                "INSERT INTO row(text) VALUES(?1)",
                                [.text(text)]
                            )
                        }
                        return false
                    } catch StoreError.constraint {
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == 100)
        #expect(try await count(store) == 1_800)
        await store.close()
    }

    @Test("Work that is rolled back on return leaves nothing and still answers")
    func trial() async throws {
        let store = try open(folder())
        let seen = try await store.write { transaction in
            try transaction.execute("INSERT INTO row(text) VALUES('trial')")
            transaction.rollBackOnReturn()
            return try transaction.integer("SELECT count(*) FROM row")
        }
        #expect(seen == 1)
        #expect(try await count(store) == 0)
        await store.close()
    }

    @Test("C-14: a second opening of the same store is refused and names the holder")
    func secondOpening() async throws {
        let folder = try folder()
        let store = try open(folder)
        let path = folder.path + "/test.db"
        let holder = String(ProcessInfo.processInfo.processIdentifier)
        #expect(throws: StoreError.inUse(path: path, holder: holder)) { try open(folder) }
        await store.close()
        let again = try open(folder)
        await again.close()
    }

    @Test("What was written is there after closing, under the same identifier")
    func reopening() async throws {
        let folder = try folder()
        let store = try open(folder)
        try await store.write { try $0.execute("INSERT INTO row(text) VALUES('kept')") }
        let identifier = store.identifier
        await store.close()
        let again = try open(folder)
        #expect(again.identifier == identifier)
        #expect(try await count(again) == 1)
        try await again.verify()
        await again.close()
    }

    @Test("A migration whose text has changed, and one from a newer program, are refused")
    func migrations() async throws {
        let folder = try folder()
        await (try open(folder)).close()
        let changed = [Migration(1, "rows", "CREATE TABLE row(id INTEGER PRIMARY KEY)")]
        #expect(throws: StoreError.self) { try open(folder, changed) }
        #expect(throws: StoreError.self) { try open(folder, []) }
        let newer =
            Self.schema + [Migration(2, "more", "CREATE TABLE more(id INTEGER PRIMARY KEY)")]
        await (try open(folder, newer)).close()
        #expect(throws: StoreError.self) { try open(folder) }
    }

    @Test(
        "D-07: a store whose files were emptied or taken away is refused, never begun anew",
        arguments: ["empty", "missing", "foreign"]
    )
    func missingFiles(what: String) async throws {
        let folder = try folder()
        let path = folder.path + "/test.db"
        await (try open(folder)).close()
        switch what {
        case "empty": try Data().write(to: URL(fileURLWithPath: path))
        case "missing": try FileManager.default.removeItem(atPath: path)
        default:
            let other = try self.folder()
            await (try open(other)).close()
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.copyItem(atPath: other.path + "/test.db", toPath: path)
        }
        #expect(throws: StoreError.self) { try open(folder) }
    }

    @Test("D-08: a copy from before the newest opening is refused until an operator accepts it")
    func restoredCopy() async throws {
        let folder = try folder()
        let path = folder.path + "/test.db"
        await (try open(folder)).close()
        let copy = try Data(contentsOf: URL(fileURLWithPath: path))
        await (try open(folder)).close()
        try copy.write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreError.self) { try open(folder) }
        var options = SQLiteOptions()
        options.acceptsRestoredStore = true
        let store = try Store.open(
            engine: .sqlite(path: path, options: options),
            migrations: Self.schema
        )
        await store.close()
        await (try open(folder)).close()
    }

    @Test("D-06: a flipped bit in a page is found")
    func flippedBit() async throws {
        let folder = try folder()
        let path = folder.path + "/test.db"
        let store = try open(folder)
        try await store.write { transaction in
            for number in 0..<2_000 {
                try transaction.execute(
                    "INSERT INTO row(text) VALUES(?1)",
                    [.text("row \(number)")]
                )
            }
        }
        await store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for offset in 0..<8 { bytes[5 * 4_096 + offset] ^= 0xff }
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreError.self) { try open(folder) }
    }

    @Test("A reader sees one moment, whatever is committed meanwhile")
    func snapshot() async throws {
        let store = try open(folder())
        try await store.write { try $0.execute("INSERT INTO row(text) VALUES('first')") }
        let (began, begin) = AsyncStream<Void>.makeStream()
        let written = DispatchSemaphore(value: 0)
        async let counts = store.read { transaction in
            let before = try transaction.integer("SELECT count(*) FROM row")
            begin.yield()
            written.wait()
            return [before, try transaction.integer("SELECT count(*) FROM row")]
        }
        for await _ in began { break }
        try await store.write { try $0.execute("INSERT INTO row(text) VALUES('second')") }
        written.signal()
        #expect(try await counts == [1, 1])
        #expect(try await count(store) == 2)
        await store.close()
    }

    @Test(
        "Many rows in one call arrive in order, whatever their number",
        arguments: [0, 1, 63, 64, 65, 1_000]
    )
    func append(count: Int) async throws {
        let store = try open(folder())
        try await store.write { transaction in
            try transaction.append(into: "row", columns: ["id", "text"], count: count) {
                row,
                binder in
                binder.bind(Int64(row))
                binder.bind("text \(row)")
            }
        }
        let sum = try await store.read { try $0.integer("SELECT sum(id) FROM row") } ?? 0
        #expect(sum == Int64(count * (count - 1) / 2))
        await store.close()
    }

    @Test("Maintenance runs in slices between callers until it is done")
    func maintenance() async throws {
        let store = try open(folder())
        store.maintain { transaction in
            try transaction.execute("INSERT INTO row(text) VALUES(NULL)")
            return try transaction.integer("SELECT count(*) FROM row") ?? 0 < 10
        }
        while try await count(store) != 10 { await Task.yield() }
        await store.close()
    }

    @Test("A closed store refuses")
    func closed() async throws {
        let store = try open(folder())
        await store.close()
        await #expect(throws: StoreError.closed) { try await store.write { _ in } }
        await #expect(throws: StoreError.closed) { try await store.read { _ in } }
    }
}
