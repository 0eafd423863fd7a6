import Identity
import JSON
import Money
import NIOConcurrencyHelpers
import Protocol
import Storage
import ServiceStore
import Testing

@testable import Bookkeeping
@testable import Students

@Suite("PostAccountTransactionPayment")
struct PostPaymentTests {
    @Test("The sample of the contract is accepted as it stands, and everything is tied together")
    func sample() async throws {
        let desk = try await StudentDesk.make()
        let answer = try await desk.post(Sample.verbatim)
        #expect(answer.status == 200)
        #expect(
            answer.text == """
                {"payload":{"data":{"id":1,"type":"P","studentId":50090,\
                "studentEnrollmentPeriodId":264,"studentAcademicYearId":719,\
                "academicYearSequence":2,"awardYear":"2023-24","fundSourceId":11,\
                "studentAwardId":1,"bankAccountId":1,"campusId":1,"transactionAmount":250.0,\
                "paymentMode":2,"paymentType":"H","checkNumber":"2345",\
                "description":"Student payment received","transactionDate":"2024/09/01 00:00:00",\
                "termId":61,"cashDrawerId":15,"cashDrawerSessionId":20,"cashierUserId":3186,\
                "reversesTransactionId":null,"enteredBy":"clerk-ada","rowVersion":1,\
                "entityState":0}},"notifications":[],"hasError":false,"hasFault":false,\
                "hasWarning":false,"hasValidationError":false,"hasValidationWarning":false,\
                "hasValidationInformation":false,"hasSecurityError":false}
                """
        )
        #expect(try await desk.test.balance("99999") == -25_000)
        #expect(try await desk.integer("SELECT amount_received FROM student_award") == 25_000)
        #expect(try await desk.auditRowsOfCommands() == 1)
        let cash = try await desk.integer(
            """
            SELECT COUNT(*) FROM payment_entry p JOIN gl_account g ON g.id = p.cash_gl
            WHERE g.gl_account = '1010' AND p.entry_id = 1
            """
        )
        #expect(cash == 1)
        let reserved = try #require(desk.batches.state.reserved.first)
        #expect(!reserved.isCheckOnly)
        #expect(reserved.amountMinorUnits == 25_000)
        #expect(reserved.cashDrawerSessionID == 20)
    }

    @Test("The payment goes to batch-service under its cashier, once, and its numbers come back")
    func handedOver() async throws {
        let desk = try await StudentDesk.make()
        let id = try await desk.posted()
        #expect(try await desk.handover.handOverOldest())
        #expect(try await desk.handover.handOverOldest())
        let payment = try #require(desk.batches.state.received.first)
        #expect(desk.batches.state.received.count == 1)
        #expect(payment.ledgerEntryID == id)
        #expect(payment.username == "ada")
        #expect(payment.department == "Bursar")
        #expect(payment.studentAwardID == 1)
        #expect(payment.checkNumber == "2345")
        #expect(payment.reservationID == desk.batches.state.reserved.first?.reservationID)
        #expect(try await desk.integer("SELECT COUNT(*) FROM payment_outbox") == 0)
        #expect(try await desk.integer("SELECT payment_id FROM student_transaction") == 1_000)
        #expect(try await desk.integer("SELECT payment_id FROM payment_entry") == 1_000)
        #expect(try await desk.test.balance("99999") == -25_000)
    }

    @Test(
        "Names in any case, bare or in a payload, booleans as digits, every form of date are taken"
    )
    func spellings() async throws {
        let desk = try await StudentDesk.make()
        for date in [
            "2024/09/01 00:00:00", "2024-09-01", "2024-09-01T00:00:00", "2024-09-01T00:00:00Z",
            "2024-09-01T00:00:00.000-05:00",
        ] {
            let answer = try await desk.post(
                Sample.body([
                    "transactionDate": "\"\(date)\"", "isNewPaymentSuccessful": "1",
                    "ignoreTermRequired": "0",
                ])
            )
            #expect(answer.status == 200, "\(date) \(answer.text)")
        }
        let pascal = try await desk.post(
            """
            {"AcademicYearSequence": 2, "AWARDYEAR": "2023-24", "BankAccountId": 1,
            "Description": "x", "FundSourceId": 11, "PaymentMode": 2, "PaymentType": "C",
            "StudentAcademicYearId": 719, "StudentEnrollmentPeriodID": 264, "StudentID": 50090,
            "TransactionAmount": 1e2, "TransactionDate": "2024/09/01 00:00:00",
            "CashDrawerId": 15, "CashDrawerSessionId": 20, "CashierUserId": 3186}
            """
        )
        #expect(pascal.status == 200, "\(pascal.text)")
        #expect(try await desk.integer("SELECT COUNT(*) FROM student_award") == 1)
        #expect(try await desk.test.balance("99999") == -135_000)
    }

    @Test("Fifty first payments at once make one award, and each is tied to it")
    func oneAward() async throws {
        let desk = try await StudentDesk.make()
        try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 1...50 {
                group.addTask {
                    try await desk.post(Sample.body(["transactionAmount": "\(number).01"])).status
                }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(try await desk.integer("SELECT COUNT(*) FROM student_award") == 1)
        #expect(
            try await desk.integer(
                "SELECT COUNT(*) FROM student_transaction WHERE student_award_id = 1"
            ) == 50
        )
        let expected: Int64 = (1...50).reduce(0) { $0 + $1 * 100 + 1 }
        #expect(try await desk.integer("SELECT amount_received FROM student_award") == expected)
        #expect(try await desk.test.balance("99999") == -expected)
        while try await !desk.handover.handOverOldest() {}
        #expect(desk.batches.state.received.count == 50)
    }

    @Test("Without cashiering drawer, session and cashier are ignored, whatever they are")
    func noCashiering() async throws {
        let desk = try await StudentDesk.make()
        var changes = Sample.south
        changes["cashDrawerId"] = #""x""#
        changes["cashierUserId"] = "1"
        let answer = try await desk.post(Sample.body(changes))
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.entity?["cashDrawerSessionId"] == .null)
        #expect(answer.entity?["cashierUserId"] == .null)
        #expect(desk.batches.state.reserved.isEmpty)
        _ = try await desk.handover.handOverOldest()
        #expect(desk.batches.state.received.first?.username == "ada")
        #expect(desk.batches.state.received.first?.cashDrawerID == nil)
    }

    @Test("A warning goes with a payment that is accepted")
    func warnings() async throws {
        let desk = try await StudentDesk.make()
        desk.batches.change {
            $0.warnings = [.init(field: "CashDrawerId", code: "warning_amount", message: "Much.")]
        }
        let drawer = try await desk.post(Sample.verbatim)
        #expect(drawer.status == 200)
        #expect(drawer.notifications == ["warning_amount cashDrawerId"])
        #expect(drawer.flags == ["hasWarning", "hasValidationWarning"])
        let account = try await desk.post(
            Sample.body([
                "academicYearSequence": "1", "bankAccountId": "2", "studentAcademicYearId": "721",
                "studentEnrollmentPeriodId": "266", "studentId": "50092",
            ])
        )
        #expect(account.status == 200)
        #expect(account.notifications == ["account_warning studentId"])
    }

    @Test("A caller without the named task is refused, and that is audited")
    func task() async throws {
        let desk = try await StudentDesk.make()
        let before = try await desk.counts()
        let answer = try await desk.post(
            Sample.verbatim,
            desk.caller(tasks: [.editTransaction])
        )
        #expect(answer.status == 403)
        #expect(answer.flags == ["hasError", "hasSecurityError"])
        #expect(answer.entity == nil)
        #expect(desk.refusals.withLockedValue { $0 } == ["missing_task"])
        #expect(try await desk.counts() == before)
    }

    @Test("The same idempotency key gives the first answer; another request under it is refused")
    func idempotency() async throws {
        let desk = try await StudentDesk.make()
        let first = try await desk.post(Sample.verbatim, key: "key-1")
        let again = try await desk.post(Sample.verbatim, key: "key-1")
        #expect(!first.reply.isReplay)
        #expect(again.reply.isReplay)
        #expect(again.text == first.text)
        let thrown = await #expect(throws: RPCError.self) {
            try await desk.post(Sample.body([:]), key: "key-1")
        }
        #expect(thrown?.reason == "idempotency_key_reused")
        #expect(thrown?.status == .failedPrecondition)
        #expect(try await desk.integer("SELECT COUNT(*) FROM student_transaction") == 1)
        let atOnce = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await desk.post(Sample.verbatim, key: "key-2").text
                }
            }
            var texts: Set<String> = []
            for try await text in group { texts.insert(text) }
            return texts
        }
        #expect(atOnce.count == 1)
        #expect(try await desk.integer("SELECT COUNT(*) FROM student_transaction") == 2)
        // Reservations of calls that booked nothing were given back.
        let held = desk.batches.state.reserved.count - desk.batches.state.released.count
        #expect(held == 2)
    }

    @Test("A reservation that batch-service has given up is replaced by a new one")
    func refusedReservation() async throws {
        let desk = try await StudentDesk.make()
        let ledger = desk.ledger
        desk.batches.change { state in
            state.duringReserve = { id in
                let count = try await ledger.store.read {
                    try $0.integer("SELECT COUNT(*) FROM reservation_refused") ?? 0
                }
                guard count == 0 else { return }
                let settled = try await ledger.settle(ReservationList(reservationIDs: [id]))
                #expect(settled.booked.isEmpty)
            }
        }
        let answer = try await desk.post(Sample.verbatim)
        #expect(answer.status == 200, "\(answer.text)")
        let reserved = desk.batches.state.reserved.map(\.reservationID)
        #expect(reserved.count == 2)
        let settled = try await ledger.settle(ReservationList(reservationIDs: reserved))
        #expect(settled.booked == [reserved[1]])
        #expect(try await desk.integer("SELECT COUNT(*) FROM student_transaction") == 1)
    }

    @Test("An amount that an account cannot hold is refused, and the reservation given back")
    func overflow() async throws {
        let desk = try await StudentDesk.make()
        let most = "92233720368547758.07"
        #expect(try await desk.post(Sample.body(["transactionAmount": most])).status == 200)
        let before = try await desk.counts()
        let answer = try await desk.post(Sample.verbatim)
        #expect(answer.status == 400)
        #expect(answer.notifications == ["out_of_range transactionAmount"])
        #expect(try await desk.counts() == before)
        #expect(desk.batches.state.released.count == 1)
    }
}
