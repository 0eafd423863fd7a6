internal import ServiceStore
internal import BatchRules
package import Logging
internal import Protocol
package import ServiceRuntime
internal import Storage

/// Has journal runs posted: takes those that wait, calls posting-service, saves what it says.
///
/// All state stands in the store. A crash between any two steps is healed by the lease's end or by the
/// next start; posting-service gives a run's first journal to whoever asks again, so an attempt whose
/// outcome nobody knows is simply made again, for as long as it takes.
package final class JournalWorker: Sendable {
    private let parts: PaymentParts
    private let ledger: any LedgerClient
    private let owner: String
    private let logger: Logger
    private let limits = JournalLimits()
    private let signal = Signal()

    package init(
        _ parts: PaymentParts,
        ledger: any LedgerClient,
        owner: String,
        logger: Logger
    ) {
        self.parts = parts
        self.ledger = ledger
        self.owner = owner
        self.logger = logger
    }

    private static let scanMilliseconds: Int64 = 1_000

    /// A run was stored.
    package func wake() { signal.raise() }

    private var now: Instant { Instant(milliseconds: parts.environment.now()) }

    package var loop: BackgroundLoop {
        BackgroundLoop(
            "journal_runs",
            "Has journal runs posted that wait.",
            every: .milliseconds(Self.scanMilliseconds),
            wokenBy: signal
        ) {
            let next = try await self.scan()
            return next.map { [self] next in
                .milliseconds(min(max(next - now.milliseconds, 5), Self.scanMilliseconds))
            }
        }
    }

    /// Takes back the runs of every other instance, and says how many there were.
    ///
    /// Where the store is exclusive they are a dead one's (fault C-14); elsewhere they run out.
    package func recover() async throws -> Int {
        guard parts.store.isExclusive else { return 0 }
        let owner = owner
        return try await parts.store.writeRepeatedly { transaction in
            var count = 0
            for var run in try JournalRunRow.running(in: transaction)
            where run.machine.ownerLost(survivor: owner) == .released {
                try run.save(in: transaction)
                count += 1
            }
            return count
        }
    }

    /// Works on every run whose time has come.
    ///
    /// - Returns: when the next may be taken, in milliseconds since 1970; nil where none waits.
    package func scan() async throws -> Int64? {
        while true {
            let (work, next) = try await lease()
            guard let work else { return next }
            try await attempt(work)
            if Task.isCancelled { return nil }
        }
    }
}

// MARK: - One attempt

extension JournalWorker {
    private struct Work: Sendable {
        var epoch: Int64
        var request: PostJournal
    }

    private func lease() async throws -> (work: Work?, next: Int64?) {
        let (owner, now) = (owner, now)
        return try await parts.store.writeRepeatedly { transaction in
            var next: Int64?
            for var run in try JournalRunRow.running(in: transaction) {
                switch run.machine.leased(by: owner, at: now) {
                case .granted(let epoch):
                    try run.save(in: transaction)
                    let request = run.request(try run.batches(in: transaction))
                    return (Work(epoch: epoch, request: request), nil)
                case .tooEarly(let until), .held(let until):
                    next = min(next ?? until.milliseconds, until.milliseconds)
                case .finished:
                    continue
                }
            }
            return (nil, next)
        }
    }

    private func attempt(_ work: Work) async throws {
        // The ledger must hold every operation of the batches first.
        parts.environment.ledger.wake()
        let heartbeat = Task { await self.beat(work) }
        defer { heartbeat.cancel() }
        let outcome: JournalOutcome
        do {
            outcome = .posted(try await ledger.post(work.request))
        } catch {
            outcome = JournalOutcome(error)
        }
        let ending = JournalEnding(
            runID: work.request.runID,
            epoch: work.epoch,
            outcome: outcome,
            now: now.milliseconds,
            logger: logger
        )
        let action = try await parts.store.writeRepeatedly { try ending.save(in: $0) }
        log(action, of: work.request.runID, outcome)
    }

    /// Renews the lease while the call is on its way.
    private func beat(_ work: Work) async {
        let pause = limits.leaseMilliseconds / 3
        // A cancelled sleep means that the attempt has ended.
        while (try? await Task.sleep(for: .milliseconds(pause))) != nil {
            let now = now
            do {
                try await parts.store.writeRepeatedly { transaction in
                    guard var run = try JournalRunRow.load(work.request.runID, in: transaction),
                        run.machine.heartbeatReceived(epoch: work.epoch, at: now) == .extended
                    else { return }
                    try run.save(in: transaction)
                }
            } catch {
                // A lease that runs out costs a repetition, which is harmless.
                logger.debug("a lease is not renewed", metadata: ["error": "\(error)"])
            }
        }
    }

    private func log(_ action: JournalRun.OnReply, of runID: Int64, _ outcome: JournalOutcome) {
        switch (action, outcome) {
        case (.retry, .unknown(let error)):
            logger.warning(
                "a journal run is tried again",
                metadata: ["run": "\(runID)", "error": "\(error)"]
            )
        case (.finish(.failed), .refused(let error)), (.finish(.failed), .incomplete(let error)):
            logger.notice(
                "a journal run has failed",
                metadata: ["run": "\(runID)", "reason": "\(error.reason)"]
            )
        case (.fenced, _):
            logger.notice("a journal run had passed on", metadata: ["run": "\(runID)"])
        default: break
        }
    }
}

extension JournalRunRow {
    fileprivate func request(_ batches: [JournalRunBatch]) -> PostJournal {
        PostJournal(
            runID: id,
            isProof: isProof,
            batches: batches.map {
                PostJournal.Batch(
                    batchID: $0.batchID,
                    operations: $0.operations,
                    totalMinorUnits: $0.total
                )
            },
            glDate: glEffectiveDate,
            overridesPeriod: overridesPeriod
        )
    }
}
