package import Storage

/// The store that the probe and its tests agree on.
package enum ProbeStore {
    package static let migrations = [
        Migration(
            1,
            "row",
            "CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, filling BLOB)"
        )
    ]

    /// A small log, so that checkpoints happen within a few dozen rows.
    package static let checkpointKiB = 64

    package static func open(
        _ path: String,
        checkpointKiB: Int = ProbeStore.checkpointKiB
    ) throws -> Store {
        var file = SQLiteOptions()
        file.checkpointBytes = checkpointKiB << 10
        var options = StoreOptions()
        options.maximumWaitingWrites = 32
        return try Store.open(
            engine: .sqlite(path: path, options: file),
            migrations: migrations,
            options: options
        )
    }
}

extension Store {
    /// Writes one row, and says how it went.
    func insert(_ name: String, filling: Int = 0) async {
        do {
            try await write { transaction in
                try transaction.execute(
                    "INSERT INTO row (name, filling) VALUES (?1, ?2)",
                    [.text(name), .blob([UInt8](repeating: 7, count: filling))]
                )
            }
            say("ack \(name)")
        } catch {
            say("refused \(name) \(error)")
        }
    }
}
