import CSQLite

/// The one connection that writes and checkpoints.
///
/// It holds the write lock while idle, too: a transaction stands open from one COMMIT to the next,
/// so that no other connection can write; one that did so in the moment between is found out and
/// ends the process, because SQLite 3.40.1 can corrupt a file that two connections write (C-14).
final class SQLiteWriter: SQLiteConnection, WriterSession {
    private let options: SQLiteOptions
    private let anchor: SQLiteAnchorFile
    private let log: SQLiteLog
    /// Commits of the store's whole life, as its own table counts them.
    private(set) var commits: Int64 = 0
    /// Whether the anchor knows of a commit that stands in the log alone.
    private var isMarked = false
    private var knownVersion: Int64?

    init(path: String, options: SQLiteOptions, anchor: SQLiteAnchorFile) throws {
        self.options = options
        self.anchor = anchor
        log = SQLiteLog(path: path + "-wal")
        try super.init(path: path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        do {
            try configure()
        } catch {
            close()
            throw error
        }
    }

    /// Durable commits, one checkpointing connection, a log that is reused and never shrunk, and
    /// pages that are not wiped when they are freed (design 7.1, 8.8).
    private func configure() throws {
        try run("PRAGMA mmap_size=0; PRAGMA page_size=\(options.pageSize)")
        guard try text("PRAGMA journal_mode=WAL") == "wal" else {
            throw StoreError.misuse("\(path): this file system cannot hold a write-ahead log")
        }
        try run(
            """
            PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=-1;
            PRAGMA cache_size=-\(options.cacheKiB); PRAGMA secure_delete=OFF;
            PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON;
            PRAGMA trusted_schema=OFF;
            """
        )
        log.frameBytes = try integer("PRAGMA page_size") + SQLiteLog.frameHeaderBytes
        sqlite3_wal_hook(
            handle,
            { log, _, _, frames in
                if let log {
                    Unmanaged<SQLiteLog>.fromOpaque(log).takeUnretainedValue().frames = Int64(
                        frames
                    )
                }
                return SQLITE_OK
            },
            Unmanaged.passUnretained(log).toOpaque()
        )
    }

    /// Counts this opening as a commit and brings database, log and anchor to one state.
    func settleIn() throws {
        commits = try integer("SELECT commits FROM store_identity")
        try begin()
        try commit()
        try checkpoint()
        let logBytes = log.size
        try anchor.update {
            $0.isNew = false
            $0.logBytes = logBytes
        }
        try settle()
    }

    func begin() throws {
        guard !isInTransaction else { return }
        try control.begin.run()
        let version = try control.dataVersion.integer()
        if let knownVersion, knownVersion != version {
            throw StoreError.damaged(
                "another program has written to \(path): only its service may do that"
            )
        }
        knownVersion = version
    }

    func commit() throws {
        try control.count.run()
        try control.commit.run()
        commits += 1
        // The lock is taken again before anybody can act on the commit.
        if !isCheckpointDue { try begin() }
        try markCommit()
    }

    private var isCheckpointDue: Bool {
        log.isDue(checkpointBytes: Int64(options.checkpointBytes))
    }

    /// Tells the anchor of the first commit after a checkpoint, and of one beyond the log's room.
    private func markCommit() throws {
        let end = log.end
        guard !isMarked || end > anchor.anchor.logBytes else { return }
        let size = end > anchor.anchor.logBytes ? log.size : anchor.anchor.logBytes
        try anchor.update {
            $0.commits = commits
            $0.logBytes = size
        }
        isMarked = true
    }

    func rollBack() throws {
        failure = nil
        if isInTransaction { try control.rollBack.run() }
    }

    func setSavepoint() throws { try control.setSavepoint.run() }

    func releaseSavepoint() throws { try control.releaseSavepoint.run() }

    func undoSavepoint() throws {
        try control.rollBackToSavepoint.run()
        try control.releaseSavepoint.run()
    }

    /// Copies the log into the database where it is due, makes room in the log, takes the lock.
    func settle() throws {
        if isCheckpointDue { try checkpoint() }
        if log.needsRoom(beyond: anchor.anchor.logBytes) {
            let size = try log.makeRoom()
            try anchor.update {
                $0.commits = commits
                $0.logBytes = size
            }
        }
        try begin()
    }

    func finish() throws {
        defer { close() }
        guard try checkpoint() else { return }
        // SQLite removes the log with the last connection.
        try anchor.update { $0.logBytes = 0 }
    }

    /// Copies the log into the database, so that the next commit starts at the log's head.
    ///
    /// A reader that still needs the log, or a full disk, only delays that: what can be copied is.
    /// Returns whether all of it was copied.
    @discardableResult
    private func checkpoint() throws -> Bool {
        // The idle transaction: nothing is in it.
        try rollBack()
        try anchor.update { $0.commits = commits }
        var logged: Int32 = 0
        var copied: Int32 = 0
        let mode = SQLITE_CHECKPOINT_RESTART
        let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, &logged, &copied)
        switch code & 0xff {
        case SQLITE_OK: log.isRestarted()
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL: log.isAttempted()
        default: throw fail(code)
        }
        guard code & 0xff != SQLITE_FULL, logged == copied else { return false }
        let size = DurableFile.size(path) ?? 0
        try anchor.update { $0.databaseBytes = size }
        isMarked = false
        return true
    }

    /// Does the work in a transaction of its own, for the time before callers are served.
    func transaction(_ work: () throws -> Void) throws {
        try run("BEGIN IMMEDIATE")
        do {
            try work()
            try run("COMMIT")
        } catch {
            try rollBack()
            throw error
        }
    }
}
