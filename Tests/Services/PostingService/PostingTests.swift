import LedgerRules
import Protocol
import Testing

@testable import Bookkeeping

@Suite("Posting a set")
struct PostingTests {
    @Test("S1-12: the seed's sample loads, and balances follow")
    func sample() async throws {
        let test = try await TestLedger.make()
        let result = try await test.post(
            TestSet([
                .init(amount: 119_800, id: "WO1"),
                .init(account: "73491", code: "ABC123", amount: 659_994, id: "WO2"),
            ])
        )
        #expect(result == PostSetResult(transactionsLoaded: 2, failures: [], journalID: 1))
        #expect(try await test.balance("99999") == 119_800)
        #expect(try await test.balance("73491") == 659_994)
        let trial = try await test.ledger.trialBalance()
        #expect(trial.difference == WideTotal())
        #expect(trial.debits == WideTotal(779_794))
        #expect(trial.lines.map(\.glAccount) == ["1200", "4000", "4100"])
    }

    @Test(
        "Each fault fails its own transaction only, with its text",
        arguments: [
            (TestSet.Row(account: "AX84", id: "2"), "Invalid account id: AX84"),
            (TestSet.Row(account: "11111", id: "2"), "Inactive account: 11111"),
            (TestSet.Row(code: "AX84", id: "2"), "Invalid detail code: AX84"),
            (TestSet.Row(code: "OLD1", id: "2"), "Invalid detail code: OLD1"),
            (TestSet.Row(amount: 0, id: "2"), "Invalid amount: 0.00"),
            (TestSet.Row(id: "1"), "Duplicate source transaction id: 1"),
            (TestSet.Row(account: "123456789012", id: "2"), "Invalid account id: 123456789012"),
        ]
    )
    func faults(row: TestSet.Row, message: String) async throws {
        let test = try await TestLedger.make()
        let result = try await test.post(TestSet([.init(id: "1"), row, .init(id: "3")]))
        #expect(result.transactionsLoaded == 2)
        #expect(result.failures == [PostingFailure(index: 1, message: message)])
        #expect(try await test.balance("99999") == 2 * 119_800)
    }

    @Test("M-03, D1: a partial failure follows the source's policy, in TRIAL and COMMIT")
    func policies() async throws {
        let test = try await TestLedger.make()
        var set = TestSet([.init(id: "1"), .init(code: "AX84", id: "2"), .init(id: "3")])
        let failures = [PostingFailure(index: 1, message: "Invalid detail code: AX84")]
        for isTrial in [true, false] {
            set.isTrial = isTrial
            let none = try await test.post(set, policy: .allOrNothing)
            #expect(none == PostSetResult(transactionsLoaded: 0, failures: failures))
        }
        #expect(try await test.balance("99999") == 0)
        #expect(try await test.integer("SELECT COUNT(*) FROM entry") == 0)
        let some = try await test.post(set)
        #expect(some.transactionsLoaded == 2)
        #expect(some.failures == failures)
        #expect(try await test.balance("99999") == 2 * 119_800)
    }

    @Test("D1: under all_or_nothing a set without failures loads whole")
    func allOfIt() async throws {
        let test = try await TestLedger.make()
        let result = try await test.post(
            TestSet([.init(id: "1"), .init(id: "2")]),
            policy: .allOrNothing
        )
        #expect(result.transactionsLoaded == 2)
    }

    @Test("A1-2, A1-3: a false header refuses the whole set with a text and no failures")
    func refusals() async throws {
        let test = try await TestLedger.make()
        var set = TestSet([.init(id: "1"), .init(code: "AX84", id: "2")])
        set.claimedCount = 3
        let count = try await test.post(set)
        #expect(count.transactionsLoaded == 0)
        #expect(count.failures.isEmpty)
        #expect(count.errorMessage == "Invalid record_count: 3, the set has 2 transactions")
        set.claimedCount = nil
        set.claimedTotal = 1
        let total = try await test.post(set)
        #expect(
            total.errorMessage
                == "Invalid total_amount: 0.01, the amounts add up to 2396.00"
        )
        set.claimedTotal = nil
        let source = try await test.post(set, sourceIsKnown: false)
        #expect(source.errorMessage == "Invalid source_name: SYSTEM_XYZ")
        #expect(try await test.integer("SELECT COUNT(*) FROM entry") == 0)
        #expect(try await test.integer("SELECT COUNT(*) FROM source") == 0)
    }

    @Test("A charge raises and a payment lowers, each with the sign submitted")
    func signs() async throws {
        let test = try await TestLedger.make()
        try await test.post(
            TestSet([
                .init(amount: 1_000, id: "1"), .init(amount: -300, id: "2"),
                .init(code: "PMT1", amount: 500, id: "3"),
                .init(code: "PMT1", amount: -50, id: "4"),
            ])
        )
        #expect(try await test.balance("99999") == 250)
        let entries = try await test.exported()
        #expect(entries.map(\.kind) == ["D", "D", "P", "P"])
        #expect(entries.map(\.amount) == ["10.00", "-3.00", "5.00", "-0.50"])
        let trial = try await test.ledger.trialBalance()
        #expect(trial.difference == WideTotal())
        #expect(trial.lines.map(\.debits) == [500, 1_050, 300].map { WideTotal($0) })
        #expect(trial.lines.map(\.credits) == [50, 800, 1_000].map { WideTotal($0) })
    }

    @Test("M-10: entry and journal ids are gapless through trials and refusals")
    func gapless() async throws {
        let test = try await TestLedger.make()
        for round in 0..<6 {
            let rows = [TestSet.Row(id: "a\(round)"), .init(code: "AX84", id: "b\(round)")]
            try await test.post(TestSet(rows, isTrial: true))
            var refused = TestSet(rows)
            refused.claimedCount = 9
            try await test.post(refused)
            try await test.post(TestSet([.init(code: "AX84", id: "c\(round)")]))
            try await test.post(TestSet(rows))
        }
        #expect(try await test.exported().map(\.entryID) == Array(1...6))
        #expect(try await test.exported().map(\.journalID) == Array(1...6))
        #expect(try await test.integer("SELECT COUNT(*) FROM gl_line") == 12)
    }

    @Test("A set that is none is refused with pointers, and its id stays free")
    func malformed() async throws {
        let test = try await TestLedger.make()
        var set = TestSet([.init(id: "1")])
        set.rows[0].date = "soon"
        let thrown = await #expect(throws: RPCError.self) { try await test.post(set, id: 7) }
        #expect(thrown?.status == .invalidArgument)
        #expect(thrown?.details.first?.field == "/transactions/0/source_transaction_date")
        set.rows[0].date = "2018-02-01"
        #expect(try await test.post(set, id: 7).transactionsLoaded == 1)
    }
}
