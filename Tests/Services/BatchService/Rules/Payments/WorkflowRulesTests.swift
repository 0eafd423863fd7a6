import BatchRules
import Identity
import Money
import Testing

private let hash = [UInt8](repeating: 1, count: 32)
private let otherHash = [UInt8](repeating: 2, count: 32)

private let small = WorkflowRule(step: 10, minimum: 0, maximum: 10_000, approvers: [.user("ann")])
private let large = WorkflowRule(step: 20, minimum: 10_001, approvers: [.role("CHIEF")])
private let both = WorkflowRule(
    step: 30,
    minimum: 10_001,
    approvers: [.user("bob"), .user("eve")]
)
private let group = WorkflowRule(
    step: 40,
    minimum: 10_001,
    anyOfGroup: true,
    approvers: [.user("fay"), .user("gus")]
)
private let catchAll = WorkflowRule(step: 99, isCatchAll: true, approvers: [.user("zoe")])

private func caller(_ name: String, role: String = "") -> WorkflowCaller {
    WorkflowCaller(account: name + "-account", username: name, role: role)
}

@Suite("The rules of the PEA workflow")
struct WorkflowRulesTests {
    let rules = WorkflowRules([group, both, large, small, catchAll])

    @Test("A1-26: the twin in Unicode of an approver, a role, a user or a department is a stranger")
    func twins() {
        let rule = WorkflowRules([
            WorkflowRule(step: 1, approvers: [.user("KAY"), .role("DESK")])
        ])
        func answer(_ name: String, _ role: String) -> WorkflowRules.OnApproval {
            rule.approved(
                by: caller(name, role: role),
                total: 1,
                contentHash: hash,
                approvals: []
            )
        }
        #expect(answer("\u{212A}AY", "DES\u{212A}") == .notApprover)
        #expect(answer("KAY", "") != .notApprover)
        let user = StaffUser(
            userID: 1,
            username: "\u{212A}AY",
            account: "",
            role: "",
            department: "DES\u{212A}",
            isCashier: false,
            isActive: true
        )
        let batch = BatchParties(
            createdBy: "KAI",
            closedBy: nil,
            username: "KAY",
            department: "DESK"
        )
        for level in [BatchPostingLevel.own, .department] {
            let covers = PostingCoverage.covers(level, batch, account: "\u{212A}AI", staff: user)
            #expect(!covers)
        }
    }

    @Test(
        "a total passes the steps whose range holds it, in their order",
        arguments: [
            (0, [10]), (10_000, [10]), (10_001, [20, 30, 40]), (-500, [10]),
            (-20_000, [20, 30, 40]),
        ] as [(Int64, [Int64])]
    )
    func applicable(total: Int64, steps: [Int64]) {
        #expect(rules.applicable(to: total).map(\.step) == steps)
    }

