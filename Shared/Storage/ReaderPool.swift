/// The threads that serve `Store.read`, each with a reading connection of its own.
final class ReaderPool: Sendable {
    let queue: JobQueue<ReadTransaction>
    private let threads: Monitor<[StoreThread]>

    init(engine: any StoreEngine, options: StoreOptions) throws {
        precondition(options.readers > 0, "a store needs a reader")
        let queue = JobQueue<ReadTransaction>(capacity: options.maximumWaitingReads)
        self.queue = queue
        threads = Monitor([])
        do {
            for _ in 0..<options.readers {
                let session = Confined(value: try engine.makeReader())
                let thread = try StoreThread { Self.run(session.value, queue) }
                threads.withLock { $0.append(thread) }
            }
        } catch {
            stopAndWait()
            throw error
        }
    }

    /// Serves what waits, then closes the connections.
    func stopAndWait() {
        queue.stop()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private static func run(_ session: any EngineSession, _ queue: JobQueue<ReadTransaction>) {
        let transaction = ReadTransaction(
            session: session,
            statements: StatementCache(session)
        )
        while case .calls = queue.next(sliceIsDue: { false }) {
            if let job = queue.take() { serve(job, transaction, session) }
        }
        transaction.statements.clear()
        session.close()
    }

    private static func serve(
        _ job: StoreJob<ReadTransaction>,
        _ transaction: ReadTransaction,
        _ session: any EngineSession
    ) {
        do {
            try session.beginSnapshot()
            let delivery = try job.perform(transaction)
            transaction.statements.resetTaken()
            session.endSnapshot()
            delivery()
        } catch {
            transaction.statements.resetTaken()
            session.endSnapshot()
            job.fail(error)
        }
    }
}

/// Carries a value to the one thread that will use it.
struct Confined<Value>: @unchecked Sendable {
    let value: Value
}
