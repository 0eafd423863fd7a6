import BatchRules
import Identity
import Money
import NIOConcurrencyHelpers
import PaymentBatches
import Protocol
import Testing

@Suite("Payments come into the open batch of their username and date")
struct IntakeTests {
    @Test("the first payment makes the batch, the next one joins it")
    func joins() async throws {
        let bench = try await PaymentBench()
        let first = try await bench.add(amount: "10.25")
        let second = try await bench.add(amount: "5", type: "H", more: #","check_number":"77""#)
        #expect(first.batch == second.batch)
        #expect(second.number("life_cycle_step") == 10)
        #expect(second.status == "Open")
        let batch = try await bench.batch(first.batch)
        #expect(batch.text("total") == "15.25")
        #expect(batch.number("count") == 2)
        #expect(batch.text("date") == "2027-01-15")
        #expect(batch.list("tenders").map { $0.text("name") } == ["Cash", "Check"])
        #expect(try await bench.history(first.batch) == ["create Open"])
        try await bench.expectConsistent()
    }

    @Test("200 payments at once for 10 keys make exactly 10 open batches")
    func concurrent() async throws {
        let bench = try await PaymentBench()
        let batches = try await withThrowingTaskGroup(of: Int64.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let more = #","date":"2027-01-\#(10 + index % 2)""#
                    return try await bench.add("CLERK\(index / 2 % 5)", amount: "1.01", more: more)
                        .batch
                }
            }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(batches.count == 10)
        #expect(try await bench.number("SELECT COUNT(*) FROM payment_batch WHERE step = 10") == 10)
        #expect(try await bench.number("SELECT COUNT(*) FROM payment") == 200)
        #expect(try await bench.number("SELECT SUM(total) FROM payment_batch") == 20_200)
        try await bench.expectConsistent()
    }

