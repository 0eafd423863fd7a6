import LedgerRules
import Money
import Testing

@Suite("Rules of a whole set")
struct SetRuleTests {
    private func refusals(
        sourceIsKnown: Bool = true,
        recordCount: Int64 = 2,
        total: Int64 = 500,
        count: Int = 2,
        sum: Int64? = 500
    ) -> [SetRefusal] {
        SetRefusal.all(
            of: SetClaims(
                sourceIsKnown: sourceIsKnown,
                sourceName: "S",
                recordCount: recordCount,
                totalAmount: Amount(minorUnits: total)
            ),
            count: count,
            sum: sum.map { Amount(minorUnits: $0) }
        )
    }

    @Test("A1-2: a set whose header tells the truth stands")
    func stands() {
        #expect(refusals().isEmpty)
    }

    @Test("A1-2: each false claim is a reason, and all of them are told")
    func reasons() {
        #expect(refusals(recordCount: 3) == [.countDiffers(claimed: 3, found: 2)])
        #expect(
            refusals(total: 501)
                == [
                    .totalDiffers(
                        claimed: Amount(minorUnits: 501),
                        found: Amount(minorUnits: 500)
                    )
                ]
        )
        #expect(refusals(sum: nil) == [.sumOutOfRange])
        #expect(refusals(sourceIsKnown: false) == [.unknownSource("S")])
        let all = refusals(sourceIsKnown: false, recordCount: 1, total: 1)
        #expect(
            SetRefusal.message(all) == """
                Invalid source_name: S; Invalid record_count: 1, the set has 2 transactions; \
                Invalid total_amount: 0.01, the amounts add up to 5.00
                """
        )
    }

    @Test("A charge debits the receivable and credits the code's GL account")
    func charge() {
        var journal = JournalTotals(glAccounts: 3)
        let booked = [
            journal.book(.charge, amount: 500, glAccount: 1),
            journal.book(.charge, amount: -200, glAccount: 1),
            journal.book(.payment, amount: 300, glAccount: 2),
            journal.book(.payment, amount: -100, glAccount: 2),
        ]
        #expect(booked == [true, true, true, true])
        let lines = journal.lines(receivableAccount: 0)
        #expect(lines.map(\.glAccount) == [0, 1, 2])
        #expect(
            lines.map(\.total) == [
                DebitCredit(debit: 600, credit: 500), DebitCredit(debit: 200, credit: 500),
                DebitCredit(debit: 300, credit: 100),
            ]
        )
        #expect(journal.turnover == 1_100)
    }

    @Test("A detail code on the receivable account itself still balances")
    func receivableCode() {
        var journal = JournalTotals(glAccounts: 1)
        let booked = journal.book(.charge, amount: 500, glAccount: 0)
        #expect(booked)
        let lines = journal.lines(receivableAccount: 0)
        #expect(lines.map(\.total) == [DebitCredit(debit: 500, credit: 500)])
    }

    @Test("I-03: a journal whose turnover leaves 64 bits books nothing more")
    func journalOverflow() {
        var journal = JournalTotals(glAccounts: 2)
        let booked = [
            journal.book(.charge, amount: .min, glAccount: 1),
            journal.book(.charge, amount: .max, glAccount: 1),
            journal.book(.charge, amount: -1, glAccount: 1),
        ]
        #expect(booked == [false, true, false])
        let lines = journal.lines(receivableAccount: 0)
        #expect(lines.map(\.total.credit) == [0, .max])
    }
}
