/// One step of a schema: applied once, in order of its number, and never changed afterwards.
///
/// The text's checksum is kept with it, so that a store whose history differs is refused instead of
/// being written to.
package struct Migration: Sendable, Hashable {
    package let number: Int
    package let name: String
    package let sql: String

    package init(_ number: Int, _ name: String, _ sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// FNV-1a of the text, 64 bits: guards against a change by mistake, not against an attacker.
    var checksum: Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in sql.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }
}

/// Brings a store to the newest schema, each step in a transaction of its own.
struct Migrator {
    let migrations: [Migration]

    func run(on connection: SQLiteConnection) throws {
        try checkOrder()
        try connection.run(
            """
            CREATE TABLE IF NOT EXISTS schema_migration(
                number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL)
            """
        )
        let applied = try applied(on: connection)
        try compare(applied)
        for migration in migrations where applied[migration.number] == nil {
            try apply(migration, on: connection)
        }
    }

    private func checkOrder() throws {
        for (one, next) in zip(migrations, migrations.dropFirst()) where one.number >= next.number {
            throw StoreError.misuse("migration \(next.number) stands after \(one.number)")
        }
    }

    private func applied(on connection: SQLiteConnection) throws -> [Int: Int64] {
        let rows = try connection.statement("SELECT number, checksum FROM schema_migration")
        var applied: [Int: Int64] = [:]
        while try rows.step() {
            applied[Int(rows.int64(0))] = rows.int64(1)
        }
        return applied
    }

    private func compare(_ applied: [Int: Int64]) throws {
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.number, $0) })
        for (number, checksum) in applied {
            guard let migration = known[number] else {
                throw StoreError.schema(
                    "the store has migration \(number), which this program does not know: "
                        + "run the newer program"
                )
            }
            guard migration.checksum == checksum else {
                throw StoreError.schema(
                    "migration \(number) (\(migration.name)) was applied with another text: "
                        + "run the program that made this store"
                )
            }
        }
    }

    private func apply(_ migration: Migration, on connection: SQLiteConnection) throws {
        try connection.run("BEGIN IMMEDIATE")
        do {
            try connection.run(migration.sql)
            let row = try connection.statement("INSERT INTO schema_migration VALUES(?1, ?2, ?3)")
            row.bind(1, Int64(migration.number))
            row.bind(2, migration.name)
            row.bind(3, migration.checksum)
            _ = try row.step()
            row.reset()
            try connection.run("COMMIT")
        } catch {
            connection.rollBack()
            throw error
        }
    }
}