    @Test("the catch-all applies only where no other rule does")
    func catchAllRule() {
        let narrow = WorkflowRules([
            catchAll, WorkflowRule(step: 5, minimum: 100, maximum: 200, approvers: [.user("ann")]),
        ])
        #expect(narrow.applicable(to: 150).map(\.step) == [5])
        #expect(narrow.applicable(to: 201).map(\.step) == [99])
        #expect(
            WorkflowRules([small]).standing(total: 20_000, contentHash: hash, approvals: [])
                == .unmatched
        )
    }

    /// Approves one after the other; the steps that the batch waits at after each, nil at the end.
    private func walk(
        _ callers: [WorkflowCaller],
        total: Int64
    ) -> (waits: [Int64?], approvals: [WorkflowApproval]) {
        var approvals: [WorkflowApproval] = []
        var waits: [Int64?] = []
        for caller in callers {
            let outcome = rules.approved(
                by: caller,
                total: total,
                contentHash: hash,
                approvals: approvals
            )
            switch outcome {
            case .kept(let approval, let step):
                approvals.append(approval)
                waits.append(step)
            case .done(let approval):
                approvals.append(approval)
                waits.append(nil)
            case .notApprover, .alreadyApproved, .unmatched: waits.append(-1)
            }
        }
        return (waits, approvals)
    }

    @Test("all of a list must approve, of a group one is enough")
    func allAndAny() {
        let (waits, _) = walk(
            [caller("carl", role: "CHIEF"), caller("eve"), caller("bob"), caller("gus")],
            total: 20_000
        )
        #expect(waits == [30, 30, 40, nil])
    }

    @Test("who is no approver of the step is refused, also where another step is his")
    func notApprover() {
        let (waits, _) = walk([caller("bob"), caller("ann"), caller("x")], total: 20_000)
        #expect(waits == [-1, -1, -1])
        #expect(
            rules.approved(by: caller("bob"), total: 50, contentHash: hash, approvals: [])
                == .notApprover
        )
    }

    @Test("nobody approves one step twice, in whatever capacity")
    func twice() {
        let rules = WorkflowRules([
            WorkflowRule(step: 1, approvers: [.user("bob"), .role("CHIEF")])
        ])
        let bob = caller("bob", role: "CHIEF")
        let first = WorkflowApproval(
            step: 1,
            entry: .user("bob"),
            account: bob.account,
            contentHash: hash
        )
        #expect(
            rules.approved(by: bob, total: 1, contentHash: hash, approvals: [])
                == .kept(first, step: 1)
        )
        #expect(
            rules.approved(by: bob, total: 1, contentHash: hash, approvals: [first])
                == .alreadyApproved
        )
    }

    @Test("A-10: approvals of other content are void, and the first step comes again")
    func voidApprovals() {
        let (_, approvals) = walk(
            [caller("carl", role: "CHIEF"), caller("eve"), caller("bob")],
            total: 20_000
        )
        #expect(
            rules.standing(total: 20_000, contentHash: hash, approvals: approvals)
                == .waiting(group)
        )
        #expect(
            rules.standing(total: 20_000, contentHash: otherHash, approvals: approvals)
                == .waiting(large)
        )
        let again = rules.approved(
            by: caller("gus"),
            total: 20_000,
            contentHash: otherHash,
            approvals: approvals
        )
        #expect(again == .notApprover)
    }

    @Test("approvers are written as user:NAME or role:NAME")
    func names() {
        #expect(WorkflowRule.Approver("user:ann")?.text == "user:ann")
        #expect(WorkflowRule.Approver("role:CHIEF") == .role("CHIEF"))
        #expect(WorkflowRule.Approver("user:") == nil)
        #expect(WorkflowRule.Approver("ann") == nil)
    }
}

@Suite("Coverage, segregation and rulings on payments")
struct PaymentRulingTests {
    private static func staff(_ username: String, _ department: String) -> StaffUser {
        StaffUser(
            userID: 1,
            username: username,
            account: "account",
            role: "R",
            department: department,
            isCashier: false,
            isActive: true
        )
    }

    private let batch = BatchParties(
        createdBy: "vendor",
        closedBy: "closer",
        username: "CLERK",
        department: "BURSAR"
    )

    @Test("a posting level covers one's own batches, the department's, or all")
    func coverage() {
        func covers(_ level: BatchPostingLevel, _ account: String, _ staff: StaffUser?) -> Bool {
            PostingCoverage.covers(level, batch, account: account, staff: staff)
        }
        #expect(covers(.own, "vendor", nil))
        #expect(covers(.own, "other", Self.staff("CLERK", "X")))
        #expect(!covers(.own, "other", Self.staff("OTHER", "BURSAR")))
        #expect(covers(.department, "other", Self.staff("OTHER", "BURSAR")))
        #expect(!covers(.department, "other", Self.staff("OTHER", "X")))
        #expect(!covers(.department, "other", nil))
        #expect(covers(.all, "other", nil))
    }

