import LedgerRules
import Protocol
import Testing

@testable import Bookkeeping

@Suite("I-03: amounts at the edge of 64 bits")
struct OverflowTests {
    @Test("I-03: a set whose amounts add up beyond 64 bits is refused whole, without a trap")
    func sumOverflow() async throws {
        let test = try await TestLedger.make()
        var set = TestSet((0..<3).map { .init(amount: .max, id: "\($0)") })
        set.claimedTotal = .max
        let result = try await test.post(set)
        #expect(result.transactionsLoaded == 0)
        #expect(
            result.errorMessage
                == "Invalid total_amount: the amounts add up to more than can be booked"
        )
    }

    @Test("I-03: a balance at its limit refuses the next charge, and only there")
    func balanceOverflow() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(amount: .max, id: "1")]))
        let result = try await test.post(
            TestSet([
                .init(amount: 1, id: "2"), .init(account: "73491", amount: 1, id: "3"),
                .init(code: "PMT1", amount: 100, id: "4"), .init(amount: 1, id: "5"),
            ])
        )
        #expect(
            result.failures
                == [PostingFailure(index: 0, message: "Amount beyond what can be booked: 0.01")]
        )
        #expect(try await test.balance("99999") == .max - 99)
        #expect(try await test.ledger.trialBalance().difference == WideTotal())
    }

    @Test("I-03: the journal of one set holds 64 bits, the general ledger more")
    func journalOverflow() async throws {
        let test = try await TestLedger.make()
        let set = TestSet([
            .init(amount: .max, id: "1"), .init(amount: -.max, id: "2"),
            .init(account: "73491", amount: 7, id: "3"),
        ])
        let result = try await test.post(set)
        #expect(result.transactionsLoaded == 1)
        #expect(result.failures.map(\.index) == [1, 2])
        for id in 10..<13 {
            let id = String(id)
            try await test.post(TestSet([.init(amount: -.max, id: "a" + id)]))
            try await test.post(TestSet([.init(amount: .max, id: "b" + id)]))
        }
        let trial = try await test.ledger.trialBalance()
        #expect(trial.difference == WideTotal())
        #expect(trial.debits > WideTotal(Int128(Int64.max) * 6))
        try await test.reopen()
        #expect(try await test.ledger.trialBalance() == trial)
    }
}
