import BatchRules
import Identity
import Testing

private typealias Situation = PaymentBatchTable.Situation
private typealias Event = PaymentBatchTable.Event

/// A batch that legal events have brought where the test begins.
private func batch(in situation: PaymentBatchTable.Situation) -> PaymentBatch {
    var batch = PaymentBatch()
    switch situation {
    case .open: break
    case .workflow: _ = batch.closed(to: .workflow, isEmpty: false)
    case .inReview: _ = batch.closed(to: .inReview, isEmpty: false)
    case .approved: _ = batch.closed(to: .approved, isEmpty: false)
    case .released: _ = batch.closed(to: .released, isEmpty: false)
    case .releasedByReview:
        _ = batch.closed(to: .inReview, isEmpty: false)
        _ = batch.released()
    case .releasedByWorkflow:
        _ = batch.closed(to: .workflow, isEmpty: false)
        _ = batch.approved(isLast: true)
    case .postInProgress:
        _ = batch.closed(to: .released, isEmpty: false)
        _ = batch.postBegan(owner: "run 1")
    case .posted:
        _ = batch.closed(to: .released, isEmpty: false)
        _ = batch.postBegan(owner: "run 1")
        _ = batch.postSucceeded()
    case .deleted: _ = batch.deleted(isEmpty: true)
    }
    return batch
}

/// Applies an event; whether the machine says that it was refused.
private func apply(_ event: PaymentBatchTable.Event, to batch: inout PaymentBatch) -> Bool {
    switch event {
    case .paymentAdded: batch.paymentAdded() == .refused
    case .paymentDeleted: batch.paymentDeleted() == .refused
    case .paymentReversed: batch.paymentReversed() == .refused
    case .closedToWorkflow: batch.closed(to: .workflow, isEmpty: false) != .moved
    case .closedToReview: batch.closed(to: .inReview, isEmpty: false) != .moved
    case .closedAsApproved: batch.closed(to: .approved, isEmpty: false) != .moved
    case .closedAsReleased: batch.closed(to: .released, isEmpty: false) != .moved
    case .released: batch.released() == .refused
    case .returned: batch.returned() == .refused
    case .resumed: batch.resumed() == .refused
    case .stepApproved: batch.approved(isLast: false) == .refused
    case .lastStepApproved: batch.approved(isLast: true) == .refused
    case .autoApproved: batch.autoApproved() == .refused
    case .rejected: batch.rejected() == .refused
    case .batchDeleted: batch.deleted(isEmpty: true) == .refused
    case .postBegan: batch.postBegan(owner: "run 2") == .refused
    case .postSucceeded: batch.postSucceeded() == .refused
    case .postFailed: batch.postFailed() == .refused
    }
}

@Suite("The machine of a payment batch")
struct PaymentBatchTests {
    static let pairs = PaymentBatchTable.Situation.allCases.flatMap { situation in
        PaymentBatchTable.Event.allCases.map { (situation, $0) }
    }

    @Test("every status and event does what the table says", arguments: pairs)
    func table(situation: PaymentBatchTable.Situation, event: PaymentBatchTable.Event) {
        var machine = batch(in: situation)
        #expect(machine.situation == situation)
        let before = machine
        let isRefused = apply(event, to: &machine)
        if let target = PaymentBatchTable.target(of: event, from: situation) {
            #expect(!isRefused)
            #expect(machine.status == target)
        } else {
            #expect(isRefused)
            #expect(machine == before, "an event outside the table changes nothing")
        }
        #expect((machine.status == .postInProgress) == (machine.lockOwner != nil))
    }

    @Test("nothing leads out of a posted or a deleted batch")
    func terminal() {
        #expect(PaymentBatchTable.allowed(in: .posted).isEmpty)
        #expect(PaymentBatchTable.allowed(in: .deleted).isEmpty)
    }

    @Test("a refusal names what is allowed, each action once")
    func allowed() {
        #expect(
            PaymentBatchTable.allowed(in: .open)
                == ["add_payment", "delete_payment", "reverse_payment", "close", "delete"]
        )
        #expect(PaymentBatchTable.allowed(in: .releasedByWorkflow) == ["post"])
        #expect(PaymentBatchTable.allowed(in: .postInProgress).isEmpty)
    }

    @Test("an empty batch is not closed, a full one is not deleted")
    func emptiness() {
        var machine = PaymentBatch()
        #expect(machine.closed(to: .released, isEmpty: true) == .empty)
        #expect(machine.deleted(isEmpty: false) == .notEmpty)
        #expect(machine.status == .open)
    }

    @Test(
        "a closed batch that is closed again stays where it is",
        arguments: [
            PaymentBatchTable.Situation.workflow, .inReview, .approved, .released, .postInProgress,
            .posted,
        ]
    )
    func closedAgain(situation: PaymentBatchTable.Situation) {
        var machine = batch(in: situation)
        #expect(machine.closed(to: .released, isEmpty: false) == .alreadyClosed)
        #expect(machine == batch(in: situation))
    }

    @Test("A-10: a release by review does not outlive a change of the content")
    func contentChanges() {
        var reviewed = batch(in: .releasedByReview)
        #expect(reviewed.paymentDeleted() == .backToReview)
        #expect(reviewed.status == .inReview)
        #expect(!reviewed.isReviewed)
        var direct = batch(in: .released)
        #expect(direct.paymentDeleted() == .accepted, "nobody reviewed it")
        var workflow = batch(in: .workflow)
        #expect(workflow.paymentReversed() == .approvalsVoid)
    }

    @Test("a run that fails leaves a workflow's lock in place")
    func failedRun() {
        var machine = batch(in: .releasedByWorkflow)
        _ = machine.postBegan(owner: "run 1")
        #expect(machine.postFailed() == .released)
        #expect(machine == batch(in: .releasedByWorkflow))
    }

    @Test(
        "the close table: permission and workflow say where a batch goes",
        arguments: [
            (ReleaseBatchStatus.released, false, PaymentBatch.Status.released),
            (.inReview, false, .inReview), (.approved, false, .approved), (nil, false, .inReview),
            (.released, true, .workflow), (.inReview, true, .workflow),
            (.approved, true, .workflow), (nil, true, .workflow),
        ] as [(ReleaseBatchStatus?, Bool, PaymentBatch.Status)]
    )
    func closeTable(
        permission: ReleaseBatchStatus?,
        workflow: Bool,
        expected: PaymentBatch.Status
    ) {
        let target = CloseRule.target(permission: permission, workflowInUse: workflow)
        #expect(target.status == expected)
    }

    @Test("a deposit number is missing when the policy asks for it at that moment")
    func depositNumbers() {
        for policy in DepositNumberPolicy.allCases {
            #expect(!DepositNumbers.isMissing("D1", at: .post, policy: policy))
        }
        #expect(DepositNumbers.isMissing(nil, at: .close, policy: .alwaysRequired))
        #expect(DepositNumbers.isMissing(nil, at: .post, policy: .alwaysRequired))
        #expect(!DepositNumbers.isMissing(nil, at: .close, policy: .requiredOnPost))
        #expect(DepositNumbers.isMissing(nil, at: .post, policy: .requiredOnPost))
        #expect(!DepositNumbers.isMissing(nil, at: .post, policy: .notRequired))
    }
}