    @Test("no department covers no department")
    func emptyDepartment() {
        let nowhere = BatchParties(createdBy: "v", closedBy: nil, username: "u", department: "")
        #expect(
            !PostingCoverage.covers(
                .department,
                nowhere,
                account: "other",
                staff: Self.staff("OTHER", "")
            )
        )
    }

    @Test("A-10: neither creator nor closer nor clerk nor who entered a payment judges a batch")
    func segregation() {
        func mayJudge(_ account: String, _ staff: StaffUser?, entered: Bool = false) -> Bool {
            Segregation.mayJudge(batch, account: account, staff: staff, hasEntered: entered)
        }
        #expect(!mayJudge("vendor", nil))
        #expect(!mayJudge("closer", nil))
        #expect(!mayJudge("other", Self.staff("CLERK", "")))
        #expect(!mayJudge("other", nil, entered: true))
        #expect(mayJudge("other", Self.staff("OTHER", "BURSAR")))
    }

    private func facts(
        _ state: PaymentState = .nonPosted,
        _ batch: PaymentBatch.Status = .open,
        type: PaymentType = .check,
        isReversal: Bool = false,
        isInReversalBatch: Bool = false,
        isTransferred: Bool = false,
        isLocked: Bool = false
    ) -> PaymentFacts {
        PaymentFacts(
            state: state,
            paymentType: type,
            isReversal: isReversal,
            isInReversalBatch: isInReversalBatch,
            isTransferred: isTransferred,
            batch: PaymentBatch(
                status: batch,
                isWorkflowLocked: isLocked,
                isReviewed: isLocked,
                lockOwner: batch == .postInProgress ? "run" : nil
            )
        )
    }

    @Test("a payment is deleted unless it is posted, locked, transferred or one of a pair")
    func deletion() {
        #expect(facts().deletionRefusal(isNamed: false) == nil)
        #expect(facts(.deleted).deletionRefusal(isNamed: true) == .alreadyDeleted)
        #expect(facts(.nonPosted, .posted).deletionRefusal(isNamed: true) == .posted)
        #expect(facts(.nonPosted, .postInProgress).deletionRefusal(isNamed: true) == .locked)
        #expect(facts(isTransferred: true).deletionRefusal(isNamed: true) == .transferred)
        #expect(
            facts(.nonPosted, .released, isLocked: true).deletionRefusal(isNamed: true)
                == .workflowLocked
        )
        #expect(facts(.reversedInBatch).deletionRefusal(isNamed: true) == .reversedPair)
        #expect(facts(isReversal: true).deletionRefusal(isNamed: false) == .reversedPair)
        #expect(facts(isReversal: true).deletionRefusal(isNamed: true) == .reversedPair)
        let posted = facts(isReversal: true, isInReversalBatch: true)
        #expect(posted.deletionRefusal(isNamed: true) == nil)
        #expect(posted.deletionRefusal(isNamed: false) == .reversedPair)
    }

    @Test("M-04: a reversal, a deleted and a reversed payment are not reversed")
    func reversal() {
        #expect(facts().reversal(reasonCode: "ERR") == .inBatch)
        #expect(facts(.nonPosted, .posted).reversal(reasonCode: "ERR") == .afterPosting)
        for state in [PaymentState.deleted, .reversedInBatch, .reversed] {
            #expect(facts(state).reversal(reasonCode: "ERR") == .refused)
            #expect(facts(state, .posted).reversal(reasonCode: "ERR") == .refused)
        }
        #expect(facts(isReversal: true).reversal(reasonCode: "ERR") == .refused)
        #expect(
            facts(.nonPosted, .posted, isReversal: true).reversal(reasonCode: "ERR") == .refused
        )
        #expect(facts(.nonPosted, .postInProgress).reversal(reasonCode: "ERR") == .refused)
    }

    @Test("NSF is for posted checks only")
    func nsf() {
        #expect(facts(.nonPosted, .posted).reversal(reasonCode: "NSF") == .afterPosting)
        #expect(facts().reversal(reasonCode: "NSF") == .nsfNotPossible)
        #expect(
            facts(.nonPosted, .posted, type: .cash).reversal(reasonCode: "NSF") == .nsfNotPossible
        )
    }

    @Test("a payment is shown as posted where its batch is")
    func shown() {
        #expect(PaymentState.nonPosted.shown(in: .posted) == "Posted")
        #expect(PaymentState.nonPosted.shown(in: .released) == "NonPosted")
        #expect(PaymentState.reversed.shown(in: .posted) == "Reversed")
    }
}
