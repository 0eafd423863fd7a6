import LedgerRules
import Money
import Protocol
import Storage
import Testing

@testable import Bookkeeping

@Suite("The ledger against an independent model")
struct LedgerModelTests {
    /// One random life of a ledger.
    private struct Life {
        let test: TestLedger
        var model = LedgerModel()
        var generator: SeededGenerator
        var nextSet: Int64 = 1
        var sent: [(id: Int64, set: TestSet, policy: CommitPolicy, result: PostSetResult)] = []

        static let accounts = (0..<40).map { "9\(String($0 + 1_000))" }
        static let codes = ["CH1", "CH2", "CH3", "PY1", "PY2", "XX1"]

        mutating func below(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }

        mutating func importEverything() async throws {
            var accounts = "account_id,name,inactive\n"
            for account in Self.accounts {
                let inactive = below(12) == 0
                model.inactive[account] = inactive
                accounts += "\(account),N,\(inactive)\n"
            }
            var codes = "detail_code,description,type,gl_account,active\n"
            for code in Self.codes.dropLast() {
                let state = LedgerModel.Code(
                    isCharge: below(8) == 0 ? code.hasPrefix("PY") : code.hasPrefix("CH"),
                    gl: ["4000", "4100", "1000", "1200"][below(4)],
                    active: below(10) != 0
                )
                model.codes[code] = state
                codes += "\(code),D,\(state.isCharge ? "C" : "P"),\(state.gl),\(state.active)\n"
            }
            _ = try await test.importAccounts(accounts)
            _ = try await test.importCodes(codes)
        }

        mutating func randomSet() -> TestSet {
            let rows = (0..<(below(60) + 1)).map { _ in
                TestSet.Row(
                    account: below(30) == 0 ? "70000" : Self.accounts[below(40)],
                    code: Self.codes[below(Self.codes.count)],
                    amount: below(25) == 0 ? 0 : Int64(below(2_000_000)) - 600_000,
                    id: "T\(below(300_000))"
                )
            }
            var set = TestSet(rows, isTrial: below(5) == 0, source: "SYS\(below(3))")
            if below(30) == 0 { set.claimedCount = Int64(rows.count) + 1 }
            if below(30) == 0 { set.claimedTotal = set.total + 1 }
            return set
        }

        mutating func step() async throws -> Int {
            if below(400) == 0 { try await importEverything() }
            if below(20) == 0, !sent.isEmpty {
                let old = sent[below(sent.count)]
                let again = try await test.post(old.set, id: old.id, policy: old.policy)
                #expect(again == old.result)
                return old.set.rows.count
            }
            let set = randomSet()
            let policy: CommitPolicy = below(4) == 0 ? .allOrNothing : .perTransaction
            let result = try await test.post(set, id: nextSet, policy: policy)
            let expected = model.post(set, id: nextSet, policy: policy)
            #expect(result.transactionsLoaded == expected.loaded)
            #expect(result.failures == expected.failures)
            #expect((result.errorMessage != nil) == expected.refused)
            if !set.isTrial { sent.append((nextSet, set, policy, result)) }
            nextSet += 1
            return set.rows.count
        }
    }

    @Test("M-01: 100,000 random operations leave the model's entries, balances and totals")
    func randomOperations() async throws {
        var life = Life(test: try await TestLedger.make(), generator: SeededGenerator(seed: 2026))
        try await life.importEverything()
        var operations = 0
        var restarts = 0
        while operations < 100_000 {
            operations += try await life.step()
            if operations / 30_000 > restarts {
                restarts += 1
                try await life.test.reopen()
            }
        }
        try await compare(life)
        try await life.test.reopen()
        try await compare(life)
    }

    private func compare(_ life: Life) async throws {
        let entries = try await life.test.exported()
        #expect(entries.map(\.entryID) == Array(1...Int64(life.model.entries.count)))
        for (held, expected) in zip(entries, life.model.entries) {
            #expect(held.accountID == expected.account)
            #expect(held.detailCode == expected.code)
            #expect(held.kind == expected.kind)
            #expect(held.amount == Amount(minorUnits: expected.amount).fixedDecimal)
            #expect(held.sourceName == expected.source)
            #expect(held.sourceTransactionID == expected.id)
            #expect(held.batchID == String(expected.set))
        }
        for account in Life.accounts {
            let balance = try await life.test.balance(account)
            #expect(balance == life.model.balances[account, default: 0])
        }
        let trial = try await life.test.ledger.trialBalance()
        #expect(trial.difference == WideTotal())
        for line in trial.lines {
            let debits = life.model.debits[line.glAccount, default: 0]
            #expect(line.debits == WideTotal(Int128(debits)))
            let credits = life.model.credits[line.glAccount, default: 0]
            #expect(line.credits == WideTotal(Int128(credits)))
        }
        try await LedgerSums.check(life.test)
    }
}

/// The store's own sums: what blocks, chains and GL tables say must follow from the entries.
enum LedgerSums {
    static func check(_ test: TestLedger) async throws {
        let entries = try await test.integer("SELECT COUNT(*) FROM entry")
        #expect(try await test.integer("SELECT MAX(id) FROM entry") == entries)
        #expect(
            try await test.integer("SELECT SUM(entries) FROM posting") == entries
        )
        let unbalanced = try await test.integer(
            """
            SELECT COUNT(*) FROM (SELECT journal_id FROM gl_line GROUP BY journal_id
            HAVING SUM(debit) <> SUM(credit) OR SUM(debit) = 0)
            """
        )
        #expect(unbalanced == 0)
        let differing = try await test.integer(
            """
            SELECT COUNT(*) FROM gl_balance b WHERE debit_low <>
            (SELECT SUM(debit) FROM gl_line l WHERE l.gl = b.gl) OR credit_low <>
            (SELECT SUM(credit) FROM gl_line l WHERE l.gl = b.gl)
            """
        )
        #expect(differing == 0)
        let accounts = try await test.ledger.store.read { transaction in
            let statement = try transaction.statement("SELECT account_id FROM account")
            defer { statement.reset() }
            var all: [String] = []
            while try statement.step() { all.append(statement.string(0)) }
            return all
        }
        for account in accounts { try await checkCard(of: account, test) }
    }

    /// Walks an account's card: its balances must be those of its sum, entry by entry.
    private static func checkCard(of account: String, _ test: TestLedger) async throws {
        let number = try await test.ledger.account(account)?.number ?? -1
        let sum = try await test.integer(
            """
            SELECT SUM(CASE c.type WHEN 'charge' THEN e.amount ELSE -e.amount END)
            FROM entry e JOIN detail_code c ON c.id = e.code WHERE e.account = \(number)
            """
        )
        #expect(try await test.balance(account) == sum)
        let held = try await test.integer("SELECT COUNT(*) FROM entry WHERE account = \(number)")
        var walked: Int64 = 0
        var continuation: String?
        repeat {
            let page = try await test.ledger.card(
                of: account,
                for: "reader",
                pageSize: 1_000,
                continuation: continuation
            )
            walked += Int64(page?.entries ?? 0)
            continuation = page?.next
        } while continuation != nil
        #expect(walked == held)
    }
}
