import BatchRules
import Identity
import PaymentBatches
import Protocol
import Storage
import Testing

@Suite("Payments that are not posted are deleted, by count and total")
struct DeletionTests {
    private static let all = PaymentBench.caller(
        "bursar",
        role: StaffRole(name: "B", releaseBatchStatus: .released, postingLevel: .all)
    )
    private static let releasing = PaymentBench.caller(
        "vendor",
        role: StaffRole(name: "V", releaseBatchStatus: .released)
    )

    @Test("a dry run counts, and the deletion does what was counted")
    func dryRun() async throws {
        let bench = try await PaymentBench()
        let batch = try await bench.add(amount: "1.10").batch
        try await bench.add(amount: "2.20", type: "H")
        let dry = try await bench.delete(#"{"batch_id":\#(batch),"dry_run":true}"#)
        #expect(dry.number("count") == 2)
        #expect(dry.text("total") == "3.3")
        #expect(dry.list("batches").map(\.batch) == [batch])
        #expect(try await bench.batch(batch).number("count") == 2)
        let body = #"{"batch_id":\#(batch),"dry_run":false,"count":2,"total":3.3,"reason":"test"}"#
        try await bench.delete(body)
        let after = try await bench.batch(batch)
        #expect(after.number("count") == 0)
        #expect(after.text("total") == "0.0")
        #expect(after.list("tenders").isEmpty)
        #expect(
            try await bench.number(
                "SELECT COUNT(*) FROM ledger_outbox WHERE kind = 'withdraw'"
            ) == 2
        )
        try await bench.expectConsistent()
    }

