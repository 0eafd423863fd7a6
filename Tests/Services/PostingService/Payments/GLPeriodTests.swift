import Dates
import Importing
import LedgerRules
import Protocol
import Testing

@testable import Bookkeeping

@Suite("GL periods and settings")
struct GLPeriodTests {
    static let periods = """
        year,period,first_day,last_day,closed
        2024,1,2024-01-01,2024-01-31,true
        2024,3,2024-03-01,2024-03-31,
        2024,4,2024-04-01,2024-04-30,yes

        """

    @Test("The GL date's period must be open, unless the poster may override it")
    func closed() async throws {
        let test = try await TestLedger.make()
        #expect(
            try await test.importPeriods(Self.periods)
                == ImportResult(imported: 3, created: 3, changed: 0)
        )
        try await test.apply(.test(1))
        let before = try await test.dumpAll()
        let closed = await #expect(throws: RPCError.self) {
            try await test.postJournal(run: 1, [(1, 1, 10_000)], date: day + 20)
        }
        #expect(closed?.reason == "period_closed")
        #expect(closed?.message.hasPrefix("2024-04-04 is in GL period 2024/04,") == true)
        let outside = await #expect(throws: RPCError.self) {
            try await test.postJournal(run: 1, [(1, 1, 10_000)], date: day + 365)
        }
        #expect(outside?.reason == "period_closed")
        #expect(outside?.message.hasPrefix("2025-03-15 is in no GL period") == true)
        #expect(try await test.dumpAll() == before)
        #expect(
            try await test.postJournal(run: 1, proof: true, [(1, 1, 10_000)]).period == "2024/03"
        )
        #expect(
            try await test.postJournal(
                run: 1,
                proof: true,
                [(1, 1, 10_000)],
                date: day + 365,
                overrides: true
            ).period == nil
        )
        let posted = try await test.postJournal(
            run: 1,
            [(1, 1, 10_000)],
            date: day + 20,
            overrides: true
        )
        #expect(posted.period == "2024/04")
        #expect(posted.journalID == 1)
    }

    @Test("Periods are replaced by year and period; a file with a fault changes nothing")
    func importing() async throws {
        let test = try await TestLedger.make()
        _ = try await test.importPeriods(Self.periods)
        #expect(
            try await test.importPeriods(
                "year,period,first_day,last_day,closed\n2024,4,2024-04-01,2024-04-30,no\n"
            ) == ImportResult(imported: 1, created: 0, changed: 1)
        )
        let before = try await test.dumpAll()
        let error = await #expect(throws: RPCError.self) {
            try await test.importPeriods(
                """
                year,period,first_day,last_day,closed
                2024,2,2024-01-31,2024-02-29,
                2024,5,2024-05-31,2024-05-01,
                2024,6,2024-06-31,2024-06-30,
                2024,0,2024-06-01,2024-06-30,x
                2024,7,2024-07-01,2024-07-31,
                2024,7,2024-08-01,2024-08-31,

                """
            )
        }
        let codes = Set(error?.details.map(\.code) ?? [])
        #expect(
            codes
                == ["overlapping", "out_of_range", "malformed", "unknown_word", "repeated"]
        )
        #expect(try await test.dumpAll() == before)
    }

    @Test("Settings have defaults, take their values in either form, and refuse others")
    func settings() async throws {
        let test = try await TestLedger.make()
        #expect(
            try await test.ledger.settings().map(\.value)
                == [.truth(false), .integer(1, in: 1...12)]
        )
        func change(_ text: String) throws -> SettingChange {
            try Array(text.utf8).withUnsafeBytes { try SettingChange($0) }
        }
        for text in [
            #"{"name":"require_term_codes","value":true}"#,
            #"{"name":"fiscal_year_start_month","value":"10"}"#,
            #"{"name":"fiscal_year_start_month","value":7}"#,
        ] { try await test.put(text) }
        try await test.reopen()
        #expect(
            try await test.ledger.settings().map(\.value)
                == [.truth(true), .integer(7, in: 1...12)]
        )
        for (field, text) in [
            ("/name", #"{"name":"x","value":true}"#),
            ("/value", #"{"name":"require_term_codes","value":1}"#),
            ("/value", #"{"name":"fiscal_year_start_month","value":13}"#),
            ("/value", #"{"name":"fiscal_year_start_month","value":1.0}"#),
            ("/value", #"{"name":"fiscal_year_start_month"}"#),
            ("/other", #"{"name":"fiscal_year_start_month","value":1,"other":2}"#),
        ] {
            let error = #expect(throws: RPCError.self) { try change(text) }
            #expect(error?.details.map(\.field) == [field])
        }
    }
}

@Suite("Rules of feeding and periods")
struct FeedRuleTests {
    @Test("M-06: a batch's net is exact over its cash accounts, whatever the order")
    func net() {
        var net = BatchNet()
        for amount in [Int64.max, .max, 3_334, 3_333, 3_333, -.max] {
            net.add(amount: amount, cashAccount: amount == 3_334 ? 1 : 0)
        }
        #expect(net.entries == 6)
        #expect(net.total == Int128(Int64.max) + 10_000)
        #expect(!net.isComplete(entries: 6, total: .max))
        net.add(amount: -10_000, cashAccount: 1)
        #expect(net.isComplete(entries: 7, total: .max))
        #expect(!net.isComplete(entries: 6, total: .max))
    }

    @Test("A journal of batches is balanced, and false where it leaves 64 bits")
    func feed() {
        var batch = BatchNet()
        batch.add(amount: 700, cashAccount: 1)
        batch.add(amount: -200, cashAccount: 2)
        var totals = JournalTotals(glAccounts: 3)
        let isFed = totals.feed(batch)
        #expect(isFed)
        let lines = totals.lines(receivableAccount: 0)
        #expect(lines.map(\.glAccount) == [0, 1, 2])
        #expect(
            lines.map(\.total)
                == [
                    DebitCredit(debit: 200, credit: 700), DebitCredit(debit: 700),
                    DebitCredit(credit: 200),
                ]
        )
        #expect(JournalTotals.isBalanced(lines))
        #expect(!JournalTotals.isBalanced([(0, DebitCredit(debit: 1))]))
        var large = BatchNet()
        large.add(amount: .max, cashAccount: 1)
        let isTooLarge = !totals.feed(large)
        #expect(isTooLarge)
    }

    @Test("Periods that share a day are found, also across one between them")
    func overlaps() {
        func period(_ number: Int64, _ first: Int, _ last: Int) -> GLPeriod {
            GLPeriod(
                year: 2024,
                period: number,
                firstDay: CalendarDay(daysSince1970: first),
                lastDay: CalendarDay(daysSince1970: last),
                isClosed: false
            )
        }
        #expect(GLPeriod.overlaps(in: []).isEmpty)
        #expect(GLPeriod.overlaps(in: [period(2, 11, 20), period(1, 1, 10)]).isEmpty)
        let found = GLPeriod.overlaps(in: [
            period(1, 1, 30), period(2, 5, 6), period(3, 30, 31), period(4, 32, 32),
        ])
        #expect(found.map(\.period.period) == [2, 3])
        #expect(found.map(\.with.period) == [1, 1])
    }

    @Test("Without periods every day is allowed")
    func verdicts() {
        #expect(PeriodVerdict(anyPeriods: false, found: nil, overrides: false) == .noPeriod)
        #expect(PeriodVerdict(anyPeriods: true, found: nil, overrides: false) == .refusedOutside)
        #expect(PeriodVerdict(anyPeriods: true, found: nil, overrides: true) == .noPeriod)
    }
}
