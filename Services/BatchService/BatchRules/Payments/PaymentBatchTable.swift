/// The transitions of `PaymentBatch` as data: what a refusal names, and what a test walks.
package enum PaymentBatchTable {
    /// Where a batch stands, as far as an event can tell: a status, of a released one with its past.
    package enum Situation: Sendable, Hashable, CaseIterable {
        case open, workflow, inReview, approved
        /// Released by its clerk's own permission.
        case released
        /// Released by a reviewer, or by a workflow without a rule for it.
        case releasedByReview
        /// Released by the last step of a workflow.
        case releasedByWorkflow
        case postInProgress, posted, deleted

        package var status: PaymentBatch.Status {
            switch self {
            case .open: .open
            case .workflow: .workflow
            case .inReview: .inReview
            case .approved: .approved
            case .released, .releasedByReview, .releasedByWorkflow: .released
            case .postInProgress: .postInProgress
            case .posted: .posted
            case .deleted: .deleted
            }
        }
    }

    /// The events that can happen to a batch; where an event has outcomes, each has its name.
    package enum Event: String, Sendable, CaseIterable {
        case paymentAdded, paymentDeleted, paymentReversed
        case closedToWorkflow, closedToReview, closedAsApproved, closedAsReleased
        case released, returned, resumed, stepApproved, lastStepApproved, autoApproved, rejected
        case batchDeleted
        case postBegan, postSucceeded, postFailed

        /// The word of the action that a caller asks for; nil where the system does it.
        package var action: String? {
            switch self {
            case .paymentAdded: "add_payment"
            case .paymentDeleted: "delete_payment"
            case .paymentReversed: "reverse_payment"
            case .closedToWorkflow, .closedToReview, .closedAsApproved, .closedAsReleased: "close"
            case .released: "release"
            case .returned: "return"
            case .resumed: "resume"
            case .stepApproved, .lastStepApproved: "approve"
            case .rejected: "reject"
            case .batchDeleted: "delete"
            case .postBegan: "post"
            case .autoApproved, .postSucceeded, .postFailed: nil
            }
        }
    }

    package struct Row: Sendable, Equatable {
        package let from: Situation
        package let event: Event
        package let to: PaymentBatch.Status

        init(_ from: Situation, _ event: Event, _ to: PaymentBatch.Status) {
            self.from = from
            self.event = event
            self.to = to
        }
    }

    /// Every allowed transition.
    ///
    /// A pair that is not here is refused and leaves the batch as it is. A posted payment is reversed
    /// in another batch: nothing happens to its own.
    package static let rows: [Row] = [
        Row(.open, .paymentAdded, .open),
        Row(.open, .paymentDeleted, .open),
        Row(.open, .paymentReversed, .open),
        Row(.open, .closedToWorkflow, .workflow),
        Row(.open, .closedToReview, .inReview),
        Row(.open, .closedAsApproved, .approved),
        Row(.open, .closedAsReleased, .released),
        Row(.open, .batchDeleted, .deleted),
        Row(.workflow, .paymentDeleted, .workflow),
        Row(.workflow, .paymentReversed, .workflow),
        Row(.workflow, .stepApproved, .workflow),
        Row(.workflow, .lastStepApproved, .released),
        Row(.workflow, .autoApproved, .released),
        Row(.workflow, .rejected, .open),
        Row(.inReview, .paymentDeleted, .inReview),
        Row(.inReview, .paymentReversed, .inReview),
        Row(.inReview, .released, .released),
        Row(.inReview, .returned, .open),
        Row(.approved, .paymentDeleted, .approved),
        Row(.approved, .paymentReversed, .approved),
        Row(.approved, .released, .released),
        Row(.approved, .returned, .open),
        Row(.released, .paymentDeleted, .released),
        Row(.released, .paymentReversed, .released),
        Row(.released, .resumed, .open),
        Row(.released, .postBegan, .postInProgress),
        Row(.releasedByReview, .paymentDeleted, .inReview),
        Row(.releasedByReview, .paymentReversed, .inReview),
        Row(.releasedByReview, .resumed, .open),
        Row(.releasedByReview, .postBegan, .postInProgress),
        Row(.releasedByWorkflow, .postBegan, .postInProgress),
        Row(.postInProgress, .postSucceeded, .posted),
        Row(.postInProgress, .postFailed, .released),
    ]

    /// Where `event` leads from `situation`; nil where it is refused.
    package static func target(
        of event: Event,
        from situation: Situation
    )
        -> PaymentBatch.Status?
    {
        rows.first { $0.from == situation && $0.event == event }?.to
    }

    /// The actions that a caller may ask for, each once, in the order of the table.
    package static func allowed(in situation: Situation) -> [String] {
        var actions: [String] = []
        for row in rows where row.from == situation {
            guard let action = row.event.action, !actions.contains(action) else { continue }
            actions.append(action)
        }
        return actions
    }
}

extension PaymentBatch {
    /// Where the batch stands, as the table knows it.
    package var situation: PaymentBatchTable.Situation {
        switch status {
        case .open: .open
        case .workflow: .workflow
        case .inReview: .inReview
        case .approved: .approved
        case .released where isWorkflowLocked: .releasedByWorkflow
        case .released: isReviewed ? .releasedByReview : .released
        case .postInProgress: .postInProgress
        case .posted: .posted
        case .deleted: .deleted
        }
    }

    /// What may be asked of the batch now.
    package var allowedActions: [String] { PaymentBatchTable.allowed(in: situation) }
}
