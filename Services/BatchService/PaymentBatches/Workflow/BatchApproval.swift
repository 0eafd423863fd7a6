package import ServiceStore
internal import BatchRules
internal import Protocol
internal import Storage

/// Approval and rejection of batches in workflow (contract S0-14, 1b; fault A-10).
package struct BatchApproval: Sendable {
    let transitions: BatchTransitions

    package init(_ parts: PaymentParts) { transitions = BatchTransitions(parts) }

    /// Approves the step that the batch waits at (`batch.batches.approve`); after the last one the
    /// batch is released and locked.
    ///
    /// - Throws: `NotPermitted` for who is no approver of the step, or has had a hand in the batch.
    package func approve(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        try await transitions.change("approve", body, caller) { batch, changing in
            let before = batch
            guard before.machine.status == .workflow else { throw before.illegal("approve") }
            try BatchTransitions.requireOthersWork(before, changing)
            let setting = try WorkflowSetting.load(in: changing.transaction)
            let outcome = setting.rules.approved(
                by: caller.workflowCaller,
                total: before.total,
                contentHash: before.contentHash,
                approvals: try ApprovalRows.load(before.id, in: changing.transaction)
            )
            switch outcome {
            case .notApprover:
                throw NotPermitted("not_approver", subject: before.subject)
            case .alreadyApproved:
                throw before.illegal(
                    "approve",
                    because: "you have approved this step; it waits for its other approvers."
                )
            case .unmatched:
                guard setting.approvesUnmatched else {
                    throw before.illegal(
                        "approve",
                        because: "no rule of the workflow applies to its total. Add one."
                    )
                }
                try changing.autoApprove(&batch)
            case .kept(let approval, let step):
                try Self.keep(approval, &batch, changing, isLast: false)
                batch.workflowStep = step
            case .done(let approval):
                try Self.keep(approval, &batch, changing, isLast: true)
            }
        }
    }

    private static func keep(
        _ approval: WorkflowApproval,
        _ batch: inout BatchRow,
        _ changing: BatchChanging,
        isLast: Bool
    ) throws {
        let before = batch
        switch batch.machine.approved(isLast: isLast) {
        case .refused: throw before.illegal("approve")
        case .nextStep: break
        case .released:
            batch.releasedBy = approval.account
            batch.releasedAt = changing.now
            batch.workflowStep = nil
        }
        try ApprovalRows.keep(approval, of: batch.id, at: changing.now, in: changing.transaction)
        try changing.record("approve", batch, from: .workflow, workflowStep: approval.step)
    }

    /// Sends the batch back to its clerk (`batch.batches.reject`).
    package func reject(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        try await transitions.change("reject", body, caller) { batch, changing in
            let before = batch
            guard batch.machine.rejected() == .opened else { throw before.illegal("reject") }
            let setting = try WorkflowSetting.load(in: changing.transaction)
            let isApprover = setting.rules.isApprover(
                caller.workflowCaller,
                total: before.total,
                contentHash: before.contentHash,
                approvals: try ApprovalRows.load(before.id, in: changing.transaction)
            )
            guard isApprover else {
                throw NotPermitted("not_approver", subject: before.subject)
            }
            try changing.reopen(&batch, action: "reject", before: before)
            try changing.record(
                "reject",
                batch,
                from: before.machine.status,
                workflowStep: before.workflowStep
            )
        }
    }
}
