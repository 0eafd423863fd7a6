import BatchRules
import Identity
import PaymentBatches
import Protocol
import Storage
import Testing

@Suite("Payments are reversed once, in their batch before posting, in a reversal batch after")
struct ReversalTests {
    private static let vendor = PaymentBench.caller(
        "vendor",
        role: StaffRole(name: "V", releaseBatchStatus: .released)
    )

    /// A payment of a posted batch.
    private func posted(_ bench: PaymentBench, type: String = "H") async throws -> Answer {
        let added = try await bench.add(type: type, as: Self.vendor)
        try await bench.close(#"{"batch_id":\#(added.batch)}"#, as: Self.vendor)
        try await bench.post(added.batch)
        return added
    }

    @Test("before posting the pair stays in its batch and comes to zero")
    func inBatch() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        let reversal = try await bench.reverse(added.payment, reason: "ERR1")
        #expect(reversal.batch == added.batch)
        #expect(reversal.number("reverses_payment_id") == added.payment)
        let stored = try await bench.payment(reversal.payment)
        #expect(stored.text("amount") == "-10.0")
        #expect(stored.text("reason_code") == "ERR1")
        #expect(try await bench.payment(added.payment).text("state") == "ReversedInBatch")
        let batch = try await bench.batch(added.batch)
        #expect(batch.number("count") == 2)
        #expect(batch.text("total") == "0.0")
        try await bench.expectConsistent()
    }

