internal import Storage

/// Single values of the store.
enum Settings {
    /// The version of what services judge by.
    static func version(_ transaction: ReadTransaction) throws -> Int64 {
        Int64(try value("version", transaction) ?? "") ?? 0
    }

    /// Marks a change of what services judge by.
    ///
    /// Versions follow the clock, so that a store that was restored from a copy never gives a
    /// version again that some service has seen with another content.
    static func advanceVersion(_ transaction: WriteTransaction, now: Int64) throws {
        let next = max(try version(transaction) + 1, now)
        try set("version", String(next), transaction)
    }

    static func value(_ name: String, _ transaction: ReadTransaction) throws -> String? {
        try transaction.first("SELECT value FROM setting WHERE name = ?1", [.text(name)]) {
            $0.string(0)
        }
    }

    static func set(
        _ name: String,
        _ value: String,
        _ transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO setting (name, value) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            [.text(name), .text(value)]
        )
    }
}
