import CSQLite

/// A prepared statement of SQLite.
final class SQLiteStatement: EngineStatement {
    var isTaken = false
    private let handle: OpaquePointer
    private let connection: SQLiteConnection
    private var bindCode = SQLITE_OK

    init(_ connection: SQLiteConnection, _ sql: String) throws {
        if let failure = connection.failure { throw failure }
        var prepared: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = sqlite3_prepare_v3(connection.handle, sql, -1, flags, &prepared, nil)
        guard code == SQLITE_OK else { throw connection.fail(code) }
        guard let prepared else { throw StoreError.misuse("no statement in \"\(sql)\"") }
        handle = prepared
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    var isActive: Bool { sqlite3_stmt_busy(handle) != 0 }

    func bind(_ index: Int32, integer value: Int64) {
        note(sqlite3_bind_int64(handle, index, value))
    }

    func bind(_ index: Int32, text bytes: UnsafeRawBufferPointer, copied: Bool) {
        note(csqlite_bind_text(handle, index, bytes.baseAddress, bytes.count, copied ? 1 : 0))
    }

    func bind(_ index: Int32, blob bytes: UnsafeRawBufferPointer, copied: Bool) {
        note(csqlite_bind_blob(handle, index, bytes.baseAddress, bytes.count, copied ? 1 : 0))
    }

    func bindNull(_ index: Int32) { note(sqlite3_bind_null(handle, index)) }

    /// A transaction that is lost takes no further step, which might be kept outside of any.
    func step() throws -> Bool {
        if let failure = connection.failure { throw failure }
        guard bindCode == SQLITE_OK else { throw connection.fail(bindCode) }
        switch sqlite3_step(handle) {
        case SQLITE_ROW:
            return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let code:
            let error = connection.fail(code)
            sqlite3_reset(handle)
            throw error
        }
    }

    func insert() throws -> Int64 {
        while try step() {}
        return sqlite3_last_insert_rowid(connection.handle)
    }

    func reset() {
        // The code is that of the latest step, which has thrown it already.
        _ = sqlite3_reset(handle)
    }

    func clearBindings() {
        bindCode = SQLITE_OK
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func text(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_text(handle, column)
        return UnsafeRawBufferPointer(start: start, count: count(column, start == nil))
    }

    func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: count(column, start == nil))
    }

    func value(_ column: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_NULL: .null
        case SQLITE_BLOB: .blob(Array(blob(column)))
        default: .text(String(decoding: text(column), as: UTF8.self))
        }
    }

    private func count(_ column: Int32, _ isEmpty: Bool) -> Int {
        isEmpty ? 0 : Int(sqlite3_column_bytes(handle, column))
    }

    private func note(_ code: Int32) {
        if code != SQLITE_OK, bindCode == SQLITE_OK { bindCode = code }
    }
}
