/// The state machine of a payment batch (design 1.3).
///
/// Dimensions: the status; whether a workflow has approved it to its end (`isWorkflowLocked`); whether
/// somebody judged what it holds now (`isReviewed`, fault A-10); who posts it (`lockOwner`). `posted`
/// and `deleted` are terminal. Invalid events are the caller's: each method answers `refused` and
/// changes nothing, and `PaymentBatchTable` says what was allowed. None is our bug, and none is late:
/// the machine is loaded, asked and saved in one transaction.
package struct PaymentBatch: Sendable, Equatable {
    /// The status word as it is stored and served.
    package enum Status: String, Sendable, CaseIterable {
        case open = "Open"
        case workflow = "Workflow"
        case inReview = "In Review"
        case approved = "Approved"
        case released = "Released"
        case postInProgress = "POST_IN_PROGRESS"
        case posted = "Posted"
        case deleted = "Deleted"

        /// The life cycle step: 10 open, 20 pending, 30 released, 40 posted; 0 deleted.
        package var step: Int64 {
            switch self {
            case .deleted: 0
            case .open: 10
            case .workflow, .inReview, .approved: 20
            case .released, .postInProgress: 30
            case .posted: 40
            }
        }
    }

    package private(set) var status: Status
    /// Approved by the last step of a workflow: it can only be posted.
    package private(set) var isWorkflowLocked: Bool
    /// What it holds was released by a reviewer or judged by the workflow.
    package private(set) var isReviewed: Bool
    /// The run that posts it; set in `postInProgress` only.
    package private(set) var lockOwner: String?

    /// A new batch, that its first payment makes.
    package init() { self.init(status: .open) }

    /// A batch as it was saved.
    package init(
        status: Status,
        isWorkflowLocked: Bool = false,
        isReviewed: Bool = false,
        lockOwner: String? = nil
    ) {
        self.status = status
        self.isWorkflowLocked = isWorkflowLocked
        self.isReviewed = isReviewed
        self.lockOwner = lockOwner
    }

    private mutating func move(to next: Status) {
        status = next
        guard next.step < 30 else { return }
        isReviewed = false
        isWorkflowLocked = false
    }
}

// MARK: - Payments

extension PaymentBatch {
    package enum OnPaymentAdded: Sendable, Equatable {
        case accepted
        case refused
    }

    /// A payment of the batch's key arrives.
    package func paymentAdded() -> OnPaymentAdded { status == .open ? .accepted : .refused }

    package enum OnContentChanged: Sendable, Equatable {
        /// The batch stays where it is.
        case accepted
        /// What was approved is not what it holds now: the workflow starts at its first step again.
        case approvalsVoid
        /// What was released is not what it holds now: it waits for its reviewer again.
        case backToReview
        case refused
    }

    /// A payment that is not posted is deleted.
    package mutating func paymentDeleted() -> OnContentChanged { contentChanged() }

    /// A payment that is not posted is reversed in the batch.
    package mutating func paymentReversed() -> OnContentChanged { contentChanged() }

    private mutating func contentChanged() -> OnContentChanged {
        switch status {
        case .open, .inReview, .approved:
            return .accepted
        case .workflow:
            return .approvalsVoid
        case .released where isWorkflowLocked:
            return .refused
        case .released where isReviewed:
            move(to: .inReview)
            return .backToReview
        case .released:
            return .accepted
        case .postInProgress, .posted, .deleted:
            return .refused
        }
    }
}

// MARK: - Closing and judging

extension PaymentBatch {
    package enum OnClosed: Sendable, Equatable {
        case moved
        /// It was closed before: the caller is told where it stands.
        case alreadyClosed
        case empty
        case refused
    }

    /// Its clerk closes it; the close rule has said where it goes.
    package mutating func closed(to target: CloseRule.Target, isEmpty: Bool) -> OnClosed {
        switch status {
        case .open:
            guard !isEmpty else { return .empty }
            move(to: target.status)
            return .moved
        case .workflow, .inReview, .approved, .released, .postInProgress, .posted:
            return .alreadyClosed
        case .deleted:
            return .refused
        }
    }

    package enum OnReleased: Sendable, Equatable {
        case released
        case refused
    }

    /// A reviewer releases it.
    package mutating func released() -> OnReleased {
        guard status == .inReview || status == .approved else { return .refused }
        move(to: .released)
        isReviewed = true
        return .released
    }

    package enum OnOpened: Sendable, Equatable {
        case opened
        case refused
    }

    /// A reviewer returns it to its clerk.
    package mutating func returned() -> OnOpened {
        guard status == .inReview || status == .approved else { return .refused }
        move(to: .open)
        return .opened
    }

    /// Its release is taken back.
    package mutating func resumed() -> OnOpened {
        guard status == .released, !isWorkflowLocked else { return .refused }
        move(to: .open)
        return .opened
    }

    /// An approver rejects it.
    package mutating func rejected() -> OnOpened {
        guard status == .workflow else { return .refused }
        move(to: .open)
        return .opened
    }

    package enum OnApproved: Sendable, Equatable {
        case nextStep
        case released
        case refused
    }

    /// An approver has approved; `isLast` where no step of the workflow is left.
    package mutating func approved(isLast: Bool) -> OnApproved {
        guard status == .workflow else { return .refused }
        guard isLast else { return .nextStep }
        move(to: .released)
        isReviewed = true
        isWorkflowLocked = true
        return .released
    }

    /// No rule of the workflow applies, and the setting lets such a batch through.
    ///
    /// It counts as judged for what it holds now; it can be resumed, because nobody approved it.
    package mutating func autoApproved() -> OnReleased {
        guard status == .workflow else { return .refused }
        move(to: .released)
        isReviewed = true
        return .released
    }

    package enum OnDeleted: Sendable, Equatable {
        case deleted
        case notEmpty
        case refused
    }

    /// An empty batch is deleted.
    package mutating func deleted(isEmpty: Bool) -> OnDeleted {
        guard status == .open else { return .refused }
        guard isEmpty else { return .notEmpty }
        move(to: .deleted)
        return .deleted
    }
}

// MARK: - Posting

extension PaymentBatch {
    package enum OnPostBegan: Sendable, Equatable {
        case locked
        case refused
    }

    /// A journal run takes it: nothing else touches it until the run has ended.
    package mutating func postBegan(owner: String) -> OnPostBegan {
        guard status == .released else { return .refused }
        status = .postInProgress
        lockOwner = owner
        return .locked
    }

    package enum OnPostEnded: Sendable, Equatable {
        case posted
        case released
        case refused
    }

    /// The run's journal stands in the general ledger.
    package mutating func postSucceeded() -> OnPostEnded {
        guard status == .postInProgress else { return .refused }
        status = .posted
        lockOwner = nil
        return .posted
    }

    /// The run has ended without a journal.
    package mutating func postFailed() -> OnPostEnded {
        guard status == .postInProgress else { return .refused }
        status = .released
        lockOwner = nil
        return .released
    }
}
