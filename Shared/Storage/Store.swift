internal import Foundation

/// A service's own durable store: one writer that commits many callers at once, and readers beside it.
///
/// Today the engine is SQLite in a file; services see only this type and its transactions, so that
/// another engine can stand behind it. One process holds a store at a time. `write` returns after
/// its work is durable; when reading or writing fails the process ends, because after a failed
/// fsync a later success proves nothing (faults 7.1).
package final class Store: Sendable {
    private let path: String
    private let lock: StoreLockBox
    private let anchor: StoreAnchor
    private let writer: SQLiteWriter
    private let readers: SQLiteReaders

    /// The random id that was made with the store.
    package var identifier: String { anchor.identifier }

    /// Keeps the lock until the store is closed; only `close` touches it.
    private final class StoreLockBox: @unchecked Sendable {
        let lock: StoreLock
        init(_ lock: StoreLock) { self.lock = lock }
    }

    /// Opens or makes the store at a path and brings it to the newest schema.
    ///
    /// Throws `StoreError`: `inUse` where another process holds it, `damaged` where the files are
    /// not what was left behind, `schema` where their history is another. `onFatal` is called when
    /// the process must end; it does so with status 70 unless the caller does it in another way.
    package static func open(
        path: String,
        migrations: [Migration],
        options: StoreOptions = StoreOptions(),
        onFatal: @escaping @Sendable (StoreError) -> Never = Store.exitProcess
    ) throws -> Store {
        let opened = try SQLiteOpening(path: path, migrations: migrations, options: options).open()
        let name = URL(fileURLWithPath: path).lastPathComponent
        return Store(
            path: path,
            opened: opened,
            writer: SQLiteWriter(
                connection: opened.writer,
                options: options,
                name: "write-\(name)",
                onFatal: onFatal
            ),
            readers: try SQLiteReaders(path: path, options: options)
        )
    }

    private init(
        path: String,
        opened: SQLiteOpening.Opened,
        writer: SQLiteWriter,
        readers: SQLiteReaders
    ) {
        self.path = path
        lock = StoreLockBox(opened.lock)
        anchor = opened.anchor
        self.writer = writer
        self.readers = readers
    }

    /// Says why on standard error, in one line, and ends the process with status 70.
    package static let exitProcess: @Sendable (StoreError) -> Never = { error in
        let text = String(describing: error).replacing("\n", with: " ")
        FileHandle.standardError.write(Data("fatal: \(text)\n".utf8))
        _exit(70)
    }

    /// Runs work that changes the store; returns when it is durable.
    ///
    /// Many callers share one commit, each undone alone when its closure throws. The closure runs
    /// once, on the writer's thread, after whatever was asked before it; it must not wait for
    /// anything. `StoreError.full`, `.overloaded` and `.closed` mean that nothing was kept and that
    /// trying again is safe.
    @discardableResult
    package func write<Value: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            writer.enqueue(TypedPendingWrite(work, continuation))
        }
    }

    /// Runs work that only reads; all its statements see the same moment.
    package func read<Value: Sendable>(
        _ work: @escaping @Sendable (ReadTransaction) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            readers.enqueue { connection in
                continuation.resume(
                    with: Result { try Store.read(try connection.get(), work) }
                )
            }
        }
    }

    private static func read<Value>(
        _ connection: SQLiteConnection,
        _ work: (ReadTransaction) throws -> Value
    ) throws -> Value {
        try connection.run("BEGIN")
        defer { connection.rollBack() }
        return try work(ReadTransaction(connection))
    }

    /// Runs work between callers, a slice in a transaction of its own, as often as it returns true.
    ///
    /// For upkeep that may take long in all: a slice should take a few milliseconds. What throws
    /// anything but `StoreError.full` ends the process.
    package func maintain(_ work: @escaping @Sendable (WriteTransaction) throws -> Bool) {
        writer.maintain(work)
    }

    /// Checks every page and reference; throws `StoreError.damaged` naming the first fault.
    package func verify() async throws {
        try await read { transaction in
            for check in ["PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"] {
                let fault = try transaction.first(check) { $0.string(0) }
                if let fault, fault != "ok" { throw StoreError.damaged("\(check): \(fault)") }
            }
        }
    }

    /// Finishes what waits, then closes the files; later calls throw `StoreError.closed`.
    package func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread { [self] in
                readers.close()
                writer.close()
                continuation.resume()
            }
        }
        var closed = anchor
        closed.isClosed = true
        do {
            try closed.write(for: path)
        } catch {
            // The anchor then says that the store was not closed, which is the careful answer.
            FileHandle.standardError.write(Data("store anchor not written: \(error)\n".utf8))
        }
        lock.lock.release()
    }
}
