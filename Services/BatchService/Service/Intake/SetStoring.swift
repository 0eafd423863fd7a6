internal import Identity
internal import BatchRules
internal import Protocol
internal import ServiceStore
internal import Storage

/// The steps of intake that ask the store.
extension SetIntake {
    enum Checked {
        case fresh(SetSummary)
        /// The key stands for this very body.
        case replay(Acceptance)
    }

    /// Whether a set may be stored.
    ///
    /// - Throws: the faults of its shape, or `SourceNotApproved` for a source that is not the caller's. Where
    ///   the key is known already, it is answered instead.
    func check(
        _ inspection: SetInspection,
        _ submission: Submission,
        _ digest: [UInt8]
    ) async throws -> Checked {
        switch inspection {
        case .faults(let details):
            if let replay = try await replay(submission, digest) { return .replay(replay) }
            throw RPCError.invalid(details)
        case .set(let summary):
            guard submission.principal.sources.contains(summary.sourceName) else {
                if let replay = try await replay(submission, digest) { return .replay(replay) }
                throw SourceNotApproved(sourceName: summary.sourceName)
            }
            return .fresh(summary)
        }
    }

    private func replay(
        _ submission: Submission,
        _ digest: [UInt8]
    ) async throws -> Acceptance? {
        guard let key = submission.idempotencyKey,
            case .existing(let taskID, let first)? = try await store.existing(
                account: submission.principal.account,
                key: key
            )
        else { return nil }
        try IdempotencyKey.requireSame(first, digest)
        return Acceptance(taskID: taskID, replayed: true)
    }

    /// Waits until a large body is durable.
    func durable(
        _ upload: BodyUpload
    ) async throws -> (extent: BodyExtent, digest: [UInt8]) {
        do {
            return try await upload.finish()
        } catch BodyFileError.full {
            throw RPCError(StoreError.full) ?? RPCError.internal
        }
    }

    /// Commits a set and hands its task over.
    func store(_ set: NewSet, _ body: HeldBody, lane: WorkRoom.Lane) async throws -> Acceptance {
        let permit = worker.room.reserve(lane)
        let insertion = try await insert(set, leasedTo: permit.map { _ in worker.owner })
        switch insertion {
        case .existing(let taskID, let first):
            try IdempotencyKey.requireSame(first, set.digest)
            return Acceptance(taskID: taskID, replayed: true)
        case .inserted(let setID):
            handOver(set, setID, body, permit, lane)
            return Acceptance(taskID: set.taskID, replayed: false)
        }
    }

    private func insert(
        _ set: NewSet,
        leasedTo owner: String?
    ) async throws
        -> BatchStore.Insertion
    {
        do {
            return try await store.insert(set, leasedTo: owner)
        } catch let error as CancellationError {
            // The caller left before the store began: nothing was done.
            throw error
        } catch {
            let answer = (error as? StoreError).flatMap { RPCError($0) }
            throw answer ?? OutcomeUnknown(cause: error)
        }
    }

    private func handOver(
        _ set: NewSet,
        _ setID: Int64,
        _ body: HeldBody,
        _ permit: WorkRoom.Permit?,
        _ lane: WorkRoom.Lane
    ) {
        guard let permit else {
            worker.room.wait(lane)
            return
        }
        let task = LeasedTask(
            setID: setID,
            epoch: 1,
            attempt: 1,
            work: .post,
            digest: set.digest,
            commitPolicy: set.commitPolicy,
            bodyBytes: set.bodyBytes,
            transactionCount: set.summary.transactionCount
        )
        worker.start(task, body: body, permit: permit)
    }
}
