/// The store's own tables, and the steps that bring a service's tables up to date.
enum SQLiteSchema {
    /// Marks a file as ours, in SQLite's header: the letters BRSR.
    static let applicationID: Int64 = 0x4252_5352
    /// Version of the store's own tables.
    static let formatVersion: Int64 = 1

    private static let ownTables = """
        CREATE TABLE store_identity (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            identifier TEXT NOT NULL,
            commits INTEGER NOT NULL
        );
        CREATE TABLE store_migration (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL
        );
        """

    /// The identifier of a store that has its own tables; nil where the file is empty.
    static func identifier(_ writer: SQLiteConnection) throws -> String? {
        let mark = try writer.integer("PRAGMA application_id")
        let tables = try writer.integer("SELECT count(*) FROM sqlite_schema")
        if mark == 0, tables == 0 { return nil }
        guard mark == applicationID else {
            throw StoreError.damaged("\(writer.path) is a database of another program")
        }
        let version = try writer.integer("PRAGMA user_version")
        guard version == formatVersion else {
            throw StoreError.schema(
                "\(writer.path) has store format \(version), this program knows \(formatVersion)"
            )
        }
        return try writer.text("SELECT identifier FROM store_identity")
    }

    static func create(_ writer: SQLiteWriter, identifier: String) throws {
        try writer.transaction {
            try writer.run(ownTables)
            try writer.run("INSERT INTO store_identity VALUES (1, '\(identifier)', 0)")
            try writer.run("PRAGMA user_version=\(formatVersion)")
            try writer.run("PRAGMA application_id=\(applicationID)")
        }
    }

    static func migrate(_ writer: SQLiteWriter, to migrations: [Migration]) throws {
        let pending = try Migration.pending(of: migrations, after: try applied(writer))
        for migration in pending { try apply(migration, writer) }
    }

    private static func applied(_ writer: SQLiteWriter) throws -> [AppliedMigration] {
        let row = Statement(
            base: try writer.prepare(
                "SELECT number, name, checksum FROM store_migration ORDER BY number"
            )
        )
        var found: [AppliedMigration] = []
        while try row.step() {
            found.append(
                AppliedMigration(
                    number: Int(row.int64(0)),
                    name: row.string(1),
                    checksum: row.string(2)
                )
            )
        }
        return found
    }

    private static func apply(_ migration: Migration, _ writer: SQLiteWriter) throws {
        try writer.transaction {
            do {
                try writer.run(migration.sql)
            } catch let error as StoreError where !error.endsTransaction {
                throw StoreError.schema(
                    "migration \(migration.number) (\(migration.name)) failed: \(error)"
                )
            }
            let record = Statement(
                base: try writer.prepare("INSERT INTO store_migration VALUES (?1, ?2, ?3)")
            )
            record.bind(1, Int64(migration.number))
            record.bind(2, migration.name)
            record.bind(3, migration.checksum)
            _ = try record.step()
        }
    }
}
