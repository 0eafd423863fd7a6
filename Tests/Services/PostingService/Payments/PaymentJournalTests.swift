import LedgerRules
import Protocol
import Testing

@testable import Bookkeeping

@Suite("Feeding payment batches to the general ledger")
struct PaymentJournalTests {
    @Test("One balanced journal: cash against receivables, entries marked, balances moved")
    func journal() async throws {
        let test = try await TestLedger.make()
        _ = try await test.bookUnscheduled(amount: 300, cash: "4100")
        try await test.apply(
            .test(1, amount: 10_000),
            .test(2, account: "73491", amount: 2_050),
            .test(3, amount: 700),
            .test(3, .withdraw, amount: 700),
            .test(4, amount: 300, entry: 1),
            .test(5, batch: 2, amount: -1_000),
            .test(6, batch: 3, amount: 99)
        )
        let journal = try await test.postJournal(run: 8, [(1, 5, 12_350), (2, 1, -1_000)])
        #expect(journal.journalID == 1)
        #expect(journal.entries == 6)
        #expect(journal.period == nil)
        #expect(
            journal.lines
                == [
                    .init(glAccount: "1200", debitMinorUnits: 1_000, creditMinorUnits: 12_350),
                    .init(glAccount: "1000", debitMinorUnits: 12_050, creditMinorUnits: 1_000),
                    .init(glAccount: "4100", debitMinorUnits: 300, creditMinorUnits: 0),
                ]
        )
        let trial = try await test.ledger.trialBalance()
        #expect(trial.difference == WideTotal())
        #expect(trial.debits == WideTotal(13_350))
        let lines = try await test.card()
        #expect(lines.first { $0.paymentID == 6 }?.journalID == nil)
        #expect(lines.filter { $0.paymentID != 6 }.allSatisfy { $0.journalID == 1 })
        try await test.reopen()
        #expect(try await test.ledger.trialBalance() == trial)
        #expect(try await test.postJournal(run: 9, [(3, 1, 99)]).journalID == 2)
    }

    @Test("C-03, T-01: a run again gives its first result, byte for byte, and feeds nothing")
    func idempotent() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1))
        let first = try await test.postJournal(run: 1, [(1, 1, 10_000)])
        let before = try await test.dumpAll()
        #expect(try await test.postJournal(run: 1, [(1, 1, 10_000)]) == first)
        try await test.reopen()
        #expect(try await test.postJournal(run: 1, [(1, 1, 10_000)]) == first)
        #expect(try await test.dumpAll() == before)
        let reused = await #expect(throws: RPCError.self) {
            try await test.postJournal(run: 1, [(2, 0, 0)])
        }
        #expect(reused?.reason == "key_reused")
    }

    @Test("T-06: two runs over one batch at once, one of them wins")
    func race() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1))
        let outcomes = await withTaskGroup(of: String.self) { group in
            for run in Int64(1)...8 {
                group.addTask {
                    do {
                        _ = try await test.postJournal(run: run, [(1, 1, 10_000)])
                        return "posted"
                    } catch {
                        return (error as? RPCError)?.reason ?? "\(error)"
                    }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == "posted" } == 1)
        #expect(outcomes.count { $0 == "already_posted" } == 7)
        #expect(try await test.ledger.trialBalance().debits == WideTotal(10_000))
    }

    @Test("A batch that comes to zero has no journal and is fed once all the same")
    func zero() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1), .test(1, .withdraw), .test(2, batch: 2))
        let journal = try await test.postJournal(run: 1, [(1, 2, 0), (9, 0, 0)])
        #expect(journal.journalID == nil)
        #expect(journal.entries == 2)
        for batch in [(1, 2, 0), (9, 0, 0)] as [(Int64, Int64, Int64)] {
            let again = await #expect(throws: RPCError.self) {
                try await test.postJournal(run: 2, [batch, (2, 1, 10_000)])
            }
            #expect(again?.reason == "already_posted")
        }
        #expect(try await test.postJournal(run: 3, [(2, 1, 10_000)]).journalID == 1)
    }

    @Test(
        "A batch whose operations are not all here is not fed, nor the others of its run",
        arguments: [(2, 10_000), (1, 9_999), (0, 0), (1, -10_000)] as [(Int64, Int64)]
    )
    func incomplete(operations: Int64, total: Int64) async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1), .test(2, batch: 2))
        let before = try await test.dumpAll()
        let error = await #expect(throws: RPCError.self) {
            try await test.postJournal(run: 1, [(2, 1, 10_000), (1, operations, total)])
        }
        #expect(error?.reason == "batch_incomplete")
        #expect(error?.details.map(\.field) == ["/batches/1"])
        #expect(error?.retryAfterMilliseconds != nil)
        #expect(try await test.dumpAll() == before)
    }

    @Test("Charges are no part of what a batch must hold")
    func charges() async throws {
        let test = try await TestLedger.make()
        try await test.apply(
            .test(1, amount: -10_000),
            .test(1, .charge, amount: 2_500, code: "A484")
        )
        let journal = try await test.postJournal(run: 1, [(1, 1, -10_000)])
        #expect(journal.journalID == 2)
        #expect(try await test.card().map(\.journalID) == [1, 2])
    }

    @Test("Nothing is booked into a batch that was fed, except a charge")
    func closedBatch() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1))
        _ = try await test.postJournal(run: 1, [(1, 1, 10_000)])
        for late in [PaymentOperation.test(2), .test(1, .withdraw)] {
            let error = await #expect(throws: RPCError.self) { try await test.apply(late) }
            #expect(error?.reason == "already_posted")
        }
        #expect(try await test.apply(.test(1)) == [1])
        #expect(try await test.apply(.test(1, .charge, amount: 1, code: "A484")) == [2])
    }

    @Test("A proof shows the journal, leaves no trace, and may be repeated")
    func proof() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1), .test(2, batch: 2, amount: 5))
        let before = try await test.dumpAll()
        let batches: [(id: Int64, operations: Int64, total: Int64)] = [(1, 1, 10_000), (2, 1, 5)]
        let proof = try await test.postJournal(run: 1, proof: true, batches)
        #expect(try await test.postJournal(run: 1, proof: true, batches) == proof)
        #expect(try await test.dumpAll() == before)
        let posted = try await test.postJournal(run: 2, batches)
        #expect(posted.lines == proof.lines)
        #expect(posted.entries == proof.entries)
        #expect(posted.journalID == 1)
        #expect(proof.journalID == nil)
        let late = await #expect(throws: RPCError.self) {
            try await test.postJournal(run: 3, proof: true, batches)
        }
        #expect(late?.reason == "already_posted")
    }

    @Test("I-03: more than a journal holds is refused; sums on the way may be larger")
    func overflow() async throws {
        let test = try await TestLedger.make()
        try await test.apply(
            .test(1, amount: .max),
            .test(2, account: "73491", amount: .max),
            .test(3, account: "73491", amount: -.max),
            .test(4, batch: 2, account: "33970N", amount: .max),
            .test(5, batch: 3, amount: -1)
        )
        let error = await #expect(throws: RPCError.self) {
            try await test.postJournal(run: 1, [(1, 3, .max), (2, 1, .max)])
        }
        #expect(error?.reason == "amount_out_of_range")
        #expect(try await test.postJournal(run: 2, [(1, 3, .max)]).journalID == 1)
        #expect(try await test.postJournal(run: 3, [(2, 1, .max)]).journalID == 2)
        #expect(try await test.ledger.trialBalance().difference == WideTotal())
        try await test.reopen()
        #expect(try await test.postJournal(run: 4, [(3, 1, -1)]).journalID == 3)
    }

    @Test("A request without batches, with one twice, or of no day is refused")
    func malformed() async throws {
        let test = try await TestLedger.make()
        let error = await #expect(throws: RPCError.self) {
            try await test.postJournal(run: 1, [(1, 0, 0), (1, 0, 0)], date: .max)
        }
        #expect(error?.details.map(\.field) == ["/glDate", "/batches/1/batchID"])
        let empty = await #expect(throws: RPCError.self) { try await test.postJournal(run: 1, []) }
        #expect(empty?.details.map(\.field) == ["/batches"])
    }
}
