import CSQLite

/// SQLite's result codes in the store's own words.
enum SQLiteErrors {
    static func make(_ handle: OpaquePointer, _ code: Int32, _ path: String) -> StoreError {
        let message = sqlite3_errmsg(handle).map { String(cString: $0) } ?? "unknown error"
        switch code & 0xff {
        case SQLITE_CONSTRAINT:
            return .constraint(message)
        case SQLITE_FULL:
            return .full
        case SQLITE_BUSY, SQLITE_LOCKED:
            return .inUse(path: path, holder: "unknown")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return .damaged("\(path) is damaged: \(message); restore it from a backup")
        case SQLITE_ERROR, SQLITE_RANGE, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_MISUSE,
            SQLITE_READONLY:
            return .misuse("\(message) (SQLite code \(code))")
        default:
            let cause = systemMessage(sqlite3_system_errno(handle))
            return .inputOutput("\(path): \(message) (SQLite code \(code), \(cause))")
        }
    }
}
