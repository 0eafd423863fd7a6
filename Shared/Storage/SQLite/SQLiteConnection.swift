import CSQLite

/// One connection of the system's SQLite library, confined to one thread at a time.
class SQLiteConnection: EngineSession {
    static let readingFlags = SQLITE_OPEN_READONLY

    final let handle: OpaquePointer
    final let path: String
    final var failure: StoreError?
    private(set) final lazy var control = SQLiteControl(self)

    final var changedRows: Int { Int(sqlite3_changes64(handle)) }
    final var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    init(path: String, flags: Int32) throws {
        csqlite_configure()
        var opened: OpaquePointer?
        let all = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        let code = sqlite3_open_v2(path, &opened, all, nil)
        guard let opened else { throw StoreError.inputOutput("\(path): no memory for SQLite") }
        handle = opened
        self.path = path
        sqlite3_extended_result_codes(handle, 1)
        guard code == SQLITE_OK else {
            let error = SQLiteErrors.make(handle, code, path)
            sqlite3_close_v2(handle)
            throw error
        }
    }

    final func prepare(_ sql: String) throws -> any EngineStatement {
        try SQLiteStatement(self, sql)
    }

    /// Runs SQL text that is not worth keeping: settings, migrations.
    final func run(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw fail(code) }
    }

    /// The first column of the first row as text; empty where there is none.
    ///
    /// Runs to the end: some settings are committed, and can fail, after they have given their row.
    final func text(_ sql: String) throws -> String {
        let statement = try SQLiteStatement(self, sql)
        guard try statement.step() else { return "" }
        let text = String(decoding: statement.text(0), as: UTF8.self)
        while try statement.step() {}
        return text
    }

    /// The first column of the first row as an integer; 0 where there is none.
    final func integer(_ sql: String) throws -> Int64 {
        let statement = try SQLiteStatement(self, sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The error of the failed call; one that cost the transaction is kept until its end.
    final func fail(_ code: Int32) -> StoreError {
        let error = SQLiteErrors.make(handle, code, path)
        if error.endsTransaction, failure == nil { failure = error }
        return error
    }

    final func beginSnapshot() throws { try control.beginReading.run() }

    final func endSnapshot() {
        failure = nil
        guard isInTransaction else { return }
        // A view that cannot be ended shows itself at the next `BEGIN`.
        try? control.rollBack.run()
        failure = nil
    }

    final func findDamage() throws -> String? {
        let integrity = try text("PRAGMA integrity_check(1)")
        guard integrity == "ok" else { return "\(path) is damaged: \(integrity)" }
        let table = try text("PRAGMA foreign_key_check")
        return table.isEmpty ? nil : "\(path): a row of \(table) refers to a row that is not there"
    }

    /// Closes the connection and its own statements.
    final func close() {
        control.clear()
        sqlite3_close_v2(handle)
    }
}

/// A connection that can only read.
final class SQLiteReader: SQLiteConnection {
    /// How long a reader waits for another connection that holds the whole file for a moment.
    private static let busyMilliseconds: Int32 = 5_000

    init(path: String, options: SQLiteOptions) throws {
        try super.init(path: path, flags: Self.readingFlags)
        sqlite3_busy_timeout(handle, Self.busyMilliseconds)
        do {
            try run(
                """
                PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0;
                PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;
                PRAGMA cache_size=-\(options.readerCacheKiB);
                """
            )
            // Opens the log and its index now: later there may be no descriptor for them (D-09).
            _ = try integer("SELECT count(*) FROM sqlite_schema")
        } catch {
            close()
            throw error
        }
    }
}
