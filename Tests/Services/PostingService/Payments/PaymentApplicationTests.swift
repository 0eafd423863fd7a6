import LedgerRules
import Protocol
import Testing

@testable import Bookkeeping

@Suite("Booking payment operations")
struct PaymentApplicationTests {
    @Test("A payment lowers the balance and stands on the card with its numbers")
    func record() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(amount: 119_800, id: "1")]))
        #expect(try await test.apply(.test(7, batch: 3, amount: 9_820)) == [2])
        #expect(try await test.balance("99999") == 109_980)
        let page = try await test.ledger.card(of: "99999", for: "reader", pageSize: 1)
        #expect(
            page.map { String(decoding: $0.body, as: UTF8.self) } == """
                [{"entry_id":2,"account_id":"99999","detail_code":"","kind":"P","amount":98.2,\
                "balance":1099.8,"date":"2024-03-15","description":"Tuition",\
                "source_name":"payments","source_transaction_id":"P7","batch_id":"3",\
                "journal_id":null,"payment_id":7,"gl_status":"unposted","reverses":null,\
                "fund_source_id":null,"student_award_id":null}]
                """
        )
        let lines = try await test.card()
        #expect(lines.map(\.entryID) == [2, 1])
        #expect(lines[1].batchID == "1")
        #expect(try await test.exported().map(\.amount) == ["1198.00", "98.20"])
    }

    @Test("C-03, T-01: the same operation again gives its first entry and books nothing")
    func idempotent() async throws {
        let test = try await TestLedger.make()
        let operations: [PaymentOperation] = [
            .test(1), .test(2, account: "73491"), .test(1, .withdraw),
        ]
        let first = try await test.ledger.apply(operations).entryIDs
        #expect(first == [1, 2, 3])
        let before = try await test.dumpAll()
        #expect(try await test.ledger.apply(operations).entryIDs == first)
        #expect(try await test.apply(.test(2, account: "73491"), .test(1)) == [2, 1])
        #expect(try await test.dumpAll() == before)
        try await test.reopen()
        #expect(try await test.ledger.apply(operations).entryIDs == first)
        #expect(try await test.dumpAll() == before)
    }

    @Test("T-01: the same group from many callers at once is booked once")
    func concurrent() async throws {
        let test = try await TestLedger.make()
        let operations = (1...20).map { PaymentOperation.test($0) }
        let answers = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<16 {
                group.addTask { try await test.ledger.apply(operations).entryIDs }
            }
            return try await group.reduce(into: [[Int64]]()) { $0.append($1) }
        }
        #expect(Set(answers) == [Array(1...20)])
        #expect(try await test.balance("99999") == -200_000)
    }

    @Test(
        "T-02: a key with other content is refused and changes nothing",
        arguments: [
            PaymentOperation.test(1, amount: 9_999), .test(1, batch: 2),
            .test(1, account: "73491"), .test(1, description: "Other"), .test(1, entry: 9),
        ]
    )
    func keyReused(other: PaymentOperation) async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1))
        let before = try await test.dumpAll()
        let error = await #expect(throws: RPCError.self) {
            try await test.apply(.test(2), other)
        }
        #expect(error?.reason == "key_reused")
        #expect(error?.status == .failedPrecondition)
        #expect(try await test.dumpAll() == before)
    }

    @Test("T-03: the same operation twice in one group has one entry")
    func repeatedInGroup() async throws {
        let test = try await TestLedger.make()
        #expect(try await test.apply(.test(1), .test(2), .test(1)) == [1, 2, 1])
        #expect(try await test.balance("99999") == -20_000)
        await #expect(throws: RPCError.self) {
            try await test.apply(.test(3), .test(3, amount: 1))
        }
        #expect(try await test.integer("SELECT COUNT(*) FROM entry") == 2)
    }

    @Test("A payment that was accepted is booked though its account is inactive by now")
    func inactive() async throws {
        let test = try await TestLedger.make()
        #expect(try await test.apply(.test(1, account: " 11111 ")) == [1])
        #expect(try await test.balance("11111") == -10_000)
    }

    @Test(
        "M-03: one operation that cannot be booked keeps the whole group out",
        arguments: [
            ("account_unknown", .test(9, account: "AX84")),
            ("record_missing", .test(9, .withdraw)),
            ("record_missing", .test(9, .withdraw, entry: 77)),
            ("entry_unknown", .test(9, entry: 77)),
            ("entry_unknown", .test(9, amount: -1, reverses: 77)),
            ("detail_code_unusable", .test(9, .charge, code: "NONE")),
            ("detail_code_unusable", .test(9, .charge, code: "PMT1")),
            ("detail_code_unusable", .test(9, .charge)),
        ] as [(String, PaymentOperation)]
    )
    func allOrNone(reason: String, bad: PaymentOperation) async throws {
        let test = try await TestLedger.make()
        let before = try await test.dumpAll()
        let error = await #expect(throws: RPCError.self) {
            try await test.apply(.test(1), bad, .test(2))
        }
        #expect(error?.reason == reason)
        #expect(error?.message.contains("Payment 9") == true)
        #expect(try await test.dumpAll() == before)
        #expect(try await test.apply(.test(1)) == [1])
        try await test.reopen()
        #expect(try await test.apply(.test(2)) == [2])
    }

    @Test("I-03: a balance that would leave 64 bits refuses the group and names the payment")
    func overflow() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1, amount: .max))
        let before = try await test.dumpAll()
        for bad in [
            PaymentOperation.test(2, amount: 2), .test(2, amount: .max),
            .test(2, .charge, account: "73491", amount: .min, code: "A484"),
        ] {
            let error = await #expect(throws: RPCError.self) {
                try await test.apply(.test(3, account: "73491"), bad)
            }
            #expect(error?.reason == "balance_out_of_range")
            #expect(error?.message.contains("Payment 2") == true)
        }
        #expect(try await test.dumpAll() == before)
        #expect(try await test.apply(.test(1, .withdraw, amount: .max)) == [2])
        #expect(try await test.balance("99999") == 0)
    }

    @Test("I-08: a day that has no date is refused before anything is booked")
    func days() async throws {
        let test = try await TestLedger.make()
        var bad = PaymentOperation.test(1)
        for date in [Int64.min, -719_163, 2_932_897, .max] {
            bad.date = date
            let error = await #expect(throws: RPCError.self) { try await test.apply(bad) }
            #expect(error?.details.first?.field == "/operations/0/date")
        }
        bad.date = 2_932_896
        try await test.apply(bad)
        let page = try await test.ledger.card(of: "99999", for: "reader")
        #expect(
            page.map { String(decoding: $0.body, as: UTF8.self).contains("9999-12-31") } == true
        )
    }

    @Test("Accounts are checked in any spelling, with their codes")
    func accountCheck() async throws {
        let test = try await TestLedger.make()
        let checks = try await test.ledger.checkAccounts(["73491", "AX84", " 11111", "", "33970n"])
        #expect(
            checks
                == [
                    .init(accountID: "73491", inactive: false, alertCode: nil, warningCode: "W1"),
                    .init(accountID: nil, inactive: false, alertCode: nil, warningCode: nil),
                    .init(accountID: "11111", inactive: true, alertCode: "A1", warningCode: nil),
                    .init(accountID: nil, inactive: false, alertCode: nil, warningCode: nil),
                    .init(accountID: "33970N", inactive: false, alertCode: nil, warningCode: nil),
                ]
        )
    }
}
