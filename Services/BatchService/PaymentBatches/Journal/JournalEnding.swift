internal import JSON
internal import ServiceStore
internal import BatchRules
internal import Logging
internal import Protocol
internal import Storage

/// What an attempt at a run brought.
enum JournalOutcome: Sendable {
    case posted(PostedJournal)
    case incomplete(RPCError)
    case refused(RPCError)
    case unknown(any Error)

    init(_ error: any Error) {
        guard let error = error as? RPCError, error.retry == .mend else {
            self = .unknown(error)
            return
        }
        self = error.reason == "batch_incomplete" ? .incomplete(error) : .refused(error)
    }

    var reply: JournalReply {
        switch self {
        case .posted: .posted
        case .incomplete: .incomplete
        case .refused: .refused
        case .unknown: .unknown
        }
    }

    fileprivate var refusal: (reason: String, message: String)? {
        switch self {
        case .incomplete(let error), .refused(let error): (error.reason, error.message)
        case .posted, .unknown: nil
        }
    }
}

/// Saves what an attempt at a run brought: the run's end and its batches' in one transaction, so that
/// no batch stays locked by a run that has ended.
struct JournalEnding {
    let runID: Int64
    let epoch: Int64
    let outcome: JournalOutcome
    let now: Int64
    let logger: Logger

    func save(in transaction: WriteTransaction) throws -> JournalRun.OnReply {
        guard var run = try JournalRunRow.load(runID, in: transaction) else { return .fenced }
        let action = run.machine.replyReceived(
            outcome.reply,
            epoch: epoch,
            at: Instant(milliseconds: now)
        )
        switch action {
        case .fenced:
            break
        case .retry:
            try run.save(in: transaction)
        case .finish(let status):
            try finish(&run, status, in: transaction)
        }
        return action
    }

    private func finish(
        _ run: inout JournalRunRow,
        _ status: JournalRun.Status,
        in transaction: WriteTransaction
    ) throws {
        run.finishedAt = now
        if case .posted(let journal) = outcome {
            run.journalID = journal.journalID
            run.glPeriod = journal.period
            run.lines = Array(try StrictJSON.encode(journal.lines))
        }
        if status == .failed {
            run.errorReason = outcome.refusal?.reason ?? "unknown"
            run.errorMessage = outcome.refusal?.message ?? ""
        }
        try run.save(in: transaction)
        if !run.isProof {
            for batch in try run.batches(in: transaction) {
                try unlock(batch.batchID, of: run, in: transaction)
            }
        }
        try audit(run, in: transaction)
    }

    private func unlock(
        _ batchID: Int64,
        of run: JournalRunRow,
        in transaction: WriteTransaction
    ) throws {
        guard var batch = try BatchRow.load(batchID, in: transaction), batch.journalRunID == run.id,
            batch.machine.status == .postInProgress
        else {
            logger.error(
                "a batch is not locked by its journal run",
                metadata: ["run": "\(run.id)", "batch": "\(batchID)"]
            )
            return
        }
        let from = batch.machine.status
        let isPosted = run.machine.status == .posted
        if isPosted {
            _ = batch.machine.postSucceeded()
            batch.postedBy = run.requestedBy
            batch.postedAt = now
            batch.journalID = run.journalID
            batch.glPeriod = run.glPeriod
            batch.glEffectiveDate = run.glEffectiveDate
        } else {
            _ = batch.machine.postFailed()
            batch.journalRunID = nil
        }
        try batch.save(in: transaction)
        try BatchHistory.add(
            batch,
            actor: run.requestedBy,
            action: isPosted ? "posted" : "post_failed",
            from: from,
            note: isPosted ? "journal run \(run.id)" : run.errorReason ?? "",
            at: now,
            in: transaction
        )
    }

    private func audit(_ run: JournalRunRow, in transaction: WriteTransaction) throws {
        let change = JSONWriter.objectText { change in
            change.member("from", JournalRun.Status.running.rawValue)
            change.member("to", run.machine.status.rawValue)
            change.member("proof", run.isProof)
            change.member("journal_id", run.journalID)
            change.member("gl_period", run.glPeriod)
            change.member("count", run.count)
            change.member("total", amount: run.total)
            if let reason = run.errorReason { change.member("reason", reason) }
        }
        try AuditOutbox.add(
            AuditEvent(
                outcome: .allowed,
                actor: run.requestedBy,
                action: "journal_run.end",
                subject: run.subject,
                change: change
            ),
            at: now,
            in: transaction
        )
    }
}
