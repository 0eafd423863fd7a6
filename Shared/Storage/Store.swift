/// A service's own durable store: one writer that commits many callers at once, readers beside it.
///
/// Services see only this type and its transactions, so that another engine can stand behind it.
/// `write` returns after its work is durable; when reading or writing fails the process ends, because
/// after a failed fsync a later success proves nothing (faults 7.1).
package final class Store: Sendable {
    /// The random id that was made with the store.
    package let identifier: String
    /// Whether no other process has the store while this one has it (C-14): only then are the leases
    /// of other owners those of the dead, and may be ended before their time.
    package let isExclusive: Bool

    private let writer: Writer
    private let readers: ReaderPool
    private let end: StoreEnd

    /// Opens or makes the store of an engine and brings it to the newest schema.
    ///
    /// Throws `StoreError`: `inUse` where another process holds it, `damaged` where the files are
    /// not what was left behind, `schema` where their history is another, `full`, `inputOutput`.
    /// `onFatal` is called when the process must end; it does so with status 70 unless the caller
    /// does it in another way.
    package static func open(
        engine choice: StoreEngineChoice,
        migrations: [Migration],
        options: StoreOptions = StoreOptions(),
        onFatal: @escaping @Sendable (StoreError) -> Never = Store.exitProcess
    ) throws -> Store {
        let engine = try choice.open(migrations)
        do {
            return try Store(engine: engine, options: options, onFatal: onFatal)
        } catch {
            engine.takeWriter().close()
            engine.release()
            throw error
        }
    }

    init(
        engine: any StoreEngine,
        options: StoreOptions,
        onFatal: @escaping @Sendable (StoreError) -> Never
    ) throws {
        let writer = Writer(options: options, onFatal: onFatal)
        let readers = try ReaderPool(engine: engine, options: options)
        let end = StoreEnd()
        identifier = engine.identifier
        isExclusive = engine.isExclusive
        self.writer = writer
        self.readers = readers
        self.end = end
        do {
            let thread = try StoreThread {
                writer.run(engine.takeWriter()) { readers.stopAndWait() }
                engine.release()
                end.reached()
            }
            thread.detach()
        } catch {
            readers.stopAndWait()
            throw error
        }
    }

    deinit { writer.queue.stop() }

    /// Runs work that may write, in a transaction, and returns once that is durable.
    ///
    /// Callers that wait together share one transaction; a closure that throws is undone alone, and
    /// its error is its caller's. It runs once, on the writer's thread, after whatever was asked
    /// before it; it must be short and must not wait for anything. `StoreError.full`, `.overloaded`
    /// and `.closed` mean that nothing was kept and that trying again is safe. A caller cancelled
    /// before its work began gets `CancellationError`, and nothing was done.
    @discardableResult
    package func write<Value: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        try await writer.queue.call(work)
    }

    /// Runs work that only reads; all its statements see the same moment.
    package func read<Value: Sendable>(
        _ work: @escaping @Sendable (ReadTransaction) throws -> Value
    ) async throws -> Value {
        try await readers.queue.call(work)
    }

    /// Runs work between callers, a slice in a transaction of its own, as often as it returns true.
    ///
    /// For upkeep that may take long in all: a slice should take a few milliseconds. While callers
    /// wait, slices are `StoreOptions.maintenanceIntervalMilliseconds` apart. A slice that finds the
    /// disk full is undone and goes on after the next commit; what throws anything else ends the
    /// process.
    package func maintain(_ work: @escaping @Sendable (WriteTransaction) throws -> Bool) {
        writer.queue.enqueue(work)
    }

    /// Callers that wait for the writer now.
    package var waitingWrites: Int { writer.queue.depth }

    /// Checks every page, index and reference; throws `StoreError.damaged` naming the first fault.
    ///
    /// It reads the whole store, on one of the readers.
    package func verify() async throws {
        try await read { transaction in
            if let fault = try transaction.session.findDamage() { throw StoreError.damaged(fault) }
        }
    }

    /// Finishes what waits, then closes the files; later calls throw `StoreError.closed`.
    package func close() async {
        writer.queue.stop()
        await end.wait()
    }
}

/// The moment when a store has let go of its files.
private final class StoreEnd: Sendable {
    private struct State {
        var isReached = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Monitor(State())

    func reached() {
        let waiting = state.withLock { state in
            state.isReached = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if !state.isReached { state.waiting.append(continuation) }
                return state.isReached
            }
            if isReached { continuation.resume() }
        }
    }
}
