internal import BatchRules
internal import Identity
internal import JSON
package import Protocol
package import ServiceRuntime

/// Carries what changed money from this store to the audit trail, each event exactly once, and that a
/// set was posted behind that it was submitted.
///
/// The guarantee is that of `AuditOutbox`, without its row: the rows of the set and of its last
/// attempt are written in the transaction of the change, never change, and hold all that an event
/// says; what has been carried is a mark in the store. Rows of an outbox would cost each set two
/// insertions and two deletions on the path whose speed counts.
///
/// An event that is sent twice, after a crash between sending and marking, is known by its
/// `origin_id` and kept once; that is made of the task's id, for a store that was restored from a copy
/// may give a number again. While sets are being worked on, events go at a slower pace, so that the
/// trail never takes the machine from the work: they catch up afterwards.
package struct AuditForwarder: Sendable {
    package static let batchSize = 500
    private static let pauseMilliseconds: Int64 = 500
    private static let busyFrom = 8

    /// Stores events; returns once they are durable.
    package typealias Sink = @Sendable ([AuditEvent]) async throws -> Void

    let store: BatchStore
    let sink: Sink
    /// How many sets are being worked on.
    let load: @Sendable () -> Int

    package init(
        store: BatchStore,
        load: @escaping @Sendable () -> Int,
        sink: @escaping Sink
    ) {
        self.store = store
        self.load = load
        self.sink = sink
    }

    package var loop: BackgroundLoop {
        BackgroundLoop(
            "set_audit",
            "Tells the audit trail of sets that were submitted and posted.",
            every: .milliseconds(Self.pauseMilliseconds)
        ) { try await forwardOnce() || load() >= Self.busyFrom ? nil : .zero }
    }

    /// Forwards one batch of each kind.
    ///
    /// - Returns: whether nothing more waits.
    package func forwardOnce() async throws -> Bool {
        let submittedIsDone = try await forwardSubmitted()
        let postedIsDone = try await forwardPosted()
        return submittedIsDone && postedIsDone
    }

    private func forwardSubmitted() async throws -> Bool {
        let mark = try await store.setting(.auditMark).flatMap(Int64.init) ?? 0
        let sets = try await store.submitted(after: mark, limit: Self.batchSize)
        guard let last = sets.last else { return true }
        try await sink(sets.map(Self.submitted))
        try await store.set(.auditMark, to: String(last.setID))
        return sets.count < Self.batchSize
    }

    private func forwardPosted() async throws -> Bool {
        let mark = try await store.setting(.auditResultMark).flatMap(Int64.init) ?? 0
        let told = try await store.setting(.auditMark).flatMap(Int64.init) ?? 0
        let (sets, seen) = try await store.posted(after: mark, of: told, limit: Self.batchSize)
        guard seen > mark else { return true }
        if !sets.isEmpty { try await sink(sets.map(Self.posted)) }
        try await store.set(.auditResultMark, to: String(seen))
        return seen - mark < Int64(Self.batchSize)
    }

    private static func submitted(_ set: SubmittedSet) -> AuditEvent {
        event(
            set,
            originID: set.taskID,
            action: BatchMethods.submitSet.name,
            change: JSONWriter.objectText { json in
                json.member("posting_type", set.postingType)
                json.member("transactions", set.transactionCount)
                json.member("total_amount_minor_units", set.totalAmountMinorUnits)
            }
        )
    }

    private static func posted(_ posted: PostedSet) -> AuditEvent {
        event(
            posted.set,
            originID: "\(posted.set.taskID)/posted",
            action: PostingMethods.postSet.name,
            change: JSONWriter.objectText { json in
                json.object("before") { $0.member("transactions_loaded", 0) }
                json.object("after") { json in
                    json.member("transactions_loaded", posted.loaded)
                    json.member("failures", posted.failed)
                }
            }
        )
    }

    private static func event(
        _ set: SubmittedSet,
        originID: String,
        action: String,
        change: String
    ) -> AuditEvent {
        AuditEvent(
            at: Timestamps.format(milliseconds: set.at.milliseconds),
            origin: ServiceName.batch.rawValue,
            originID: originID,
            outcome: .allowed,
            actor: set.account,
            keyID: set.keyID,
            tokenID: set.tokenID,
            peer: set.peer,
            action: action,
            scope: Scope.postingBatchesWrite.rawValue,
            subject: "postings/batches/\(set.setID) tasks/\(set.taskID) \(set.sourceName)",
            requestID: set.requestID,
            change: change
        )
    }
}
