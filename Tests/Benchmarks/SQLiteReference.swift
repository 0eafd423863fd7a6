import CSQLite
import Foundation

/// The machine's own limits, measured in the same run: plain SQLite loops without a service.
enum SQLiteReference {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Rows per second of 100,000 rows with ascending ids inserted by one prepared statement in one
    /// transaction into an empty ledger with its two indexes (WAL, `synchronous=FULL`).
    static func insertionRate(in directory: String, rows: Int) throws -> Double {
        let database = try Database(directory + "/reference-insert.db")
        defer { database.remove() }
        try database.run(
            """
            CREATE TABLE ledger_entry(id INTEGER PRIMARY KEY, account INTEGER, code INTEGER,
                amount INTEGER, date INTEGER, source INTEGER, source_tx TEXT, gl INTEGER);
            CREATE UNIQUE INDEX by_source ON ledger_entry(source, source_tx);
            CREATE INDEX by_account ON ledger_entry(account, id);
            """
        )
        let insert = try database.prepare("INSERT INTO ledger_entry VALUES(?,?,?,?,?,?,?,?)")
        defer { sqlite3_finalize(insert) }
        let texts = (0..<rows).map {
            "WO" + String(repeating: "0", count: 10 - String($0).count) + String($0)
        }
        let start = now()
        try database.run("BEGIN IMMEDIATE")
        for row in 0..<rows {
            let mixed = UInt64(row) &* 0x9E37_79B9_7F4A_7C15
            sqlite3_bind_int64(insert, 1, Int64(row + 1))
            sqlite3_bind_int64(insert, 2, Int64(mixed >> 33) % 50_000)
            sqlite3_bind_int64(insert, 3, Int64(mixed >> 20) & 255)
            sqlite3_bind_int64(insert, 4, Int64(mixed >> 44) + 1)
            sqlite3_bind_int64(insert, 5, 20_000 + Int64(row % 30))
            sqlite3_bind_int64(insert, 6, 1)
            try texts[row].withCString { text in
                sqlite3_bind_text(insert, 7, text, 12, nil)
                sqlite3_bind_int64(insert, 8, 4_000)
                guard sqlite3_step(insert) == SQLITE_DONE else { throw database.failure() }
            }
            sqlite3_reset(insert)
        }
        try database.run("COMMIT")
        return Double(rows) / (now() - start)
    }

    /// Rows per second of what a journal run over one batch leaves in the ledger: its marked
    /// `payment_entry` rows and, beside them, the lines, balances and notes of one journal.
    ///
    /// One transaction into empty tables with the same indexes and pages (WAL, `synchronous=FULL`).
    static func journalRate(in directory: String, rows: Int) throws -> Double {
        let database = try Database(directory + "/reference-journal.db", pageSize: 16_384)
        defer { database.remove() }
        try database.run(
            """
            CREATE TABLE payment_entry(entry_id INTEGER PRIMARY KEY, payment_id BIGINT,
                kind TEXT NOT NULL CHECK (kind IN ('record', 'withdraw', 'charge')),
                batch_id BIGINT, amount BIGINT NOT NULL, cash_gl BIGINT NOT NULL,
                digest BLOB NOT NULL, reverses_entry BIGINT, journal_id BIGINT);
            CREATE UNIQUE INDEX payment_entry_once ON payment_entry(payment_id, kind)
                WHERE payment_id IS NOT NULL;
            CREATE INDEX payment_entry_batch ON payment_entry(batch_id);
            CREATE TABLE gl_line(id INTEGER PRIMARY KEY, journal_id INTEGER NOT NULL,
                gl INTEGER NOT NULL, debit INTEGER NOT NULL, credit INTEGER NOT NULL);
            CREATE TABLE journal_run(run_id INTEGER PRIMARY KEY, result BLOB NOT NULL);
            CREATE TABLE fed_batch(batch_id BIGINT PRIMARY KEY, run_id BIGINT NOT NULL);
            """
        )
        let insert = try database.prepare(
            "INSERT INTO payment_entry VALUES(?1, ?1, 'record', 1, ?2, 3, ?3, NULL, 1)"
        )
        defer { sqlite3_finalize(insert) }
        let digest = (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let start = now()
        try database.run("BEGIN IMMEDIATE")
        for row in 0..<rows {
            sqlite3_bind_int64(insert, 1, Int64(row + 1))
            sqlite3_bind_int64(insert, 2, Int64((row &* 7_919) % 100_000 + 1))
            try digest.withUnsafeBytes { bytes in
                sqlite3_bind_blob(insert, 3, bytes.baseAddress, 32, nil)
                guard sqlite3_step(insert) == SQLITE_DONE else { throw database.failure() }
            }
            sqlite3_reset(insert)
        }
        try database.run(
            """
            INSERT INTO gl_line VALUES(1, 1, 3, \(rows), 0), (2, 1, 4, 0, \(rows));
            INSERT INTO journal_run VALUES(1, zeroblob(200));
            INSERT INTO fed_batch VALUES(1, 1);
            COMMIT
            """
        )
        return Double(rows) / (now() - start)
    }

    /// Durable single-row transactions per second on one connection (WAL, `synchronous=FULL`).
    static func commitRate(in directory: String, seconds: Double) throws -> Double {
        let database = try Database(directory + "/reference-commit.db")
        defer { database.remove() }
        try database.run("CREATE TABLE one(id INTEGER PRIMARY KEY, text TEXT)")
        let insert = try database.prepare("INSERT INTO one(text) VALUES('one row a transaction')")
        defer { sqlite3_finalize(insert) }
        let start = now()
        var count = 0
        while now() - start < seconds {
            guard sqlite3_step(insert) == SQLITE_DONE else { throw database.failure() }
            sqlite3_reset(insert)
            count += 1
        }
        return Double(count) / (now() - start)
    }

    private final class Database {
        private let path: String
        private var handle: OpaquePointer?

        init(_ path: String, pageSize: Int = 4_096) throws {
            self.path = path
            remove()
            guard sqlite3_open(path, &handle) == SQLITE_OK else { throw failure() }
            try run(
                "PRAGMA page_size=\(pageSize); PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            )
        }

        func run(_ text: String) throws {
            guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw failure() }
        }

        func prepare(_ text: String) throws -> OpaquePointer? {
            var statement: OpaquePointer?
            guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK else {
                throw failure()
            }
            return statement
        }

        func failure() -> Failure { Failure(description: String(cString: sqlite3_errmsg(handle))) }

        func remove() {
            sqlite3_close_v2(handle)
            handle = nil
            for suffix in ["", "-wal", "-shm"] {
                unlink(path + suffix)
            }
        }
    }
}
