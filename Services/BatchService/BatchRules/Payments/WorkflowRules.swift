import Identity

/// The PEA workflow: which steps a batch goes through, and what an approval does (contract S0-14, 1b).
///
/// Nothing of a batch's way is kept but its approvals: the step it waits at is the first that they
/// do not complete. An approval counts for the content it was given for, so a batch whose content
/// has changed starts at its first step again (fault A-10).
package struct WorkflowRules: Sendable, Equatable {
    package let rules: [WorkflowRule]

    package init(_ rules: [WorkflowRule]) { self.rules = rules }

    /// The rules that a total must pass, in the order of their steps; a catch-all only where no
    /// other rule applies.
    package func applicable(to total: Int64) -> [WorkflowRule] {
        let matching = rules.filter { !$0.isCatchAll && $0.covers(total) }
        let chosen = matching.isEmpty ? rules.filter { $0.isCatchAll } : matching
        // Rules of one step keep their order: the sort of the standard library is stable.
        return chosen.sorted { $0.step < $1.step }
    }

    package enum Standing: Sendable, Equatable {
        /// No rule applies: approved by itself, or waiting, as the setting says.
        case unmatched
        case waiting(WorkflowRule)
        case complete
    }

    /// Where a batch of this total and content stands with the approvals given so far.
    package func standing(
        total: Int64,
        contentHash: [UInt8],
        approvals: [WorkflowApproval]
    ) -> Standing {
        let steps = applicable(to: total)
        guard !steps.isEmpty else { return .unmatched }
        let valid = approvals.filter { $0.contentHash == contentHash }
        for rule in steps where !Self.isComplete(rule, valid) { return .waiting(rule) }
        return .complete
    }

    private static func isComplete(_ rule: WorkflowRule, _ approvals: [WorkflowApproval]) -> Bool {
        let filled = Set(approvals.filter { $0.step == rule.step }.map(\.entry))
        return rule.anyOfGroup
            ? rule.approvers.contains { filled.contains($0) }
            : rule.approvers.allSatisfy { filled.contains($0) }
    }

    package enum OnApproval: Sendable, Equatable {
        case notApprover
        /// The step waits for others of its list.
        case alreadyApproved
        /// No rule applies any more.
        case unmatched
        /// Keep the approval; the batch waits at `step`, which may be the same.
        case kept(WorkflowApproval, step: Int64)
        /// Keep the approval; no step is left.
        case done(WorkflowApproval)
    }

    /// A caller approves the step that the batch waits at.
    package func approved(
        by caller: WorkflowCaller,
        total: Int64,
        contentHash: [UInt8],
        approvals: [WorkflowApproval]
    ) -> OnApproval {
        let rule: WorkflowRule
        switch standing(total: total, contentHash: contentHash, approvals: approvals) {
        case .unmatched, .complete: return .unmatched
        case .waiting(let first): rule = first
        }
        let given = approvals.filter { $0.contentHash == contentHash && $0.step == rule.step }
        let candidates = rule.approvers.filter(caller.fills)
        guard !candidates.isEmpty else { return .notApprover }
        let hasApproved = given.contains {
            ByteText($0.account) == ByteText(caller.account) && rule.approvers.contains($0.entry)
        }
        let filled = Set(given.map(\.entry))
        guard !hasApproved, let entry = candidates.first(where: { !filled.contains($0) }) else {
            return .alreadyApproved
        }
        let approval = WorkflowApproval(
            step: rule.step,
            entry: entry,
            account: caller.account,
            contentHash: contentHash
        )
        let after = standing(
            total: total,
            contentHash: contentHash,
            approvals: approvals + [approval]
        )
        if case .waiting(let next) = after { return .kept(approval, step: next.step) }
        return .done(approval)
    }

    /// Whether the caller is an approver of the step that the batch waits at: who may reject it.
    package func isApprover(
        _ caller: WorkflowCaller,
        total: Int64,
        contentHash: [UInt8],
        approvals: [WorkflowApproval]
    ) -> Bool {
        switch standing(total: total, contentHash: contentHash, approvals: approvals) {
        case .waiting(let rule): rule.approvers.contains(where: caller.fills)
        // Where no rule applies, whoever approves anything may send it back to its clerk.
        case .unmatched, .complete: rules.contains { $0.approvers.contains(where: caller.fills) }
        }
    }
}
