package import ServiceStore
internal import BatchRules
internal import Identity
internal import Protocol
internal import Storage

/// Review, release, return, resume and deletion of a batch (design 1.3).
package struct BatchTransitions: Sendable {
    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    /// The body of every transition.
    struct Request: Sendable {
        var batchID: Int64
        var note: String
        var contentHash: String?

        init(_ body: [UInt8]) throws(RPCError) {
            var fields = try FieldReader.reading(body)
            batchID = try fields.pathIdentifier("batch_id")
            note = fields.string("note") ?? ""
            contentHash = fields.string("content_hash", maximumBytes: 64)
            try fields.finish()
        }
    }

    /// Releases a reviewed batch (`batch.batches.release`): its reviewer's role must release, and who
    /// made it does not judge it (fault A-10).
    package func release(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        try await change("release", body, caller) { batch, changing in
            let before = batch
            guard batch.machine.released() == .released else { throw before.illegal("release") }
            guard caller.role.releaseBatchStatus == .released else {
                throw NotPermitted("release_not_permitted", subject: batch.subject)
            }
            try Self.requireOthersWork(before, changing)
            batch.releasedBy = caller.account
            batch.releasedAt = changing.now
            try changing.record("release", batch, from: before.machine.status)
        }
    }

    /// Returns a batch under review to its clerk (`batch.batches.return`).
    package func `return`(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        try await change("return", body, caller) { batch, changing in
            let before = batch
            guard batch.machine.returned() == .opened else { throw before.illegal("return") }
            try changing.reopen(&batch, action: "return", before: before)
            try changing.record("return", batch, from: before.machine.status)
        }
    }

    /// Takes back the release of a batch (`batch.batches.resume`): its creator, or who posts
    /// everybody's batches.
    package func resume(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        try await change("resume", body, caller) { batch, changing in
            let before = batch
            guard batch.machine.resumed() == .opened else {
                throw before.illegal(
                    "resume",
                    because: before.machine.isWorkflowLocked
                        ? "its workflow is approved and completed. Post it, then reverse." : nil
                )
            }
            guard batch.isCreated(by: caller) || caller.role.postingLevel == .all else {
                throw NotPermitted("not_creator", subject: batch.subject)
            }
            try changing.reopen(&batch, action: "resume", before: before)
            try changing.record("resume", batch, from: before.machine.status)
        }
    }

    /// Deletes an empty batch (`batch.batches.delete`).
    package func delete(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        try await change("delete", body, caller) { batch, changing in
            let before = batch
            switch batch.machine.deleted(isEmpty: batch.isEmpty) {
            case .refused: throw before.illegal("delete")
            case .notEmpty:
                throw before.illegal(
                    "delete",
                    because: "it holds \(before.count) payments. Delete them first."
                )
            case .deleted: break
            }
            guard caller.covers(batch) else {
                throw NotPermitted("not_covered", subject: batch.subject)
            }
            try changing.record("delete", batch, from: before.machine.status)
        }
    }

    /// Refuses who has had a hand in the batch.
    static func requireOthersWork(_ batch: BatchRow, _ changing: BatchChanging) throws {
        let caller = changing.caller
        let mayJudge = Segregation.mayJudge(
            batch.parties,
            account: caller.account,
            staff: caller.staff,
            hasEntered: try BatchMakers.contains(
                caller.account,
                batch,
                in: changing.transaction
            )
        )
        guard mayJudge else { throw NotPermitted("own_batch", subject: batch.subject) }
    }

    /// Loads the batch, changes it and saves it, with history and audit, in one transaction.
    func change(
        _ action: String,
        _ body: [UInt8],
        _ caller: PaymentCaller,
        _ work: @escaping @Sendable (inout BatchRow, BatchChanging) throws -> Void
    ) async throws -> KeyedReply {
        let now = parts.environment.now
        return try await parts.keyed(caller) {
            try Request(body)
        } change: { request, transaction in
            guard var batch = try BatchRow.load(request.batchID, in: transaction) else {
                throw RPCError.notFound
            }
            let changing = BatchChanging(
                caller: caller,
                note: request.note,
                now: now(),
                transaction: transaction
            )
            let before = batch
            try work(&batch, changing)
            try before.require(contentHash: request.contentHash, for: action)
            return try changing.finish(
                &batch,
                from: before.machine.status,
                workflowStep: before.workflowStep
            )
        }
    }
}
