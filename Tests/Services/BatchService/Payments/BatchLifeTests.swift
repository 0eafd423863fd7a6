import BatchRules
import Identity
import PaymentBatches
import Protocol
import Testing

@Suite("Batches are closed, reviewed, released and resumed")
struct BatchLifeTests {
    private static func role(
        _ permission: ReleaseBatchStatus?,
        deposits: DepositNumberPolicy = .notRequired
    ) -> StaffRole {
        StaffRole(name: "R", releaseBatchStatus: permission, depositNumbers: deposits)
    }

    @Test(
        "the close table, by permission and workflow",
        arguments: [
            (ReleaseBatchStatus.released, false, "Released", 30),
            (.inReview, false, "In Review", 20), (.approved, false, "Approved", 20),
            (nil, false, "In Review", 20), (.released, true, "Workflow", 20),
            (.inReview, true, "Workflow", 20), (.approved, true, "Workflow", 20),
            (nil, true, "Workflow", 20),
        ] as [(ReleaseBatchStatus?, Bool, String, Int64)]
    )
    func closeTable(
        permission: ReleaseBatchStatus?,
        workflow: Bool,
        status: String,
        step: Int64
    ) async throws {
        let bench = try await PaymentBench()
        if workflow { try await bench.putWorkflow(WorkflowTests.workflow) }
        let vendor = PaymentBench.caller("vendor", role: Self.role(permission))
        let batch = try await bench.add(amount: "60", as: vendor).batch
        let closed = try await bench.close(#"{"batch_id":\#(batch)}"#, as: vendor)
        #expect(closed.status == status)
        #expect(closed.number("life_cycle_step") == step)
        #expect(closed.text("total") == "60.0")
        let stands = try await bench.batch(batch)
        #expect(stands.text("closed_by") == "vendor")
        #expect(stands.text("released_by") == (step == 30 ? "vendor" : "null"))
        #expect(stands.text("workflow_step") == (workflow ? "10" : "null"))
    }

    @Test("closing again answers where the newest batch of the key stands")
    func closeAgain() async throws {
        let bench = try await PaymentBench()
        let key = #"{"username":"CLERK","date":"2027-01-15"}"#
        await #expect(throws: RPCError.notFound) { try await bench.close(key) }
        let batch = try await bench.add().batch
        let first = try await bench.close(key)
        let second = try await bench.close(key)
        #expect(first.bytes == second.bytes)
        #expect(second.batch == batch)
        #expect(try await bench.history(batch) == ["create Open", "close In Review"])
    }

    @Test("only the creator or who posts everybody's batches closes one")
    func whoCloses() async throws {
        let bench = try await PaymentBench()
        let batch = try await bench.add().batch
        let body = #"{"batch_id":\#(batch)}"#
        await expectForbidden("not_creator") {
            try await bench.close(body, as: PaymentBench.caller("other"))
        }
        let all = PaymentBench.caller("other", role: StaffRole(name: "A", postingLevel: .all))
        #expect(try await bench.close(body, as: all).status == "In Review")
    }

    @Test("an empty batch is not closed but deleted, a full one the other way round")
    func empty() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        await expectIllegal("delete", status: "Open") {
            try await bench.ask(.delete, added.batch, as: PaymentBench.vendor)
        }
        try await bench.delete(
            #"{"payment_id":\#(added.payment),"dry_run":false,"count":1,"total":10}"#
        )
        await expectIllegal("close", status: "Open") {
            try await bench.close(#"{"batch_id":\#(added.batch)}"#)
        }
        let deleted = try await bench.ask(.delete, added.batch, as: PaymentBench.vendor)
        #expect(deleted.status == "Deleted")
        #expect(deleted.number("life_cycle_step") == 0)
        #expect(try await bench.add().batch != added.batch)
    }

    @Test("a role that always needs a deposit number closes with one only")
    func deposits() async throws {
        let bench = try await PaymentBench()
        let vendor = PaymentBench.caller(
            "vendor",
            role: Self.role(.released, deposits: .alwaysRequired)
        )
        let batch = try await bench.add(as: vendor).batch
        await expectFaults("rule_broken", ["/deposit_number"]) {
            try await bench.close(#"{"batch_id":\#(batch)}"#, as: vendor)
        }
        let body = #"{"batch_id":\#(batch),"deposit_number":"D7"}"#
        #expect(try await bench.close(body, as: vendor).status == "Released")
        #expect(try await bench.batch(batch).text("deposit_number") == "D7")
    }

    @Test("A-10: neither creator nor closer nor who entered a payment releases a batch")
    func segregation() async throws {
        let bench = try await PaymentBench()
        let role = StaffRole(name: "R", releaseBatchStatus: .released, postingLevel: .all)
        let closing = StaffRole(name: "C", releaseBatchStatus: .inReview, postingLevel: .all)
        let batch = try await bench.add(as: PaymentBench.caller("one", role: role)).batch
        try await bench.add(as: PaymentBench.caller("two", role: role))
        try await bench.close(
            #"{"batch_id":\#(batch)}"#,
            as: PaymentBench.caller("three", role: closing)
        )
        for account in ["one", "two", "three"] {
            await expectForbidden("own_batch") {
                try await bench.ask(
                    .release,
                    batch,
                    as: PaymentBench.caller(account, role: role)
                )
            }
        }
        await expectForbidden("own_batch") {
            try await bench.ask(
                .release,
                batch,
                as: PaymentBench.caller("four", username: "CLERK", role: role)
            )
        }
        await expectForbidden("release_not_permitted") {
            try await bench.ask(.release, batch, as: PaymentBench.caller("five", role: closing))
        }
        #expect(try await bench.ask(.release, batch).status == "Released")
    }

    @Test("a reviewer returns a batch, and its clerk closes it again")
    func returned() async throws {
        let bench = try await PaymentBench()
        let batch = try await bench.add().batch
        try await bench.close(#"{"batch_id":\#(batch)}"#)
        #expect(try await bench.ask(.return, batch, more: #","note":"wrong day""#).status == "Open")
        #expect(try await bench.batch(batch).text("closed_by") == "null")
        #expect(try await bench.add().batch == batch)
        try await bench.close(#"{"batch_id":\#(batch)}"#)
        #expect(
            try await bench.history(batch)
                == ["create Open", "close In Review", "return Open", "close In Review"]
        )
    }

    @Test("its creator resumes a released batch, unless a workflow has completed it")
    func resumed() async throws {
        let bench = try await PaymentBench()
        let vendor = PaymentBench.caller("vendor", role: Self.role(.released))
        let batch = try await bench.add(as: vendor).batch
        try await bench.close(#"{"batch_id":\#(batch)}"#, as: vendor)
        await expectForbidden("not_creator") {
            try await bench.ask(.resume, batch, as: PaymentBench.caller("other"))
        }
        #expect(try await bench.ask(.resume, batch, as: vendor).status == "Open")
        try await bench.close(#"{"batch_id":\#(batch)}"#, as: vendor)
        try await bench.add(as: vendor)
        await expectIllegal("resume", status: "Released") {
            try await bench.ask(.resume, batch, as: vendor)
        }
    }

    @Test("a change asked for another content is refused")
    func contentHash() async throws {
        let bench = try await PaymentBench()
        let batch = try await bench.add().batch
        let seen = try await bench.batch(batch).text("content_hash")
        try await bench.add()
        try await bench.close(#"{"batch_id":\#(batch)}"#)
        await expectIllegal("release", status: "In Review") {
            try await bench.ask(.release, batch, more: #","content_hash":"\#(seen)""#)
        }
        let now = try await bench.batch(batch).text("content_hash")
        try await bench.ask(.release, batch, more: #","content_hash":"\#(now)""#)
    }

    @Test("a transition is repeated by its key, and refused transitions keep none")
    func replays() async throws {
        let bench = try await PaymentBench()
        let batch = try await bench.add().batch
        var reviewer = PaymentBench.reviewer
        reviewer.key = PaymentBench.key("k", of: reviewer.account)
        await expectIllegal("release", status: "Open") {
            try await bench.ask(.release, batch, as: reviewer)
        }
        try await bench.close(#"{"batch_id":\#(batch)}"#)
        let first = try await bench.ask(.release, batch, as: reviewer)
        let second = try await bench.ask(.release, batch, as: reviewer)
        #expect(!first.isReplay)
        #expect(second.isReplay)
        #expect(first.bytes == second.bytes)
    }

    // MARK: Every status and action

    static let asked = PaymentBatchTable.Situation.allCases.flatMap { situation in
        PaymentBench.Transition.allCases.map { (situation, $0) }
    }

    @Test(
        "every illegal transition is answered with state, action and what is allowed",
        arguments: asked
    )
    func illegal(
        situation: PaymentBatchTable.Situation,
        transition: PaymentBench.Transition
    ) async throws {
        let bench = try await PaymentBench()
        let batch = try await Self.batch(in: situation, on: bench)
        let allowed = PaymentBatchTable.allowed(in: situation)
        guard !allowed.contains(transition.rawValue) else { return }
        do {
            try await bench.ask(transition, batch)
            Issue.record("it was accepted")
        } catch let error as RPCError {
            #expect(error.transition?.action == transition.rawValue)
            #expect(error.transition?.status == situation.status.rawValue)
            #expect(error.transition?.lifeCycleStep == Int(situation.status.step))
            // A batch that holds payments is not deleted.
            #expect(error.transition?.allowed == allowed.filter { $0 != "delete" })
        }
    }

    /// A batch that has come to a situation by what people do.
    private static func batch(
        in situation: PaymentBatchTable.Situation,
        on bench: PaymentBench
    ) async throws -> Int64 {
        let permission: ReleaseBatchStatus =
            switch situation {
            case .released, .postInProgress, .posted: .released
            case .approved: .approved
            default: .inReview
            }
        if situation == .workflow || situation == .releasedByWorkflow {
            try await bench.putWorkflow(WorkflowTests.workflow)
        }
        let vendor = PaymentBench.caller("vendor", role: role(permission))
        let added = try await bench.add(amount: "20", as: vendor)
        let batch = added.batch
        if situation == .deleted {
            try await bench.delete(
                #"{"batch_id":\#(batch),"dry_run":false,"count":1,"total":20}"#,
                as: vendor
            )
            try await bench.ask(.delete, batch, as: vendor)
            return batch
        }
        guard situation != .open else { return batch }
        try await bench.close(#"{"batch_id":\#(batch)}"#, as: vendor)
        switch situation {
        case .releasedByReview: try await bench.ask(.release, batch)
        case .releasedByWorkflow: try await bench.ask(.approve, batch, as: WorkflowTests.ann)
        case .postInProgress: try await bench.lock(batch)
        case .posted: try await bench.post(batch)
        default: break
        }
        return batch
    }
}
