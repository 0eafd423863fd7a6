package import Money

/// The state of a payment as it is stored; a `nonPosted` one is shown as `Posted` where its batch is.
package enum PaymentState: String, Sendable, CaseIterable {
    case nonPosted = "NonPosted"
    case deleted = "Deleted"
    /// Reversed before posting: the pair stays in the batch and comes to zero.
    case reversedInBatch = "ReversedInBatch"
    /// Reversed after posting, by a payment of a reversal batch.
    case reversed = "Reversed"

    /// The word that is served.
    package func shown(in batch: PaymentBatch.Status) -> String {
        self == .nonPosted && batch == .posted ? "Posted" : rawValue
    }
}

/// What a ruling on one payment is made from.
package struct PaymentFacts: Sendable, Equatable {
    package var state: PaymentState
    package var paymentType: PaymentType
    package var isReversal: Bool
    /// Stands in a reversal batch: what it reverses is posted.
    package var isInReversalBatch: Bool
    /// Made from an ACH item that is in a file (contract A3-12).
    package var isTransferred: Bool
    package var batch: PaymentBatch

    package init(
        state: PaymentState,
        paymentType: PaymentType,
        isReversal: Bool,
        isInReversalBatch: Bool,
        isTransferred: Bool,
        batch: PaymentBatch
    ) {
        self.state = state
        self.paymentType = paymentType
        self.isReversal = isReversal
        self.isInReversalBatch = isInReversalBatch
        self.isTransferred = isTransferred
        self.batch = batch
    }
}

/// Why a payment is not deleted, in order of precedence (contract A3-12, A3-13).
package enum DeletionRefusal: String, Sendable, CaseIterable {
    case alreadyDeleted = "deleted"
    case posted
    case locked
    case transferred
    case workflowLocked = "workflow_locked"
    case reversedPair = "reversed_pair"
    case notCovered = "not_covered"
    case approvedByYou = "approved_by_you"
}

extension PaymentFacts {
    /// Why the payment cannot be deleted; nil where it can.
    ///
    /// A pair that was reversed in its batch stays there. The reversal of a posted payment is deleted
    /// by its own number only, which restores what it reversed.
    package func deletionRefusal(isNamed: Bool) -> DeletionRefusal? {
        if state == .deleted { return .alreadyDeleted }
        if batch.status == .posted { return .posted }
        if batch.status == .postInProgress { return .locked }
        if isTransferred { return .transferred }
        if batch.isWorkflowLocked { return .workflowLocked }
        if state != .nonPosted { return .reversedPair }
        if isReversal, !(isNamed && isInReversalBatch) { return .reversedPair }
        return nil
    }
}

/// How a payment is reversed (contract 1b, "Reversals" and "NSF"; fault M-04).
package enum ReversalRuling: Sendable, Equatable {
    /// By a payment in the same batch: nothing is posted yet.
    case inBatch
    /// By a payment in a reversal batch: its own batch never changes again.
    case afterPosting
    /// Its state does not allow it.
    case refused
    /// The reason is for posted checks only.
    case nsfNotPossible

    /// The reason code of a check that its bank has returned.
    package static let nsf = "NSF"
}

extension PaymentFacts {
    package func reversal(reasonCode: String) -> ReversalRuling {
        guard state == .nonPosted, !isReversal else { return .refused }
        let isPosted = batch.status == .posted
        if reasonCode == ReversalRuling.nsf, !(isPosted && paymentType == .check) {
            return .nsfNotPossible
        }
        if isPosted { return .afterPosting }
        var machine = batch
        return machine.paymentReversed() == .refused ? .refused : .inBatch
    }
}

extension PaymentFacts {
    /// What may be asked of the payment now: what a refusal names.
    package var allowedActions: [String] {
        var actions: [String] = []
        if deletionRefusal(isNamed: true) == nil { actions.append("delete_payment") }
        switch reversal(reasonCode: "") {
        case .inBatch, .afterPosting: actions.append("reverse_payment")
        case .refused, .nsfNotPossible: break
        }
        return actions
    }
}
