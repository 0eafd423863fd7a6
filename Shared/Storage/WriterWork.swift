/// One transaction after the other on the writing session; whatever it throws ends the process.
struct WriterWork {
    enum SliceEnd {
        case finished
        case unfinished
        /// Undone: it may go on once there is space.
        case foundNoSpace
    }

    private enum Outcome {
        case delivery(StoreJob<WriteTransaction>.Delivery)
        case failure(any Error)
    }

    private struct Member {
        let job: StoreJob<WriteTransaction>
        let outcome: Outcome
        let isKept: Bool
    }

    let options: StoreOptions
    let session: any WriterSession
    let transaction: WriteTransaction

    /// Commits the work of up to `count` callers and answers them; false where nothing was kept.
    func commitGroup(of count: Int, from queue: JobQueue<WriteTransaction>) throws -> Bool {
        let start = Moment.now()
        let bound = min(count, options.maximumGroup)
        var members: [Member] = []
        members.reserveCapacity(bound)
        try session.begin()
        while members.count < bound, session.failure == nil, let job = queue.take() {
            members.append(try perform(job, isAlone: bound == 1))
            if start.isPast(milliseconds: options.maximumGroupMilliseconds) { break }
        }
        let isKept = members.contains { $0.isKept }
        if let lost = try end(isKept: isKept) {
            for member in members { member.job.fail(lost) }
            return false
        }
        for member in members {
            switch member.outcome {
            case .delivery(let deliver): deliver()
            case .failure(let error): member.job.fail(error)
            }
        }
        return isKept
    }

    /// Runs one piece of maintenance in a transaction of its own.
    func run(_ slice: JobQueue<WriteTransaction>.Slice) throws -> SliceEnd {
        transaction.start()
        try session.begin()
        do {
            let isUnfinished = try slice(transaction)
            transaction.statements.resetTaken()
            if try end(isKept: !transaction.isRolledBackOnReturn) != nil { return .foundNoSpace }
            return isUnfinished ? .unfinished : .finished
        } catch StoreError.full {
            transaction.statements.resetTaken()
            try session.rollBack()
            options.onLostWork()
            return .foundNoSpace
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError.misuse("maintenance failed: \(error)")
        }
    }

    /// Runs one caller's work in the open transaction.
    private func perform(_ job: StoreJob<WriteTransaction>, isAlone: Bool) throws -> Member {
        transaction.start()
        if !isAlone { try session.setSavepoint() }
        let outcome: Outcome
        do {
            outcome = .delivery(try job.perform(transaction))
        } catch {
            outcome = .failure(error)
        }
        transaction.statements.resetTaken()
        var isKept = false
        if case .delivery = outcome { isKept = !transaction.isRolledBackOnReturn }
        if session.failure == nil, !isAlone {
            try isKept ? session.releaseSavepoint() : session.undoSavepoint()
        }
        return Member(job: job, outcome: outcome, isKept: isKept)
    }

    /// Ends the transaction; returns the error that undid it though it should have been kept.
    private func end(isKept: Bool) throws -> StoreError? {
        var lost = session.failure
        if lost == nil, isKept {
            do {
                try session.commit()
                return nil
            } catch StoreError.full {
                lost = .full
            }
        }
        if let lost, lost.isFatal { throw lost }
        try session.rollBack()
        if lost != nil { options.onLostWork() }
        return lost
    }
}
