import Glibc

/// Opens a SQLite store whose lock is held: compares its files with the anchor, brings the schema up
/// to date, and writes the anchor anew.
struct SQLiteOpening {
    let path: String
    let migrations: [Migration]
    let options: SQLiteOptions

    private var logPath: String { path + "-wal" }

    /// The writer of a store that is what it should be, and the store's identifier.
    func open() throws -> (writer: SQLiteWriter, identifier: String) {
        let left = try SQLiteAnchorFile(for: path)
        if let left, !left.anchor.isNew { try checkFiles(left.anchor) }
        if left == nil { try checkFilesWithoutAnchor() }
        try SQLiteLogScan.check(logPath)
        let anchor = try left ?? SQLiteAnchorFile(for: path, try firstAnchor())
        try createFile()
        let writer = try SQLiteWriter(path: path, options: options, anchor: anchor)
        do {
            try check(writer, anchor.anchor)
            try SQLiteSchema.migrate(writer, to: migrations)
            try DurableFile.syncFolder(of: path)
            try writer.settleIn()
            return (writer, anchor.anchor.identifier)
        } catch {
            writer.close()
            throw error
        }
    }

    /// The files that the anchor says must be there are there, and no shorter than they were.
    private func checkFiles(_ anchor: SQLiteAnchor) throws {
        let bytes = DurableFile.size(path) ?? 0
        guard bytes > 0 else {
            throw StoreError.damaged(
                "\(path) is missing or empty, but \(SQLiteAnchorFile.path(for: path)) says that a "
                    + "store was here: restore it from a backup"
            )
        }
        if options.acceptsRestoredStore { return }
        guard bytes >= anchor.databaseBytes else {
            throw StoreError.damaged(
                "\(path) has been shortened: it has \(bytes) bytes, and had "
                    + "\(anchor.databaseBytes) or more: restore it from a backup"
            )
        }
        let logBytes = DurableFile.size(logPath) ?? 0
        guard logBytes == 0 || logBytes >= anchor.logBytes else {
            throw StoreError.damaged(
                "\(logPath) has been shortened: it has \(logBytes) bytes, and had "
                    + "\(anchor.logBytes) or more: restore both files from a backup"
            )
        }
    }

    /// Without an anchor there is nothing yet, or a whole store that was put here.
    private func checkFilesWithoutAnchor() throws {
        switch DurableFile.size(path) {
        case .none:
            guard DurableFile.size(logPath) == nil else {
                throw StoreError.damaged(
                    "\(logPath) is here without \(path): restore both files from a backup"
                )
            }
        case 0:
            throw StoreError.damaged(
                "\(path) is empty: restore it from a backup, or remove it to begin a new store"
            )
        default: break
        }
    }

    /// The anchor of a store to be made, or of one that was put here without its anchor.
    private func firstAnchor() throws -> SQLiteAnchor {
        guard DurableFile.size(path) != nil else {
            var random = SystemRandomNumberGenerator()
            let identifier = hexadecimal(random.next()) + hexadecimal(random.next())
            return SQLiteAnchor(identifier: identifier)
        }
        let reader = try SQLiteConnection(path: path, flags: SQLiteConnection.readingFlags)
        defer { reader.close() }
        guard let identifier = try SQLiteSchema.identifier(reader) else {
            throw StoreError.damaged("\(path) holds no store")
        }
        return SQLiteAnchor(identifier: identifier, isNew: false)
    }

    /// Makes the file before SQLite does, so that only its owner can ever read it or its log.
    private func createFile() throws {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DurableFile.failure(path) }
        fchmod(descriptor, 0o600)
        close(descriptor)
    }

    private func check(_ writer: SQLiteWriter, _ anchor: SQLiteAnchor) throws {
        try quickCheck(writer)
        guard let identifier = try SQLiteSchema.identifier(writer) else {
            guard anchor.isNew else { throw StoreError.damaged("\(path) holds no store") }
            return try SQLiteSchema.create(writer, identifier: anchor.identifier)
        }
        guard identifier == anchor.identifier else {
            throw StoreError.damaged(
                "\(path) is not the store that \(SQLiteAnchorFile.path(for: path)) belongs to: put "
                    + "the right file back, or remove the anchor to begin with this one"
            )
        }
        let commits = try writer.integer("SELECT commits FROM store_identity")
        guard commits >= anchor.commits || options.acceptsRestoredStore else {
            throw StoreError.damaged(
                "\(path) is older than it was here: it shows \(commits) commits of "
                    + "\(anchor.commits). Its log \(logPath) was taken away or damaged, or a "
                    + "backup was restored. If a backup is meant, start once with "
                    + "BURSAR_ACCEPT_RESTORED_STORE=1"
            )
        }
    }

    private func quickCheck(_ writer: SQLiteWriter) throws {
        guard let bytes = DurableFile.size(path), bytes > 0, bytes <= options.checkedBytes else {
            return
        }
        let result = try writer.text("PRAGMA quick_check(1)")
        guard result == "ok" else {
            throw StoreError.damaged("\(path) is damaged (\(result)): restore it from a backup")
        }
    }
}
