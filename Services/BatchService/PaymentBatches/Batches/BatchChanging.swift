internal import JSON
internal import ServiceStore
internal import BatchRules
internal import Protocol
internal import Storage

/// One change of a batch's state on its way: what was asked, by whom, when, and in which transaction.
struct BatchChanging {
    let caller: PaymentCaller
    let note: String
    let now: Int64
    let transaction: WriteTransaction

    /// Writes down what has happened to the batch.
    func record(
        _ action: String,
        _ batch: BatchRow,
        from: PaymentBatch.Status,
        workflowStep: Int64? = nil,
        actor: String? = nil
    ) throws {
        try BatchHistory.add(
            batch,
            actor: actor ?? caller.account,
            action: action,
            from: from,
            workflowStep: workflowStep,
            note: actor == nil ? note : "",
            at: now,
            in: transaction
        )
    }

    /// Saves the batch, adds the audit event, and makes the answer.
    func finish(
        _ batch: inout BatchRow,
        from: PaymentBatch.Status,
        workflowStep: Int64? = nil
    ) throws -> KeyedReply {
        try batch.save(in: transaction)
        let change = JSONWriter.objectText { change in
            change.member("from", from.rawValue)
            change.member("to", batch.machine.status.rawValue)
            if let workflowStep { change.member("workflow_step", workflowStep) }
            change.member("count", batch.count)
            change.member("total", amount: batch.total)
            if !note.isEmpty { change.member("note", note) }
        }
        try AuditOutbox.add(
            caller.event(subject: batch.subject, change: change),
            at: now,
            in: transaction
        )
        return KeyedReply(body: batch.standing)
    }

    /// Puts the batch back to its clerk: what was closed, judged and released is not any more.
    ///
    /// - Throws: 409 where another open batch has the key.
    func reopen(_ batch: inout BatchRow, action: String, before: BatchRow) throws {
        let other = try BatchRow.open(
            batch.kind,
            username: batch.username,
            entryDate: batch.entryDate,
            in: transaction
        )
        if let other {
            throw before.illegal(
                action,
                because: "batch \(other.id) of the same username and date is open. Close it first."
            )
        }
        batch.closedBy = nil
        batch.closedAt = nil
        batch.releasedBy = nil
        batch.releasedAt = nil
        batch.workflowStep = nil
        try ApprovalRows.forget(batch.id, in: transaction)
    }

    /// Finds the step of the workflow that the batch waits at.
    ///
    /// Without one it is approved by itself or waits, as the setting says. The caller saves the batch.
    func startWorkflow(_ batch: inout BatchRow, _ setting: WorkflowSetting) throws {
        let standing = setting.rules.standing(
            total: batch.total,
            contentHash: batch.contentHash,
            approvals: []
        )
        switch standing {
        case .waiting(let rule):
            batch.workflowStep = rule.step
        case .unmatched where setting.approvesUnmatched:
            batch.workflowStep = nil
            try autoApprove(&batch)
        case .unmatched, .complete:
            batch.workflowStep = nil
        }
    }

    /// No rule applies: the batch is released by the system.
    func autoApprove(_ batch: inout BatchRow) throws {
        let from = batch.machine.status
        guard batch.machine.autoApproved() == .released else { return }
        batch.releasedBy = BatchHistory.system
        batch.releasedAt = now
        try record("auto_approve", batch, from: from, actor: BatchHistory.system)
    }

    /// Writes down that the content of the batch has changed.
    ///
    /// After closing, what was judged is judged again (fault A-10). The caller saves the batch.
    func contentChanged(
        _ action: String,
        _ batch: inout BatchRow,
        _ outcome: PaymentBatch.OnContentChanged,
        from: PaymentBatch.Status
    ) throws {
        if outcome == .backToReview {
            batch.releasedBy = nil
            batch.releasedAt = nil
        }
        try record(action, batch, from: from)
        guard outcome == .approvalsVoid else { return }
        if try !ApprovalRows.load(batch.id, in: transaction).isEmpty {
            try record("approvals_void", batch, from: from, actor: BatchHistory.system)
        }
        try startWorkflow(&batch, try WorkflowSetting.load(in: transaction))
    }
}

extension BatchRow {
    /// The answer to a change of the batch's state.
    var standing: [UInt8] {
        JSONWriter.object { text in
            text.member("batch_id", id)
            text.member("life_cycle_step", machine.status.step)
            text.member("status", machine.status.rawValue)
            text.member("count", count)
            text.member("total", amount: total)
        }
    }

    /// Refuses a change that was asked for other content than the batch has now.
    func require(contentHash given: String?, for action: String) throws {
        guard let given, given != HashText.text(contentHash) else { return }
        throw illegal(
            action,
            because: "its content_hash is not \(given): it has changed since. Read it again."
        )
    }
}
