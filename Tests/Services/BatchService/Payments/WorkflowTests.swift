import JSON
import PaymentBatches
import Protocol
import Testing

@Suite("Batches go through the PEA workflow")
struct WorkflowTests {
    static let workflow = """
        {"enabled":true,"rules":[{"step":10,"min_amount":0,"max_amount":100,"approvers":["user:ANN"]},\
        {"step":20,"min_amount":50,"group":true,"approvers":["role:CHIEF","user:BOB"]}]}
        """

    static let ann = PaymentBench.caller("ann", username: "ANN")
    static let bob = PaymentBench.caller("bob", username: "BOB")

    @Test("a workflow goes step by step, and locks what it has approved")
    func workflowSteps() async throws {
        let bench = try await PaymentBench()
        try await bench.putWorkflow(Self.workflow)
        let batch = try await bench.add(amount: "60").batch
        try await bench.close(#"{"batch_id":\#(batch)}"#)
        await expectForbidden("not_approver") {
            try await bench.ask(.approve, batch, as: Self.bob)
        }
        let first = try await bench.ask(.approve, batch, as: Self.ann)
        #expect(first.status == "Workflow")
        #expect(try await bench.batch(batch).number("workflow_step") == 20)
        #expect(try await bench.ask(.approve, batch, as: Self.bob).status == "Released")
        let stands = try await bench.batch(batch)
        #expect(stands.text("workflow_locked") == "true")
        #expect(stands.node["allowed"] == .array([.string("post")]))
        await expectIllegal("resume", status: "Released") {
            try await bench.ask(.resume, batch, as: PaymentBench.vendor)
        }
        await expectIllegal("approve", status: "Released") {
            try await bench.ask(.approve, batch, as: Self.ann)
        }
    }

    @Test("A-10: who made a batch does not approve it, whatever list names him")
    func workflowSegregation() async throws {
        let bench = try await PaymentBench()
        try await bench.putWorkflow(Self.workflow)
        let batch = try await bench.add(as: Self.ann).batch
        try await bench.close(#"{"batch_id":\#(batch)}"#, as: Self.ann)
        await expectForbidden("own_batch") {
            try await bench.ask(.approve, batch, as: Self.ann)
        }
    }

    @Test("A-10: a deletion voids the approvals given, and the workflow starts again")
    func approvalsVoid() async throws {
        let bench = try await PaymentBench()
        try await bench.putWorkflow(Self.workflow)
        let batch = try await bench.add(amount: "55").batch
        let second = try await bench.add(amount: "5")
        try await bench.close(#"{"batch_id":\#(batch)}"#)
        try await bench.ask(.approve, batch, as: Self.ann)
        try await bench.delete(
            #"{"payment_id":\#(second.payment),"dry_run":false,"count":1,"total":5}"#
        )
        #expect(try await bench.batch(batch).number("workflow_step") == 10)
        await expectForbidden("not_approver") {
            try await bench.ask(.approve, batch, as: Self.bob)
        }
        try await bench.ask(.approve, batch, as: Self.ann)
        #expect(try await bench.ask(.approve, batch, as: Self.bob).status == "Released")
        #expect(try await bench.history(batch).contains("approvals_void Workflow"))
    }

    @Test("A-10: a rejected batch needs every approval again, though nothing has changed")
    func rejected() async throws {
        let bench = try await PaymentBench()
        try await bench.putWorkflow(Self.workflow)
        let batch = try await bench.add(amount: "60").batch
        try await bench.close(#"{"batch_id":\#(batch)}"#)
        try await bench.ask(.approve, batch, as: Self.ann)
        await expectForbidden("not_approver") {
            try await bench.ask(.reject, batch, as: Self.ann)
        }
        #expect(try await bench.ask(.reject, batch, as: Self.bob).status == "Open")
        try await bench.close(#"{"batch_id":\#(batch)}"#)
        await expectForbidden("not_approver") {
            try await bench.ask(.approve, batch, as: Self.bob)
        }
    }

    @Test("a total without a rule is approved by the system, or waits where the setting says so")
    func unmatched() async throws {
        let bench = try await PaymentBench()
        let rules = #""rules":[{"step":1,"min_amount":1000,"approvers":["user:ANN"]}]"#
        try await bench.putWorkflow(#"{"enabled":true,\#(rules)}"#)
        let batch = try await bench.add().batch
        #expect(try await bench.close(#"{"batch_id":\#(batch)}"#).status == "Released")
        #expect(
            try await bench.history(batch)
                == ["create Open", "close Workflow", "auto_approve Released"]
        )
        #expect(try await bench.batch(batch).text("released_by") == "system")
        try await bench.putWorkflow(#"{"enabled":true,"unmatched":"wait",\#(rules)}"#)
        let waiting = try await bench.add("OTHER").batch
        #expect(try await bench.close(#"{"batch_id":\#(waiting)}"#).status == "Workflow")
        await expectIllegal("approve", status: "Workflow") {
            try await bench.ask(.approve, waiting, as: Self.ann)
        }
    }

    @Test("A-10: a batch that no rule stopped is reviewed once a deletion brings it under one")
    func unmatchedContent() async throws {
        let bench = try await PaymentBench()
        let rules = #""rules":[{"step":1,"max_amount":100,"approvers":["user:ANN"]}]"#
        try await bench.putWorkflow(#"{"enabled":true,\#(rules)}"#)
        let large = try await bench.add(amount: "5000")
        try await bench.add(amount: "1")
        #expect(try await bench.close(#"{"batch_id":\#(large.batch)}"#).status == "Released")
        try await bench.delete(
            #"{"payment_id":\#(large.payment),"dry_run":false,"count":1,"total":5000}"#
        )
        let after = try await bench.batch(large.batch)
        #expect(after.status == "In Review")
        #expect(after.text("total") == "1.0")
        #expect(after.text("released_by") == "null")
        #expect(try await bench.history(large.batch).last == "delete_payments In Review")
    }

    @Test("faults of a workflow are reported at once, with their places")
    func workflowFaults() async throws {
        let bench = try await PaymentBench()
        let body = """
            {"enabled":1,"rules":[{"step":0,"approvers":["ANN"]},{"step":1,"min_amount":5,\
            "max_amount":4,"approvers":["user:A"],"x":1}]}
            """
        await expectFaults(
            "invalid_request",
            [
                "/enabled", "/rules/0/step", "/rules/0/approvers", "/rules/1/max_amount",
                "/rules/1/x",
            ]
        ) {
            Answer(
                try await WorkflowParameters(bench.parts).put(
                    Array(body.utf8),
                    by: PaymentBench.vendor
                )
            )
        }
    }
}
