internal import CSQLite

/// One connection to a SQLite file with its prepared statements; used by one thread at a time.
final class SQLiteConnection {
    enum Role { case writer, reader }

    private struct InsertText: Hashable {
        let table: String
        let rows: Int
    }

    private var handle: OpaquePointer?
    private var statements: [String: Statement] = [:]
    private var insertTexts: [InsertText: (columns: [String], text: String)] = [:]

    /// Pages in the write-ahead log after the newest commit of this connection.
    private(set) var loggedPages = 0

    init(path: String, role: Role, options: StoreOptions) throws {
        let access =
            role == .writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        guard sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK else {
            let error = lastError()
            sqlite3_close_v2(handle)
            throw error
        }
        sqlite3_extended_result_codes(handle, 1)
        try run("PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;")
        switch role {
        case .writer: try prepareWriter(options)
        case .reader: try run("PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0;")
        }
    }

    deinit { close() }

    /// The settings of 7.1 and 8.8: durable commits, one checkpointing connection, a log that is
    /// reused and never shrunk, and pages that are not wiped when they are freed.
    private func prepareWriter(_ options: StoreOptions) throws {
        try run("PRAGMA page_size=\(options.pageSize);")
        let mode = try statement("PRAGMA journal_mode=WAL")
        guard try mode.step(), mode.string(0) == "wal" else {
            throw StoreError.damaged("the store's file system cannot hold a write-ahead log")
        }
        mode.reset()
        try run(
            """
            PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=-1;
            PRAGMA cache_size=-\(options.cacheKiB); PRAGMA secure_delete=OFF;
            PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON;
            """
        )
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                let connection = Unmanaged<SQLiteConnection>.fromOpaque(context)
                connection.takeUnretainedValue().loggedPages = Int(pages)
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    func close() {
        statements.removeAll()
        sqlite3_close_v2(handle)
        handle = nil
    }

    var changes: Int { Int(sqlite3_changes64(handle)) }
    var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open; the engine ends one by itself when the disk is full.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs texts without parameters or rows.
    func run(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw lastError() }
    }

    /// Ends an open transaction without its work; one that is ended already is left alone.
    func rollBack() {
        if isInTransaction { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
    }

    func statement(_ sql: String) throws -> Statement {
        if let statement = statements[sql] {
            statement.reset()
            return statement
        }
        var prepared: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        guard sqlite3_prepare_v3(handle, sql, -1, flags, &prepared, nil) == SQLITE_OK, let prepared
        else { throw lastError() }
        let statement = Statement(prepared, of: self)
        statements[sql] = statement
        return statement
    }

    /// `INSERT INTO table(columns) VALUES(?,…),(?,…)` for a number of rows.
    func insertText(table: String, columns: [String], rows: Int) -> String {
        let key = InsertText(table: table, rows: rows)
        if let known = insertTexts[key], known.columns == columns { return known.text }
        let row = "(" + columns.map { _ in "?" }.joined(separator: ",") + ")"
        let values = Array(repeating: row, count: rows).joined(separator: ",")
        let text = "INSERT INTO \(table)(\(columns.joined(separator: ","))) VALUES\(values)"
        insertTexts[key] = (columns, text)
        return text
    }

    /// Copies the log into the database so that the next commit starts at the log's head.
    ///
    /// A reader that still needs the log only delays that: what can be copied is.
    func checkpoint() throws {
        let result = sqlite3_wal_checkpoint_v2(
            handle,
            nil,
            SQLITE_CHECKPOINT_RESTART,
            nil,
            nil
        )
        switch result & 0xff {
        case SQLITE_OK: loggedPages = 0
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL: break
        default: throw lastError()
        }
    }

    /// What the newest failed call was about, in the store's own terms.
    func lastError() -> StoreError {
        let code = sqlite3_errcode(handle)
        let extended = sqlite3_extended_errcode(handle)
        let text = String(cString: sqlite3_errmsg(handle))
        switch code & 0xff {
        case SQLITE_CONSTRAINT: return .constraint(text)
        case SQLITE_FULL: return .full
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return .damaged("the store's file is damaged: \(text); restore it from a backup")
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_NOMEM, SQLITE_PROTOCOL:
            return .inputOutput("\(text) (\(extended))")
        default: return .misuse("\(text) (\(extended))")
        }
    }
}
