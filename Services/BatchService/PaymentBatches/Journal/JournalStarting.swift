internal import JSON
package import ServiceStore
internal import BatchRules
internal import Identity
internal import Money
internal import Protocol
internal import Storage

/// Starts journal runs: the Payments Journal (contract S0-16, 1b).
package struct JournalStarting: Sendable {
    let parts: PaymentParts
    /// A run was stored.
    let wake: @Sendable () -> Void

    package init(_ parts: PaymentParts, wake: @escaping @Sendable () -> Void) {
        self.parts = parts
        self.wake = wake
    }

    /// Takes released batches into a run (`batch.journal.post`): checked, locked and stored in one
    /// transaction.
    ///
    /// A proof only lists what would be posted: it locks nothing.
    package func post(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let now = parts.environment.now()
        let reply = try await parts.keyed(
            caller,
            prepare: { try JournalRequest(body) },
            change: { request, transaction in
                let start = JournalStart(
                    request: request,
                    caller: caller,
                    now: now,
                    transaction: transaction
                )
                return try start.run()
            }
        )
        wake()
        return reply
    }
}

/// One start of a run, in its transaction.
private struct JournalStart {
    let request: JournalRequest
    let caller: PaymentCaller
    let now: Int64
    let transaction: WriteTransaction

    func run() throws -> KeyedReply {
        var batches = try load()
        let before = batches
        try judge(batches)
        var run = JournalRunRow(
            isProof: request.isProof,
            requestedBy: caller.account,
            requestedAt: now,
            glEffectiveDate: request.glEffectiveDate ?? batches.map(\.entryDate).max() ?? 0,
            overridesPeriod: request.overridesPeriod,
            count: batches.reduce(0) { $0 + $1.count },
            total: try total(of: batches)
        )
        try run.insert(
            batches.map {
                JournalRunBatch(
                    batchID: $0.id,
                    operations: $0.operations,
                    count: $0.count,
                    total: $0.total
                )
            },
            in: transaction
        )
        if !request.isProof {
            for place in batches.indices {
                try lock(&batches[place], was: before[place], by: run)
            }
        }
        try audit(run)
        return reply(run)
    }

    private func load() throws -> [BatchRow] {
        var unknown: [RPCError.Detail] = []
        var batches: [BatchRow] = []
        for (place, id) in request.batchIDs.enumerated() {
            if let batch = try BatchRow.load(id, in: transaction) {
                batches.append(batch)
            } else {
                unknown.append(
                    RPCError.Detail(
                        field: "/batch_ids/\(place)",
                        code: "unknown",
                        message: "There is no batch \(id): list the released batches and choose."
                    )
                )
            }
        }
        guard unknown.isEmpty else { throw RPCError.ruleBroken(unknown) }
        return batches
    }

    /// States first, then rights, then the rules of the data.
    private func judge(_ batches: [BatchRow]) throws {
        for batch in batches {
            var machine = batch.machine
            guard machine.postBegan(owner: caller.account) == .locked else {
                throw batch.illegal("post")
            }
        }
        for batch in batches where !caller.covers(batch) {
            throw NotPermitted("posting_level", subject: batch.subject)
        }
        if request.overridesPeriod, !caller.role.overridesGLPeriods {
            throw NotPermitted("period_override", subject: "journal")
        }
        for batch in batches { try requireReviewedContent(batch) }
        try requireDepositNumbers(batches)
    }

    /// What a reviewer released is what is posted (fault A-10).
    private func requireReviewedContent(_ batch: BatchRow) throws {
        let differs = try transaction.integer(
            """
            SELECT 1 FROM payment_batch WHERE id = ?1 AND reviewed_hash IS NOT NULL
                AND reviewed_hash <> content_hash
            """,
            [.integer(batch.id)]
        )
        guard differs == nil else {
            throw RPCError(
                .aborted,
                reason: "content_changed",
                message: "Batch \(batch.id): its released content changed. Resume it, and have it "
                    + "reviewed again."
            )
        }
    }

    private func requireDepositNumbers(_ batches: [BatchRow]) throws {
        let missing = batches.enumerated().filter { _, batch in
            DepositNumbers.isMissing(
                batch.depositNumber,
                at: .post,
                policy: caller.role.depositNumbers
            )
        }
        guard missing.isEmpty else {
            throw RPCError.ruleBroken(
                missing.map { place, batch in
                    RPCError.Detail(
                        field: "/batch_ids/\(place)",
                        code: "deposit_number_missing",
                        message:
                            "Batch \(batch.id) has no deposit number, which is needed to post: "
                            + "resume it and give it one with its next payment."
                    )
                }
            )
        }
    }

    private func total(of batches: [BatchRow]) throws -> Int64 {
        let sum = Amount.sum(of: batches.lazy.map { Amount(minorUnits: $0.total) })
        guard let sum else {
            throw RPCError.ruleBroken([
                RPCError.Detail(
                    field: "/batch_ids",
                    code: "out_of_range",
                    message:
                        "The batches come to more than one journal holds: post fewer at a time."
                )
            ])
        }
        return sum.minorUnits
    }

    private func lock(_ batch: inout BatchRow, was before: BatchRow, by run: JournalRunRow) throws {
        guard batch.machine.postBegan(owner: caller.account) == .locked else {
            throw before.illegal("post")
        }
        batch.journalRunID = run.id
        try batch.save(in: transaction)
        try BatchHistory.add(
            batch,
            actor: caller.account,
            action: "post",
            from: before.machine.status,
            note: "journal run \(run.id)",
            at: now,
            in: transaction
        )
    }

    private func audit(_ run: JournalRunRow) throws {
        let change = JSONWriter.objectText { change in
            change.member("to", run.machine.status.rawValue)
            change.member("proof", run.isProof)
            change.member("batches", request.batchIDs.map(String.init).joined(separator: " "))
            change.member("count", run.count)
            change.member("total", amount: run.total)
            change.member("override_period", run.overridesPeriod)
        }
        try AuditOutbox.add(
            caller.event(subject: run.subject, change: change),
            at: now,
            in: transaction
        )
    }

    private func reply(_ run: JournalRunRow) -> KeyedReply {
        let text = JSONWriter.object { text in
            text.member("run_id", run.id)
            text.member("status", run.machine.status.rawValue)
        }
        return KeyedReply(body: text, metadata: ["run_id": .integer(run.id)])
    }
}
