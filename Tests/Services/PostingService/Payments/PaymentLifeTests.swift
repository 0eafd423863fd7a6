import LedgerRules
import Protocol
import Testing

@testable import Bookkeeping

@Suite("Payments that are withdrawn, reversed, charged for or adopted")
struct PaymentLifeTests {
    @Test("A withdrawal books the record's opposite, in the same group or later")
    func withdraw() async throws {
        let test = try await TestLedger.make()
        #expect(
            try await test.apply(.test(1), .test(2, amount: 500), .test(2, .withdraw, amount: 500))
                == [1, 2, 3]
        )
        #expect(try await test.balance("99999") == -10_000)
        #expect(try await test.apply(.test(1, .withdraw)) == [4])
        #expect(try await test.balance("99999") == 0)
        let lines = try await test.card()
        #expect(lines.map(\.sourceTransactionID) == ["P1/withdraw", "P2/withdraw", "P2", "P1"])
        #expect(lines.map(\.paymentID) == [1, 2, 2, 1])
        #expect(
            try await test.integer("SELECT amount FROM payment_entry WHERE entry_id = 4") == -10_000
        )
        #expect(
            try await test.integer("SELECT reverses_entry FROM payment_entry WHERE entry_id = 4")
                == 1
        )
    }

    @Test("A withdrawal of another amount or account than the record's is refused")
    func withdrawDiffers() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1))
        for bad in [
            PaymentOperation.test(1, .withdraw, amount: 1),
            .test(1, .withdraw, account: "73491"), .test(1, .withdraw, account: "AX84"),
        ] {
            let error = await #expect(throws: RPCError.self) { try await test.apply(bad) }
            #expect(error?.reason == "record_differs")
        }
        #expect(try await test.balance("99999") == -10_000)
    }

    @Test("M-04: a reversal is a payment with a negative amount that keeps what it reverses")
    func reversal() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1))
        #expect(try await test.apply(.test(2, batch: 2, amount: -10_000, reverses: 1)) == [2])
        #expect(try await test.balance("99999") == 0)
        #expect(
            try await test.integer("SELECT reverses_entry FROM payment_entry WHERE entry_id = 2")
                == 1
        )
        // Told without its reference, as before its original's entry was known: still the same.
        #expect(try await test.apply(.test(2, batch: 2, amount: -10_000)) == [2])
        #expect(try await test.apply(.test(2, .withdraw, batch: 2, amount: -10_000)) == [3])
        #expect(try await test.balance("99999") == -10_000)
    }

    @Test("A charge is booked under its code and feeds the general ledger by itself")
    func charge() async throws {
        let test = try await TestLedger.make()
        #expect(
            try await test.apply(
                .test(1, amount: -10_000),
                .test(1, .charge, amount: 2_500, code: "ABC123"),
                .test(2, .charge, amount: 1_500, code: "A484")
            ) == [1, 2, 3]
        )
        #expect(try await test.balance("99999") == 14_000)
        let lines = try await test.card()
        #expect(lines.map(\.kind) == ["D", "D", "P"])
        #expect(lines.map(\.detailCode) == ["A484", "ABC123", ""])
        #expect(lines.map(\.journalID) == [2, 1, nil])
        #expect(lines[1].sourceTransactionID == "P1/charge")
        let trial = try await test.ledger.trialBalance()
        #expect(trial.difference == WideTotal())
        #expect(trial.debits == WideTotal(4_000))
        #expect(
            trial.lines.map(\.glAccount) == ["1200", "4000", "4100"]
        )
        try await test.reopen()
        #expect(try await test.ledger.trialBalance() == trial)
        #expect(try await test.apply(.test(3, .charge, amount: 1, code: "A484")) == [4])
        #expect(try await test.card().first?.journalID == 3)
        try await test.post(TestSet([.init(id: "1")]))
        #expect(try await test.card().first?.journalID == 4)
    }

    @Test("A payment that was booked here first is adopted: no second entry, its numbers follow")
    func adopt() async throws {
        let test = try await TestLedger.make()
        #expect(try await test.bookUnscheduled() == 1)
        let before = try await test.card()
        #expect(before.map(\.paymentID) == [nil])
        #expect(before.map(\.batchID) == [nil])
        #expect(try await test.apply(.test(5, batch: 4, entry: 1)) == [1])
        #expect(try await test.apply(.test(5, batch: 4, entry: 1)) == [1])
        #expect(try await test.apply(.test(5, batch: 4)) == [1])
        let after = try await test.card()
        #expect(after.map(\.paymentID) == [5])
        #expect(after.map(\.batchID) == ["4"])
        #expect(try await test.balance("99999") == -10_000)
        let journal = try await test.postJournal(run: 1, [(4, 1, 10_000)])
        #expect(journal.entries == 1)
    }

    @Test("What is adopted must be the same payment, and nobody else's")
    func adoptDiffers() async throws {
        let test = try await TestLedger.make()
        _ = try await test.bookUnscheduled()
        for (reason, bad) in [
            ("record_differs", PaymentOperation.test(5, amount: 1, entry: 1)),
            ("record_differs", .test(5, account: "73491", entry: 1)),
        ] {
            let error = await #expect(throws: RPCError.self) { try await test.apply(bad) }
            #expect(error?.reason == reason)
        }
        try await test.apply(.test(5, entry: 1))
        let taken = await #expect(throws: RPCError.self) {
            try await test.apply(.test(6, entry: 1))
        }
        #expect(taken?.reason == "key_reused")
    }

    @Test("A payment that is adopted and withdrawn in one group comes to nothing")
    func adoptAndWithdraw() async throws {
        let test = try await TestLedger.make()
        _ = try await test.bookUnscheduled()
        #expect(
            try await test.apply(.test(5, entry: 1), .test(5, .withdraw, entry: 1)) == [1, 2]
        )
        #expect(try await test.balance("99999") == 0)
        let journal = try await test.postJournal(run: 1, [(1, 2, 0)])
        #expect(journal.journalID == nil)
        #expect(journal.lines.isEmpty)
    }

    @Test("A reversal and a withdrawal take their money back from the account that it went to")
    func cashAccounts() async throws {
        let test = try await TestLedger.make()
        _ = try await test.bookUnscheduled(text: "T1", cash: "4100")
        _ = try await test.bookUnscheduled(text: "T2", cash: "4100")
        try await test.apply(
            .test(1, entry: 1),
            .test(2, entry: 2),
            .test(3, batch: 2, amount: -10_000, reverses: 1),
            .test(2, .withdraw, entry: 2)
        )
        let journal = try await test.postJournal(run: 1, [(1, 3, 10_000), (2, 1, -10_000)])
        #expect(
            journal.lines
                == [
                    .init(glAccount: "1200", debitMinorUnits: 10_000, creditMinorUnits: 10_000),
                    .init(glAccount: "4100", debitMinorUnits: 10_000, creditMinorUnits: 10_000),
                ]
        )
    }

    @Test("C-01, M-01: payments and sets in any order keep balances, chains and the index whole")
    func random() async throws {
        let test = try await TestLedger.make()
        var generator = SeededGenerator(seed: 4)
        var balance: [String: Int64] = [:]
        var recorded: [PaymentOperation] = []
        for round in 0..<60 {
            if round % 7 == 3 {
                try await test.post(
                    TestSet((0..<40).map { .init(amount: 100, id: "\(round)-\($0)") })
                )
                balance["99999", default: 0] += 4_000
            }
            if round % 20 == 19 { try await test.reopen() }
            var group: [PaymentOperation] = []
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                let account = ["99999", "73491", "33970N"].randomElement(using: &generator)!
                if let old = recorded.last, Int.random(in: 0..<4, using: &generator) == 0 {
                    recorded.removeLast()
                    var undo = old
                    undo.kind = .withdraw
                    group.append(undo)
                    balance[old.accountID, default: 0] += old.amountMinorUnits
                } else {
                    let amount = Int64.random(in: -500...5_000, using: &generator)
                    let id = Int64(round * 100 + group.count + 1)
                    let new = PaymentOperation.test(id, account: account, amount: amount)
                    group.append(new)
                    recorded.append(new)
                    balance[account, default: 0] -= amount
                }
            }
            _ = try await test.ledger.apply(group)
        }
        for (account, expected) in balance {
            #expect(try await test.balance(account) == expected)
        }
        // A source transaction id of a set is found again among the payments' entries.
        let again = try await test.post(TestSet([.init(amount: 100, id: "3-0")]))
        #expect(again.failures.count == 1)
        try await test.reopen()
        for (account, expected) in balance {
            #expect(try await test.balance(account) == expected)
        }
        try await PaymentSums.check(test)
    }
}