    @Test("A1-26: usernames that are twins in Unicode have batches of their own, even at once")
    func twins() async throws {
        let bench = try await PaymentBench()
        let names = ["CLERK", "CLER\u{212A}", "\u{C5}SA", "\u{212B}SA", "A\u{30A}SA"]
        let batches = try await withThrowingTaskGroup(of: Int64.self) { group in
            for name in names + names {
                group.addTask { try await bench.add(name, amount: "1.01").batch }
            }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(batches.count == names.count)
        #expect(try await bench.number("SELECT MAX(payment_count) FROM payment_batch") == 2)
    }

    @Test("A1-26: an account's twin in Unicode is asked about by itself")
    func twinAccounts() async throws {
        let accounts = LedgerAccounts(ledger: EchoingLedger())
        let ids = ["BANK1", "BAN\u{212A}1"]
        for _ in 0..<20 {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for id in ids {
                    group.addTask {
                        let told = try await accounts.check(id).accountID ?? ""
                        return told.utf8.elementsEqual(id.utf8)
                    }
                }
                for try await isItself in group { #expect(isItself) }
            }
        }
    }

    @Test("after closing, the next payment opens a new batch beside the one under review")
    func newBatch() async throws {
        let bench = try await PaymentBench()
        let first = try await bench.add()
        let closed = try await bench.close(#"{"username":"CLERK","date":"2027-01-15"}"#)
        #expect(closed.status == "In Review")
        let second = try await bench.add()
        #expect(second.batch != first.batch)
        await expectIllegal("return", status: "In Review") {
            try await bench.ask(.return, first.batch)
        }
    }

    @Test("all faults of a body are reported at once")
    func faults() async throws {
        let bench = try await PaymentBench()
        let body = #"{"username":"","amount":-1,"payment_type":"X","date":"2027-02-30","extra":1}"#
        await expectFaults(
            "invalid_request",
            ["/username", "/date", "/account_id", "/amount", "/payment_type", "/extra"]
        ) {
            Answer(
                try await PaymentIntake(bench.parts).add(
                    Array(body.utf8),
                    by: PaymentBench.vendor
                )
            )
        }
        #expect(try await bench.number("SELECT COUNT(*) FROM payment_batch") == 0)
    }

    @Test("an unknown, inactive or alerted account takes no payment, a warning is told")
    func accounts() async throws {
        let bench = try await PaymentBench()
        let refused = [
            AccountCheck(accountID: nil, inactive: false, alertCode: nil, warningCode: nil),
            AccountCheck(accountID: "99999", inactive: true, alertCode: nil, warningCode: nil),
            AccountCheck(accountID: "99999", inactive: false, alertCode: "HOLD", warningCode: nil),
        ]
        for check in refused {
            bench.accounts.set("99999", check)
            await expectFaults("rule_broken", ["/account_id"]) { try await bench.add() }
        }
        bench.accounts.set(
            "99999",
            AccountCheck(accountID: "A1", inactive: false, alertCode: nil, warningCode: "LATE")
        )
        let added = try await bench.add()
        #expect(added.list("warnings").map { $0.text("code") } == ["warning_code"])
        #expect(try await bench.payment(added.payment).text("account_id") == "A1")
    }

    @Test("a payment that the ledger could not book is refused before it is accepted")
    func room() async throws {
        let bench = try await PaymentBench()
        func held(_ balance: Int64) -> AccountCheck {
            AccountCheck(
                accountID: "99999",
                inactive: false,
                alertCode: nil,
                warningCode: nil,
                balanceMinorUnits: balance
            )
        }
        for balance in [Int64.min, Int64.min + 99] {
            bench.accounts.set("99999", held(balance))
            await expectFaults("rule_broken", ["/amount"]) { try await bench.add(amount: "1.00") }
        }
        for balance in [Int64.min + 100, 0, Int64.max] {
            bench.accounts.set("99999", held(balance))
            try await bench.add(amount: "1.00")
        }
    }

    @Test("the batch takes department and deposit number once, and other ones are refused")
    func oneDepartment() async throws {
        let bench = try await PaymentBench()
        let first = try await bench.add()
        let more = #","department":"BURSAR","deposit_number":"D1""#
        try await bench.add(more: more)
        try await bench.add(more: more)
        try await bench.add()
        let batch = try await bench.batch(first.batch)
        #expect(batch.text("department") == "BURSAR")
        #expect(batch.text("deposit_number") == "D1")
        await expectFaults("rule_broken", ["/department", "/deposit_number"]) {
            try await bench.add(more: #","department":"X","deposit_number":"D2""#)
        }
        #expect(try await bench.batch(first.batch).number("count") == 4)
        try await bench.expectConsistent()
    }

    @Test("the department is the staff user's where the payment names none")
    func staffDepartment() async throws {
        let bench = try await PaymentBench()
        let clerk = PaymentBench.caller("c", username: "C", department: "ATHLETICS")
        let added = try await bench.add(as: clerk)
        #expect(try await bench.batch(added.batch).text("department") == "ATHLETICS")
    }

    @Test("a total beyond 64 bits is refused and changes nothing")
    func overflow() async throws {
        let bench = try await PaymentBench()
        let first = try await bench.add(amount: "92233720368547758.07")
        await expectFaults("rule_broken", ["/amount"]) { try await bench.add(amount: "0.01") }
        #expect(try await bench.batch(first.batch).number("count") == 1)
        #expect(try await bench.number("SELECT COUNT(*) FROM payment") == 1)
        try await bench.expectConsistent()
    }

    @Test("T-01: 64 callers with one key have one effect and the same answer")
    func oneKey() async throws {
        let bench = try await PaymentBench()
        let caller = PaymentBench.caller("vendor", key: "k1")
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<64 { group.addTask { try await bench.add(as: caller) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map(\.bytes)).count == 1)
        #expect(answers.filter { !$0.isReplay }.count == 1)
        #expect(try await bench.number("SELECT COUNT(*) FROM payment") == 1)
        #expect(try await bench.number("SELECT COUNT(*) FROM audit_outbox") == 1)
    }

    @Test("T-02: the same key with another amount is refused, and the first answer stays")
    func reusedKey() async throws {
        let bench = try await PaymentBench()
        let caller = PaymentBench.caller("vendor", key: "k1")
        let first = try await bench.add(as: caller)
        await expectFaults("idempotency_key_reused", ["Idempotency-Key"]) {
            try await bench.add(amount: "11", as: caller)
        }
        // The key is answered before any other rule: also where the body or the account is at fault.
        await expectFaults("idempotency_key_reused", ["Idempotency-Key"]) {
            try await bench.add(amount: "-11", as: caller)
        }
        bench.accounts.set(
            "99999",
            AccountCheck(accountID: nil, inactive: false, alertCode: nil, warningCode: nil)
        )
        let again = try await bench.add(as: caller)
        #expect(again.isReplay)
        #expect(again.bytes == first.bytes)
        #expect(try await bench.number("SELECT COUNT(*) FROM payment") == 1)
    }

    @Test("T-04: the same key of another account is another key")
    func otherAccount() async throws {
        let bench = try await PaymentBench()
        try await bench.add(as: PaymentBench.caller("one", key: "k"))
        let other = try await bench.add(as: PaymentBench.caller("two", key: "k"))
        #expect(!other.isReplay)
        #expect(try await bench.number("SELECT COUNT(*) FROM payment") == 2)
    }

    @Test("a payment from the ledger is grouped once by its entry and uses its reservation once")
    func receive() async throws {
        let bench = try await PaymentBench()
        let payment = TransactionPayment(
            ledgerEntryID: 501,
            reservationID: "r1",
            username: "CASHIER",
            date: 20_000,
            department: "BURSAR",
            accountID: "123",
            amountMinorUnits: 1_500,
            paymentType: .cash,
            checkNumber: nil,
            description: "",
            cashDrawerID: 1,
            cashDrawerSessionID: 20,
            cashierUserID: 7,
            studentAwardID: 9,
            enteredBy: "cashier-account"
        )
        let event = AuditEvent(outcome: .allowed, action: "batch.payments.receive")
        let receipt = PaymentReceipt(bench.parts)
        let request = ReceivePayments(payments: [payment, payment])
        let first = try await receipt.receive(request, event: event)
        let second = try await receipt.receive(request, event: event)
        #expect(first == second)
        #expect(first.places.first == first.places.last)
        #expect(bench.consumed.withLockedValue { $0 } == ["r1"])
        let place = try #require(first.places.first)
        let stored = try await bench.payment(place.paymentID)
        #expect(stored.number("ledger_entry_id") == 501)
        #expect(stored.text("entered_by") == "cashier-account")
        #expect(try await bench.batch(place.batchID).text("created_by") == "cashier-account")
        #expect(try await bench.number("SELECT COUNT(*) FROM ledger_outbox") == 1)
        try await bench.expectConsistent()
    }
}

/// Tells of each account that it is there under the id that was asked for.
private struct EchoingLedger: LedgerClient {
    func check(_ accountIDs: [String]) async throws -> [AccountCheck] {
        accountIDs.map {
            AccountCheck(accountID: $0, inactive: false, alertCode: nil, warningCode: nil)
        }
    }

    func apply(_ operations: [PaymentOperation]) async throws -> [Int64] { throw RPCError.internal }
    func post(_ journal: PostJournal) async throws -> PostedJournal { throw RPCError.internal }
    func isChargeCode(_ code: String) async throws -> Bool { throw RPCError.internal }
    func booked(_ reservationIDs: [String]) async throws -> [String] { throw RPCError.internal }
}
