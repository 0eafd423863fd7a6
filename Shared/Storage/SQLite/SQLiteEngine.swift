/// The engine over the system's SQLite library: one file, one writing connection.
///
/// Debian 12's SQLite 3.40.1 can corrupt a file when two connections write or checkpoint it at
/// once; hence one process (the lock), one connection that writes and checkpoints, and readers
/// that can do neither (design 7.1).
final class SQLiteEngine: StoreEngine {
    /// The lock sees to it (C-14).
    let isExclusive = true
    let identifier: String
    private let path: String
    private let options: SQLiteOptions
    private let lock: LockFile
    private let writer: Confined<SQLiteWriter>

    init(path: String, migrations: [Migration], options: SQLiteOptions) throws {
        lock = try LockFile(for: path)
        self.path = path
        self.options = options
        do {
            let opening = SQLiteOpening(path: path, migrations: migrations, options: options)
            let opened = try opening.open()
            identifier = opened.identifier
            writer = Confined(value: opened.writer)
        } catch {
            lock.release()
            throw error
        }
    }

    func takeWriter() -> any WriterSession { writer.value }

    func makeReader() throws -> any EngineSession {
        try SQLiteReader(path: path, options: options)
    }

    func release() { lock.release() }
}

extension StoreEngineChoice {
    /// A database file of this machine, with its log, lock and anchor beside it.
    package static func sqlite(
        path: String,
        options: SQLiteOptions = SQLiteOptions()
    ) -> StoreEngineChoice {
        StoreEngineChoice { migrations in
            try SQLiteEngine(path: path, migrations: migrations, options: options)
        }
    }
}
