internal import Foundation

/// The one thread that writes: it takes all callers that wait, runs each in a savepoint of its own
/// inside one transaction, commits once, and then answers them all.
///
/// One fsync thus serves many callers, while a caller that fails undoes its own work alone. An
/// error of reading or writing ends the process before anybody is answered (faults 7.1).
final class SQLiteWriter: @unchecked Sendable {
    typealias Maintenance = @Sendable (WriteTransaction) throws -> Bool

    private let connection: SQLiteConnection
    private let options: StoreOptions
    private let onFatal: @Sendable (StoreError) -> Never
    private let signal = NSCondition()
    // Guarded by `signal`:
    private var waiting: [PendingWrite] = []
    private var maintenance: [Maintenance] = []
    private var isClosing = false
    private var hasEnded = false

    init(
        connection: SQLiteConnection,
        options: StoreOptions,
        name: String,
        onFatal: @escaping @Sendable (StoreError) -> Never
    ) {
        self.connection = connection
        self.options = options
        self.onFatal = onFatal
        let thread = Thread { [self] in work() }
        thread.name = name
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Queues a caller; it is answered after the commit that holds its work.
    func enqueue(_ write: PendingWrite) {
        signal.lock()
        let refusal: StoreError? =
            if isClosing { .closed } else if waiting.count >= options.maximumWaitingWrites {
                .overloaded
            } else { nil }
        if refusal == nil {
            waiting.append(write)
            if waiting.count == 1 { signal.broadcast() }
        }
        signal.unlock()
        if let refusal { write.finish(refusal) }
    }

    /// Queues work that runs between callers, a slice a time, until it says that it is done.
    func maintain(_ work: @escaping Maintenance) {
        signal.lock()
        maintenance.append(work)
        signal.broadcast()
        signal.unlock()
    }

    /// Finishes what waits, copies the log into the database and ends the thread.
    func close() {
        signal.lock()
        isClosing = true
        signal.broadcast()
        while !hasEnded { signal.wait() }
        signal.unlock()
    }

    // MARK: The thread

    private func work() {
        while let (group, slice) = next() {
            if !group.isEmpty { commit(group) }
            checkpointIfDue(isIdle: group.isEmpty)
            if let slice { maintainOnce(slice) }
        }
        settle { try connection.checkpoint() }
        connection.close()
        signal.lock()
        hasEnded = true
        signal.broadcast()
        signal.unlock()
    }

    /// Waits for work; nil when the store closes and nothing waits.
    private func next() -> (group: [PendingWrite], slice: Maintenance?)? {
        signal.lock()
        defer { signal.unlock() }
        while waiting.isEmpty && maintenance.isEmpty {
            if isClosing { return nil }
            signal.wait()
        }
        if isClosing && waiting.isEmpty { return nil }
        let slice = maintenance.isEmpty ? nil : maintenance.removeFirst()
        if waiting.count <= options.maximumGroup {
            let group = waiting
            waiting.removeAll(keepingCapacity: true)
            return (group, slice)
        }
        let group = Array(waiting.prefix(options.maximumGroup))
        waiting.removeFirst(options.maximumGroup)
        return (group, slice)
    }

    private func commit(_ group: [PendingWrite]) {
        var failures = [(any Error)?](repeating: nil, count: group.count)
        do {
            try connection.run("BEGIN IMMEDIATE")
            for index in group.indices {
                failures[index] = try runOne(group[index], sharesGroup: group.count > 1)
            }
            if connection.isInTransaction { try step("COMMIT") }
        } catch {
            let error = stopIfFatal(error)
            connection.rollBack()
            for write in group { write.finish(error) }
            return
        }
        for (write, failure) in zip(group, failures) { write.finish(failure) }
    }

    /// Runs one caller's work; returns its own error, throws where the whole group is lost.
    private func runOne(_ write: PendingWrite, sharesGroup: Bool) throws -> (any Error)? {
        if sharesGroup { try step("SAVEPOINT one") }
        let failure: (any Error)?
        let isKept: Bool
        do {
            isKept = try write.run(in: WriteTransaction(connection))
            failure = nil
        } catch {
            failure = stopIfFatal(error)
            isKept = false
        }
        guard connection.isInTransaction else {
            // The engine gave up the transaction by itself: nobody's work is kept.
            throw failure ?? StoreError.full
        }
        if sharesGroup {
            if !isKept { try step("ROLLBACK TO one") }
            try step("RELEASE one")
        } else if !isKept {
            try step("ROLLBACK")
        }
        return failure
    }

    private func step(_ sql: String) throws { _ = try connection.statement(sql).step() }

    private func maintainOnce(_ slice: @escaping Maintenance) {
        var isUnfinished = false
        do {
            try connection.run("BEGIN IMMEDIATE")
            isUnfinished = try slice(WriteTransaction(connection))
            try step("COMMIT")
        } catch StoreError.full {
            connection.rollBack()
            isUnfinished = true
        } catch {
            onFatal(error as? StoreError ?? .misuse("maintenance failed: \(error)"))
        }
        guard isUnfinished else { return }
        signal.lock()
        maintenance.append(slice)
        signal.unlock()
    }

    /// Copies the log while nobody waits, or at once when it has grown far beyond its measure.
    private func checkpointIfDue(isIdle: Bool) {
        let logged = connection.loggedPages * options.pageSize
        guard logged >= options.checkpointBytes else { return }
        signal.lock()
        let someoneWaits = !waiting.isEmpty
        signal.unlock()
        guard isIdle || !someoneWaits || logged >= options.checkpointBytes * 8 else { return }
        settle { try connection.checkpoint() }
    }

    private func settle(_ work: () throws -> Void) {
        do { try work() } catch { _ = stopIfFatal(error) }
    }

    private func stopIfFatal(_ error: any Error) -> any Error {
        if let error = error as? StoreError, error.isFatal { onFatal(error) }
        return error
    }
}
