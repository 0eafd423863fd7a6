internal import NIOConcurrencyHelpers
package import NIOCore

/// Whoever collects output during a turn of the loop and sends it at the turn's end.
package protocol LoopFlushing: AnyObject {
    func flushCollectedOutput()
}

/// Runs tasks on an event loop, so that a request and its reply need no other thread.
///
/// Jobs that are enqueued on the loop itself wait in a plain array, which a connection drains at
/// the end of its read cycle, before the collected output is sent: many requests of one read, their
/// handlers and one write (design 4.5 technique 2). There is one executor for each loop, and it
/// lives as long as the process, because tasks hold it unowned.
///
/// Work that blocks or computes for long does not belong here: it would stop every connection of
/// the loop.
package final class LoopExecutor: TaskExecutor, @unchecked Sendable {
    package let loop: any EventLoop
    // The rest is touched on the loop only.
    private var jobs: [UnownedJob] = []
    private var flushing: [any LoopFlushing] = []
    private var isScheduled = false

    /// After so many rounds the loop gets to look at its sockets again.
    private static let maximumRounds = 32

    private init(_ loop: any EventLoop) {
        self.loop = loop
        jobs.reserveCapacity(256)
    }

    private static let all = NIOLockedValueBox<[ObjectIdentifier: LoopExecutor]>([:])

    /// The executor of a loop.
    package static func of(_ loop: any EventLoop) -> LoopExecutor {
        all.withLockedValue { executors in
            if let known = executors[ObjectIdentifier(loop)] { return known }
            let executor = LoopExecutor(loop)
            executors[ObjectIdentifier(loop)] = executor
            return executor
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if loop.inEventLoop {
            jobs.append(job)
            schedule()
        } else {
            loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    /// Asks for `flushCollectedOutput` at the end of this turn; on the loop only.
    package func flushAtEndOfTurn(_ target: any LoopFlushing) {
        flushing.append(target)
        schedule()
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        loop.execute {
            self.isScheduled = false
            self.drain()
        }
    }

    /// Runs what waits, then sends what was collected; on the loop only.
    package func drain() {
        let executor = asUnownedTaskExecutor()
        var batch: [UnownedJob] = []
        var rounds = 0
        repeat {
            rounds += 1
            swap(&batch, &jobs)
            for job in batch { job.runSynchronously(on: executor) }
            batch.removeAll(keepingCapacity: true)
            if jobs.isEmpty { flushAll() }
        } while !jobs.isEmpty && rounds < Self.maximumRounds
        if jobs.isEmpty {
            // The longer-lived array keeps its capacity.
            swap(&batch, &jobs)
        } else {
            flushAll()
            schedule()
        }
    }

    private func flushAll() {
        while !flushing.isEmpty {
            let targets = flushing
            flushing.removeAll(keepingCapacity: true)
            for target in targets { target.flushCollectedOutput() }
        }
    }
}