    @Test("another count or total than the one confirmed deletes nothing")
    func confirmation() async throws {
        let bench = try await PaymentBench()
        let batch = try await bench.add().batch
        try await bench.add()
        await expectFaults("selection_changed", ["/count", "/total"]) {
            try await bench.delete(#"{"batch_id":\#(batch),"dry_run":false,"count":1,"total":10}"#)
        }
        await expectFaults("invalid_request", ["/count", "/total"]) {
            try await bench.delete(#"{"batch_id":\#(batch),"dry_run":false}"#)
        }
        await expectFaults("invalid_request", ["/batch_id"]) {
            try await bench.delete(#"{"dry_run":true}"#)
        }
        #expect(try await bench.batch(batch).number("count") == 2)
    }

    @Test("a deletion is repeated by its key")
    func replay() async throws {
        let bench = try await PaymentBench()
        let batch = try await bench.add().batch
        var vendor = PaymentBench.vendor
        vendor.key = PaymentBench.key("d", of: vendor.account)
        let body = #"{"batch_id":\#(batch),"dry_run":false,"count":1,"total":10}"#
        let first = try await bench.delete(body, as: vendor)
        let second = try await bench.delete(body, as: vendor)
        #expect(second.isReplay)
        #expect(first.bytes == second.bytes)
    }

    @Test("a range never touches posted, locked, transferred or workflow-approved payments")
    func skips() async throws {
        let bench = try await PaymentBench()
        var batches: [String: Int64] = [:]
        for name in ["POSTED", "LOCKED", "MOVED", "OPEN"] {
            batches[name] = try await bench.add(name, amount: "7", as: Self.releasing).batch
        }
        for name in ["POSTED", "LOCKED"] {
            try await bench.close(#"{"batch_id":\#(batches[name] ?? 0)}"#, as: Self.releasing)
        }
        try await bench.post(batches["POSTED"] ?? 0)
        try await bench.lock(batches["LOCKED"] ?? 0)
        let moved = batches["MOVED"] ?? 0
        try await bench.store.write {
            try $0.execute(
                "UPDATE payment SET ach_entry_id = 5 WHERE batch_id = ?1",
                [.integer(moved)]
            )
        }
        try await bench.putWorkflow(WorkflowTests.workflow)
        let approved = try await bench.add("APPROVED", amount: "7").batch
        try await bench.close(#"{"batch_id":\#(approved)}"#)
        try await bench.ask(.approve, approved, as: WorkflowTests.ann)
        let dry = try await bench.delete(
            #"{"from":"2027-01-01","to":"2027-01-31","dry_run":true}"#,
            as: Self.all
        )
        #expect(dry.number("count") == 1)
        #expect(dry.list("batches").map(\.batch) == [batches["OPEN"]])
        #expect(
            dry.list("skipped").map { $0.text("reason") }
                == ["posted", "locked", "transferred", "workflow_locked"]
        )
        try await bench.delete(
            #"{"from":"2027-01-01","dry_run":false,"count":1,"total":7}"#,
            as: Self.all
        )
        #expect(try await bench.number("SELECT COUNT(*) FROM payment WHERE state = 'Deleted'") == 1)
        try await bench.expectConsistent()
    }

    @Test("department, cashier and dates select together")
    func filters() async throws {
        let bench = try await PaymentBench()
        try await bench.add("A", more: #","department":"X","date":"2027-01-10""#)
        try await bench.add("B", more: #","department":"X","date":"2027-01-11""#)
        try await bench.add("B", more: #","department":"Y","date":"2027-01-12""#)
        for (filter, count) in [
            (#""department":"X""#, 2), (#""cashier":"B""#, 2),
            (#""cashier":"B","department":"X""#, 1),
            (#""from":"2027-01-11""#, 2), (#""to":"2027-01-10""#, 1),
        ] as [(String, Int64)] {
            let dry = try await bench.delete("{\(filter),\"dry_run\":true}", as: Self.all)
            #expect(dry.number("count") == count, "\(filter)")
        }
    }

    @Test("what the posting level does not reach is left, or forbidden where it is named")
    func coverage() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        let other = PaymentBench.caller("other")
        let dry = try await bench.delete(#"{"batch_id":\#(added.batch),"dry_run":true}"#, as: other)
        #expect(dry.list("skipped").map { $0.text("reason") } == ["not_covered"])
        await expectForbidden("not_covered") {
            try await bench.delete(
                #"{"payment_id":\#(added.payment),"dry_run":false,"count":1,"total":10}"#,
                as: other
            )
        }
    }

    @Test(
        "A-10: who has released a batch deletes nothing from it, and another's deletion ends the release"
    )
    func afterRelease() async throws {
        let bench = try await PaymentBench()
        let first = try await bench.add()
        try await bench.add()
        try await bench.close(#"{"batch_id":\#(first.batch)}"#)
        try await bench.ask(.release, first.batch)
        let body = #"{"payment_id":\#(first.payment),"dry_run":false,"count":1,"total":10}"#
        await expectForbidden("approved_by_you") {
            try await bench.delete(body, as: PaymentBench.reviewer)
        }
        await expectForbidden("approved_by_you") {
            try await bench.reverse(first.payment, as: PaymentBench.reviewer)
        }
        try await bench.delete(body)
        let after = try await bench.batch(first.batch)
        #expect(after.status == "In Review")
        #expect(after.text("released_by") == "null")
        #expect(try await bench.history(first.batch).last == "delete_payments In Review")
        try await bench.ask(.release, first.batch)
    }

    @Test("a named payment that cannot be deleted is a refusal of its state")
    func named() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        let body = #"{"payment_id":\#(added.payment),"dry_run":false,"count":1,"total":10}"#
        try await bench.delete(body)
        await expectIllegal("delete_payment", status: "Deleted") { try await bench.delete(body) }
        await #expect(throws: RPCError.notFound) {
            try await bench.delete(#"{"payment_id":999,"dry_run":true}"#)
        }
        #expect(try await bench.payment(added.payment).text("state") == "Deleted")
    }

    @Test("a pair that was reversed in its batch stays there, whole")
    func pair() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        let reversal = try await bench.reverse(added.payment)
        let dry = try await bench.delete(#"{"batch_id":\#(added.batch),"dry_run":true}"#)
        #expect(dry.number("count") == 0)
        #expect(dry.list("skipped").map { $0.text("reason") } == ["reversed_pair"])
        #expect(dry.list("skipped").map { $0.number("count") } == [2])
        await expectIllegal("delete_payment", status: "NonPosted") {
            try await bench.delete(
                #"{"payment_id":\#(reversal.payment),"dry_run":false,"count":1,"total":-10}"#
            )
        }
        await expectIllegal("delete_payment", status: "ReversedInBatch") {
            try await bench.delete(
                #"{"payment_id":\#(added.payment),"dry_run":false,"count":1,"total":10}"#
            )
        }
        let batch = try await bench.batch(added.batch)
        #expect(batch.number("count") == 2)
        #expect(batch.text("total") == "0.0")
        #expect(try await bench.payment(added.payment).text("state") == "ReversedInBatch")
        try await bench.expectConsistent()
    }

    @Test("deleting the reversal of a posted payment, by its number, restores what it had reversed")
    func reversal() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add(as: Self.releasing)
        try await bench.close(#"{"batch_id":\#(added.batch)}"#, as: Self.releasing)
        try await bench.post(added.batch)
        let reversal = try await bench.reverse(added.payment)
        let dry = try await bench.delete(#"{"batch_id":\#(reversal.batch),"dry_run":true}"#)
        #expect(dry.number("count") == 0)
        #expect(dry.list("skipped").map { $0.text("reason") } == ["reversed_pair"])
        try await bench.delete(
            #"{"payment_id":\#(reversal.payment),"dry_run":false,"count":1,"total":-10}"#
        )
        #expect(try await bench.payment(reversal.payment).text("state") == "Deleted")
        #expect(try await bench.payment(added.payment).text("state") == "Posted")
        #expect(try await bench.batch(reversal.batch).text("total") == "0.0")
        #expect(try await bench.batch(added.batch).text("total") == "10.0")
        try await bench.reverse(added.payment)
        #expect(try await bench.payment(added.payment).text("state") == "Reversed")
        try await bench.expectConsistent()
    }
}
