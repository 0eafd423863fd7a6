import CSQLite

/// Another program that opens a store's file by itself and tries to write.
enum Intruder {
    static func run(_ path: String) {
        var handle: OpaquePointer?
        defer { sqlite3_close_v2(handle) }
        guard sqlite3_open(path, &handle) == SQLITE_OK else { return say("not opened") }
        let insert = "INSERT INTO row (name) VALUES ('intruder')"
        switch sqlite3_exec(handle, insert, nil, nil, nil) {
        case SQLITE_OK: say("written")
        case SQLITE_BUSY: say("locked")
        case let code: say("code \(code)")
        }
    }
}