    @Test("after posting a reversal batch takes it, and the posted batch does not change")
    func afterPosting() async throws {
        let bench = try await PaymentBench()
        let added = try await posted(bench)
        let before = try await bench.batch(added.batch).bytes
        let reversal = try await bench.reverse(added.payment)
        #expect(reversal.batch != added.batch)
        #expect(try await bench.batch(added.batch).bytes == before)
        let batch = try await bench.batch(reversal.batch)
        #expect(batch.text("kind") == "reversal")
        #expect(batch.text("username") == "vendor")
        #expect(batch.text("total") == "-10.0")
        #expect(try await bench.payment(added.payment).text("state") == "Reversed")
        try await bench.close(#"{"batch_id":\#(reversal.batch)}"#, as: Self.vendor)
        try await bench.post(reversal.batch)
        #expect(try await bench.payment(reversal.payment).text("state") == "Posted")
        try await bench.expectConsistent()
    }

    @Test(
        "M-04: a reversed, a reversing and a deleted payment are refused, and the net is zero once"
    )
    func once() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        let reversal = try await bench.reverse(added.payment)
        await expectIllegal("reverse_payment", status: "ReversedInBatch") {
            try await bench.reverse(added.payment)
        }
        await expectIllegal("reverse_payment", status: "NonPosted") {
            try await bench.reverse(reversal.payment)
        }
        let other = try await bench.add()
        try await bench.delete(
            #"{"payment_id":\#(other.payment),"dry_run":false,"count":1,"total":10}"#
        )
        await expectIllegal("reverse_payment", status: "Deleted") {
            try await bench.reverse(other.payment)
        }
        await #expect(throws: RPCError.notFound) { try await bench.reverse(999) }
        let third = try await posted(bench)
        let outside = PaymentBench.caller("other")
        await expectForbidden("not_covered") {
            try await bench.reverse(third.payment, as: outside)
        }
        #expect(
            try await bench.number(
                "SELECT SUM(amount) FROM payment WHERE batch_id = 1 AND state <> 'Deleted'"
            ) == 1_000
        )
        try await bench.expectConsistent()
    }

    @Test("a locked batch lets nothing be reversed")
    func locked() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add(as: Self.vendor)
        try await bench.close(#"{"batch_id":\#(added.batch)}"#, as: Self.vendor)
        try await bench.lock(added.batch)
        await expectIllegal("reverse_payment", status: "NonPosted") {
            try await bench.reverse(added.payment, as: Self.vendor)
        }
    }

    @Test(
        "a reason code is two to sixteen capitals and digits",
        arguments: ["", "A", "err", "A-B"]
    )
    func reasons(_ reason: String) async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        await expectFaults("invalid_request", ["/reason_code"]) {
            try await bench.reverse(added.payment, reason: reason)
        }
    }

    @Test("NSF is for posted checks, and adds the charge that the settings name")
    func nsf() async throws {
        let bench = try await PaymentBench()
        let open = try await bench.add(type: "H")
        await expectFaults("rule_broken", ["/reason_code"]) {
            try await bench.reverse(open.payment, reason: "NSF")
        }
        let free = try await posted(bench)
        try await bench.reverse(free.payment, reason: "NSF")
        let charges = "SELECT COUNT(*) FROM ledger_outbox WHERE kind = 'charge'"
        #expect(try await bench.number(charges) == 0)
        try await bench.store.write {
            try $0.execute(
                """
                INSERT INTO payment_setting(name, value)
                VALUES('nsf_charge_amount', '25.00'), ('nsf_detail_code', 'NSF1')
                """
            )
        }
        let charged = try await posted(bench)
        let reversal = try await bench.reverse(charged.payment, reason: "NSF")
        #expect(
            try await bench.number(
                """
                SELECT charge_amount FROM ledger_outbox
                WHERE kind = 'charge' AND charge_code = 'NSF1' AND payment_id = \(reversal.payment)
                """
            ) == 2_500
        )
        try await bench.store.write {
            try $0.execute(
                "UPDATE payment_setting SET value = 'NOPE' WHERE name = 'nsf_detail_code'"
            )
        }
        let unbookable = try await posted(bench)
        await expectFaults("rule_broken", ["/reason_code"]) {
            try await bench.reverse(unbookable.payment, reason: "NSF")
        }
        #expect(try await bench.payment(unbookable.payment).text("state") == "Posted")
    }

    @Test("a void reverses the payment of an entry once, and waits for the ledger")
    func voids() async throws {
        let bench = try await PaymentBench()
        let received = try await bench.receive(entry: 501)
        let first = try await bench.void(501)
        let second = try await bench.void(501)
        #expect(first == second)
        #expect(first.batchID == received.batchID)
        #expect(first.ledgerEntryID == 1_000_000 + first.reversalPaymentID)
        #expect(try await bench.payment(first.reversalPaymentID).text("reason_code") == "VOID")
        let other = try await bench.receive(entry: 502)
        try await bench.reverse(other.paymentID)
        await expectIllegal("reverse_payment", status: "ReversedInBatch") {
            _ = try await bench.void(502)
            return Answer(bytes: [])
        }
        try await bench.expectConsistent()
    }

    @Test("a void finds payments of the command API only")
    func voidsUnknown() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        let entry = try await bench.payment(added.payment).number("ledger_entry_id")
        #expect(entry > 0)
        await #expect(throws: RPCError.notFound) { try await bench.void(entry) }
        await #expect(throws: RPCError.notFound) { try await bench.void(5) }
        #expect(try await bench.payment(added.payment).text("state") == "NonPosted")
    }

    @Test("a void that the ledger has not booked in time is to be asked for again")
    func voidWaits() async throws {
        let bench = try await PaymentBench()
        let received = try await bench.receive(entry: 501)
        bench.ledger.stop()
        do {
            _ = try await bench.void(501)
            Issue.record("it was answered")
        } catch let error as RPCError {
            #expect(error.status == .unavailable)
            #expect(error.processed == .maybe)
        }
        #expect(try await bench.payment(received.paymentID).text("state") == "ReversedInBatch")
    }

    @Test(
        "a payment that is reversed or deleted leaves its open drawer session, a restored one is back"
    )
    func drawer() async throws {
        let bench = try await PaymentBench()
        let first = try await posted(bench)
        let second = try await bench.add()
        let third = try await bench.add()
        try await bench.store.write { transaction in
            try transaction.execute(
                "INSERT INTO cash_drawer(id, name, campus_id) VALUES(1, 'D', 5)"
            )
            try transaction.execute(
                """
                INSERT INTO cash_drawer_session(id, cash_drawer_id, cashier_user_id, status,
                    opening_amount, total, reserved, payment_count, opened_by, opened_at,
                    row_version)
                VALUES(20, 1, 7, 'Open', 0, 3000, 0, 3, 'cashier', 0, 1)
                """
            )
            try transaction.execute("UPDATE payment SET cash_drawer_session_id = 20")
        }
        let sums = "SELECT total * 10 + payment_count FROM cash_drawer_session"
        let afterPosting = try await bench.reverse(first.payment)
        #expect(try await bench.number(sums) == 20_002)
        try await bench.delete(
            #"{"payment_id":\#(afterPosting.payment),"dry_run":false,"count":1,"total":-10}"#
        )
        #expect(try await bench.number(sums) == 30_003)
        try await bench.delete(
            #"{"payment_id":\#(second.payment),"dry_run":false,"count":1,"total":10}"#
        )
        #expect(try await bench.number(sums) == 20_002)
        let inBatch = try await bench.reverse(third.payment)
        #expect(try await bench.number(sums) == 10_001)
        await expectIllegal("delete_payment") {
            try await bench.delete(
                #"{"payment_id":\#(inBatch.payment),"dry_run":false,"count":1,"total":-10}"#
            )
        }
        #expect(try await bench.number(sums) == 10_001)
    }

    @Test("T-06: of a reversal, a void, a deletion and a posting at once exactly one wins")
    func races() async throws {
        let bench = try await PaymentBench()
        for round in 0..<20 {
            let entry = Int64(501 + round)
            let received = try await bench.receive(entry: entry, username: "CLERK\(round)")
            let paymentID = received.paymentID
            try await bench.close(#"{"batch_id":\#(received.batchID)}"#, as: Self.vendor)
            let winners = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    await Self.wins { try await bench.reverse(paymentID, as: Self.vendor) }
                }
                group.addTask { await Self.wins { try await bench.void(entry) } }
                group.addTask {
                    await Self.wins {
                        try await bench.delete(
                            #"{"payment_id":\#(paymentID),"dry_run":false,"count":1,"total":10}"#,
                            as: Self.vendor
                        )
                    }
                }
                group.addTask {
                    await Self.wins {
                        try await bench.reverse(paymentID, reason: "DUP", as: Self.vendor)
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(winners == 1)
        }
        try await bench.expectConsistent()
    }

    @Test("T-06: a payment is deleted or posted, never both")
    func deletedOrPosted() async throws {
        let bench = try await PaymentBench()
        for round in 0..<20 {
            let name = "CLERK\(round)"
            let added = try await bench.add(name, as: Self.vendor)
            try await bench.add(name, as: Self.vendor)
            try await bench.close(#"{"batch_id":\#(added.batch)}"#, as: Self.vendor)
            let body = #"{"payment_id":\#(added.payment),"dry_run":false,"count":1,"total":10}"#
            async let isDeleted = Self.wins { try await bench.delete(body, as: Self.vendor) }
            async let posting: Void = bench.post(added.batch)
            let (deleted, _) = try await (isDeleted, posting)
            let state = try await bench.payment(added.payment).text("state")
            #expect(state == (deleted ? "Deleted" : "Posted"))
            let batch = try await bench.batch(added.batch)
            #expect(batch.status == "Posted")
            #expect(batch.text("total") == (deleted ? "10.0" : "20.0"))
        }
        try await bench.expectConsistent()
    }

    private static func wins(_ work: () async throws -> some Any) async -> Bool {
        do {
            _ = try await work()
            return true
        } catch let error as RPCError {
            #expect(error.transition != nil, "the losers hear of the state: \(error)")
            return false
        } catch {
            Issue.record("another error: \(error)")
            return false
        }
    }
}
