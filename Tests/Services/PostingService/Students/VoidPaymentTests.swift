import Dates
import Identity
import JSON
import Protocol
import Storage
import ServiceStore
import Testing

@testable import Bookkeeping
@testable import Students

@Suite("voidAccountTransactionPayment")
struct VoidPaymentTests {
    private func body(
        _ id: Int64,
        student: Int64 = 50_090,
        period: Int64 = 264,
        note: String = "Wrong student"
    ) -> String {
        """
        {"payload": {"StudentAccountTransactionId": \(id), "studentId": \(student),
        "studentEnrollmentPeriodId": \(period), "note": "\(note)", "isPreviousYear": false}}
        """
    }

    @Test("A payment is voided by a reversing transaction; its award goes back down")
    func void() async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        _ = try await desk.posted(["transactionAmount": "30"])
        let answer = try await desk.void(body(id))
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.entity?["transactionAmount"] == .number("-250.0"))
        #expect(answer.entity?["reversesTransactionId"] == .number("\(id)"))
        #expect(answer.entity?["studentAwardId"] == .number("1"))
        #expect(answer.entity?["description"] == .string("Wrong student"))
        #expect(desk.batches.state.voids.first?.note == "Wrong student")
        #expect(desk.batches.state.voids.first?.actor == "clerk-ada")
        #expect(try await desk.test.balance("99999") == -3_000)
        #expect(try await desk.integer("SELECT amount_received FROM student_award") == 3_000)
        #expect(try await desk.auditRowsOfCommands() == 3)
    }

    @Test("A payment is voided once; a reversal is not voided")
    func once() async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        let voided = try await desk.void(body(id))
        let again = try await desk.void(body(id))
        #expect(again.status == 400)
        #expect(again.notifications == ["already_voided studentAccountTransactionId"])
        guard case .number(let reversal)? = voided.entity?["id"] else {
            Issue.record("no reversal")
            return
        }
        let other = try await desk.void(body(Int64(reversal) ?? 0))
        #expect(other.notifications == ["transaction_is_reversal studentAccountTransactionId"])
        #expect(desk.batches.state.voids.count == 1)
    }

    @Test(
        "T-06: of many voids at once one wins, the others are refused, and the balance moves once"
    )
    func race() async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        let statuses = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<12 { group.addTask { try await desk.void(body(id)).status } }
            return try await group.reduce(into: [Int64]()) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1)
        #expect(statuses.filter { $0 == 400 }.count == 11)
        #expect(try await desk.test.balance("99999") == 0)
        #expect(try await desk.integer("SELECT COUNT(*) FROM student_transaction") == 2)
    }

    @Test(
        "A claim whose call died is taken over when its time is over, and not before",
        // The desk's clock stands at the first; at the second it was set back by an hour.
        arguments: [1_000_000, 4_600_000] as [Int64]
    )
    func takenOver(until: Int64) async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        try await desk.ledger.store.write {
            var claim = VoidClaim(id, nil)
            try claim.take(at: 1_000_000 - VoidClaim.lease.longest + 1, in: $0)
        }
        let early = try await desk.void(body(id))
        #expect(early.notifications == ["being_voided studentAccountTransactionId"])
        try await desk.ledger.store.write {
            try $0.execute("UPDATE void_claim SET until = ?1", [.integer(until)])
        }
        #expect(try await desk.void(body(id)).status == 200)
    }

    @Test("Everything that is wrong with a request is told at once")
    func faults() async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        #expect(
            try await desk.void("{}").notifications == [
                "missing studentAccountTransactionId", "missing studentId",
                "missing studentEnrollmentPeriodId", "missing note",
            ]
        )
        #expect(
            try await desk.void(body(999)).notifications == [
                "unknown_transaction studentAccountTransactionId"
            ]
        )
        #expect(
            try await desk.void(body(id, student: 50_091, period: 265, note: " ")).notifications
                == [
                    "missing note", "transaction_of_other_student studentId",
                    "transaction_of_other_period studentEnrollmentPeriodId",
                ]
        )
        #expect(desk.batches.state.voids.isEmpty)
        let refused = try await desk.void(body(id), desk.caller(tasks: [.newTransaction]))
        #expect(refused.status == 403)
    }

    @Test("What batch-service refuses is a notification")
    func refusedByBatch() async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        desk.batches.change {
            $0.voidError = .illegal(
                .init(status: "Posted", lifeCycleStep: 40, action: "void", allowed: []),
                "The payment was deleted."
            )
        }
        let answer = try await desk.void(body(id))
        #expect(answer.status == 400)
        #expect(answer.notifications == ["illegal_transition studentAccountTransactionId"])
        #expect(try await desk.test.balance("99999") == -25_000)
    }

    @Test(
        "A void that was cut off goes on under its idempotency key, and is answered the same again"
    )
    func cutOff() async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        var cutOff = RPCError.unavailable("down")
        cutOff.processed = .maybe
        desk.batches.change { [cutOff] in $0.voidError = cutOff }
        await #expect(throws: RPCError.self) { try await desk.void(body(id), key: "void-1") }
        let other = try await desk.void(body(id))
        #expect(other.notifications == ["being_voided studentAccountTransactionId"])
        // The reversal was made although no answer came.
        desk.batches.change { $0.voidError = nil }
        _ = try await desk.batches.void(
            VoidPayment(ledgerEntryID: id, note: "n", actor: "a", requestID: "r")
        )
        desk.batches.change { $0.voidError = .unavailable("not reached") }
        await #expect(throws: RPCError.self) { try await desk.void(body(id), key: "void-1") }
        desk.batches.change { $0.voidError = nil }
        let answer = try await desk.void(body(id), key: "void-1")
        #expect(answer.status == 200, "\(answer.text)")
        let again = try await desk.void(body(id), key: "void-1")
        #expect(again.text == answer.text)
        #expect(again.reply.isReplay)
        #expect(try await desk.test.balance("99999") == 0)
    }

    @Test("batch-service deletes a payment by itself, or a reversal again: the award follows")
    func undoneElsewhere() async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        try await desk.handover.handOver(id)
        let voided = try await desk.void(body(id))
        #expect(voided.status == 200)
        let payment = try #require(desk.batches.state.received.first)
        // The reversal is deleted from its batch: the payment stands again.
        var operation = desk.batches.operation(payment, 5_000 + id, -25_000)
        operation.kind = .withdraw
        operation.ledgerEntryID = nil
        _ = try await desk.ledger.apply([operation])
        #expect(try await desk.integer("SELECT amount_received FROM student_award") == 25_000)
        let undone = try await desk.ledger.store.read {
            try StudentTransaction.isUndone(id, in: $0)
        }
        #expect(!undone)
        // Then the payment itself is.
        operation = desk.batches.operation(payment, 1_000, 25_000)
        operation.kind = .withdraw
        operation.ledgerEntryID = nil
        _ = try await desk.ledger.apply([operation])
        _ = try await desk.ledger.apply([operation])
        #expect(try await desk.integer("SELECT amount_received FROM student_award") == 0)
        #expect(try await desk.integer("SELECT COUNT(*) FROM student_transaction") == 4)
        #expect(try await desk.test.balance("99999") == 0)
        let late = try await desk.void(body(id))
        #expect(late.notifications == ["already_voided studentAccountTransactionId"])
    }
}
