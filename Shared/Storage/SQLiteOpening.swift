internal import Foundation

/// Opens a SQLite store: lock, checks against the anchor, migrations, then the anchor anew.
struct SQLiteOpening {
    let path: String
    let migrations: [Migration]
    let options: StoreOptions

    struct Opened {
        let lock: StoreLock
        let writer: SQLiteConnection
        let anchor: StoreAnchor
    }

    func open() throws -> Opened {
        let lock = try StoreLock(path: path)
        let anchor = try StoreAnchor.read(for: path)
        if let anchor { try checkFiles(anchor) }
        let writer = try SQLiteConnection(path: path, role: .writer, options: options)
        chmod(path, 0o600)
        try quickCheck(writer)
        try writer.run(
            """
            CREATE TABLE IF NOT EXISTS store_identity(
                only INTEGER PRIMARY KEY CHECK(only = 1), identifier TEXT NOT NULL,
                opens INTEGER NOT NULL)
            """
        )
        let opened = try identify(writer, anchor)
        try Migrator(migrations: migrations).run(on: writer)
        try StoreAnchor.syncDirectory(of: path)
        try opened.write(for: path)
        return Opened(lock: lock, writer: writer, anchor: opened)
    }

    /// The files that the anchor says must be there are there.
    private func checkFiles(_ anchor: StoreAnchor) throws {
        guard size(path) > 0 else {
            throw StoreError.damaged(
                "\(path) is missing or empty, but \(StoreAnchor.path(for: path)) says that a store "
                    + "was here: restore it from a backup"
            )
        }
        guard anchor.isClosed || size(path + "-wal") > 0 else {
            throw StoreError.damaged(
                "\(path)-wal is missing or empty although the store was not closed: commits are "
                    + "lost; restore both files from a backup"
            )
        }
    }

    private func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    private func quickCheck(_ writer: SQLiteConnection) throws {
        guard size(path) > 0, size(path) <= options.checkedBytes else { return }
        let check = try writer.statement("PRAGMA quick_check(1)")
        defer { check.reset() }
        guard try check.step(), check.string(0) == "ok" else {
            throw StoreError.damaged(
                "\(path) is damaged (\(check.string(0))): restore it from a backup"
            )
        }
    }

    /// Compares the store's own identity with the anchor's and counts this opening.
    private func identify(_ writer: SQLiteConnection, _ anchor: StoreAnchor?) throws -> StoreAnchor
    {
        let row = try writer.statement("SELECT identifier, opens FROM store_identity")
        let known = try row.step() ? (identifier: row.string(0), opens: row.int64(1)) : nil
        row.reset()
        if let anchor { try compare(known, with: anchor) }
        let identity = StoreAnchor(
            identifier: known?.identifier ?? UUID().uuidString.lowercased(),
            opens: max(known?.opens ?? 0, anchor?.opens ?? 0) + 1,
            isClosed: false
        )
        let save = try writer.statement("REPLACE INTO store_identity VALUES(1, ?1, ?2)")
        save.bind(1, identity.identifier)
        save.bind(2, identity.opens)
        _ = try save.step()
        save.reset()
        return identity
    }

    private func compare(
        _ known: (identifier: String, opens: Int64)?,
        with anchor: StoreAnchor
    ) throws {
        guard let known, known.identifier == anchor.identifier else {
            throw StoreError.damaged(
                "\(path) is not the store that \(StoreAnchor.path(for: path)) belongs to: put the "
                    + "right file back, or remove the anchor to begin with this one"
            )
        }
        guard known.opens >= anchor.opens || options.acceptsRestoredStore else {
            throw StoreError.damaged(
                "\(path) is older than the store that was last open here (opened \(known.opens) "
                    + "times, expected \(anchor.opens)): a backup was restored. If that is meant, "
                    + "start once with BURSAR_ACCEPT_RESTORED_STORE=1"
            )
        }
    }
}
