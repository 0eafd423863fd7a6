import CSQLite
import Storage

/// Measures durable commits by group commit beside those of one plain connection, and `append`.
struct Bench {
    private static let seconds = 2.0

    func commits(_ path: String) async throws {
        for round in 0..<3 {
            let plain = plainCommits(path + ".plain\(round)")
            let store = try Store.open(
                engine: .sqlite(path: path + ".group\(round)"),
                migrations: ProbeStore.migrations
            )
            let one = try await commits(store, writers: 1)
            let many = try await commits(store, writers: 64)
            await store.close()
            say("plain \(plain)/s, 1 writer \(one)/s, 64 writers \(many)/s, x \(many / plain)")
        }
    }

    private func commits(_ store: Store, writers: Int) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start.advanced(by: .seconds(Self.seconds))
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<writers {
                group.addTask {
                    var count = 0
                    while clock.now < end {
                        try await store.write { transaction in
                            let insert = try transaction.statement(
                                "INSERT INTO row (name) VALUES (hex(randomblob(8)))"
                            )
                            _ = try insert.step()
                        }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(count) / ((clock.now - start) / .seconds(1))
    }

    func append(_ path: String) async throws {
        let entry = """
            CREATE TABLE entry (id INTEGER PRIMARY KEY, account INTEGER NOT NULL,
                code INTEGER NOT NULL, amount INTEGER NOT NULL, date INTEGER NOT NULL,
                source INTEGER NOT NULL, source_tx TEXT NOT NULL, set_id INTEGER NOT NULL)
            """
        var options = SQLiteOptions()
        options.pageSize = 16_384
        let store = try Store.open(
            engine: .sqlite(path: path, options: options),
            migrations: [Migration(1, "entry", entry)]
        )
        let columns = [
            "id", "account", "code", "amount", "date", "source", "source_tx", "set_id",
        ]
        let text = Array("SRC-TRANSACTION-1".utf8)
        for set in 0..<9 {
            let clock = ContinuousClock()
            let start = clock.now
            try await store.write { transaction in
                try text.withUnsafeBytes { text in
                    try transaction.append(into: "entry", columns: columns, count: 100_000) {
                        row,
                        binder in
                        binder.bind(Int64(set * 100_000 + row + 1))
                        binder.bind(Int64(row % 50_000))
                        for value in 0..<4 { binder.bind(Int64(value)) }
                        binder.bind(text: text)
                        binder.bind(Int64(set))
                    }
                }
            }
            say("append \(100_000 / ((clock.now - start) / .seconds(1))) rows/s")
        }
        await store.close()
    }

    /// One row a transaction on one connection: WAL, `synchronous=FULL`.
    private func plainCommits(_ path: String) -> Double {
        var handle: OpaquePointer?
        sqlite3_open(path, &handle)
        defer { sqlite3_close(handle) }
        let settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        sqlite3_exec(handle, settings, nil, nil, nil)
        let table = "CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"
        sqlite3_exec(handle, table, nil, nil, nil)
        var insert: OpaquePointer?
        let sql = "INSERT INTO row (name) VALUES (hex(randomblob(8)))"
        sqlite3_prepare_v2(handle, sql, -1, &insert, nil)
        defer { sqlite3_finalize(insert) }
        let clock = ContinuousClock()
        let start = clock.now
        let end = start.advanced(by: .seconds(Self.seconds))
        var count = 0.0
        while clock.now < end {
            sqlite3_step(insert)
            sqlite3_reset(insert)
            count += 1
        }
        return count / ((clock.now - start) / .seconds(1))
    }
}
