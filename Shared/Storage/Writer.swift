/// The thread that writes: it gathers the callers that wait into one transaction (group commit).
///
/// Each caller's work stands in a savepoint of its own, so that one caller's failure undoes nobody
/// else's. Callers are answered only after the COMMIT of their group is durable. An error of
/// reading or writing ends the process: after a failed fsync a later success proves nothing (D-01).
/// A full disk undoes the group, whose callers may try again (D-02).
final class Writer: Sendable {
    let queue: JobQueue<WriteTransaction>
    private let options: StoreOptions
    private let onFatal: @Sendable (StoreError) -> Never

    init(options: StoreOptions, onFatal: @escaping @Sendable (StoreError) -> Never) {
        self.queue = JobQueue(capacity: options.maximumWaitingWrites)
        self.options = options
        self.onFatal = onFatal
    }

    /// Serves the queue until it is stopped, then brings the files to rest.
    ///
    /// `atStop` ends the readers, so that the writer's connection is the last one to be closed.
    func run(_ session: any WriterSession, atStop: () -> Void) {
        let transaction = WriteTransaction(session: session, statements: StatementCache(session))
        let work = WriterWork(options: options, session: session, transaction: transaction)
        var slicesInWaiting: [JobQueue<WriteTransaction>.Slice] = []
        var lastSlice = Moment.now()
        orDie {
            serving: while true {
                let interval = options.maintenanceIntervalMilliseconds
                switch queue.next(sliceIsDue: { lastSlice.isPast(milliseconds: interval) }) {
                case .calls(let count):
                    let isCommitted = try work.commitGroup(of: count, from: queue)
                    if isCommitted {
                        for slice in slicesInWaiting { queue.enqueue(slice) }
                        slicesInWaiting.removeAll()
                    }
                case .slice(let slice):
                    switch try work.run(slice) {
                    case .finished: break
                    case .unfinished: queue.enqueue(slice)
                    case .foundNoSpace: slicesInWaiting.append(slice)
                    }
                    lastSlice = Moment.now()
                case .stop:
                    break serving
                }
                try session.settle()
            }
            transaction.statements.clear()
            atStop()
            try session.finish()
        }
    }

    private func orDie(_ body: () throws -> Void) {
        do {
            try body()
        } catch let error as StoreError {
            onFatal(error)
        } catch {
            onFatal(.inputOutput("\(error)"))
        }
    }
}
