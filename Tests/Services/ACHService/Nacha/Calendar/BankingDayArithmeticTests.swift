import Nacha
import Testing
import TestSupport

@Suite struct BankingDayArithmeticTests {
    let calendar = FederalReserveCalendar()

    @Test(
        arguments: [
            ("2026-06-18", 1, "2026-06-22"), ("2026-07-02", 1, "2026-07-03"),
            ("2026-07-03", 1, "2026-07-06"), ("2026-06-20", 1, "2026-06-22"),
            ("2026-06-20", 0, "2026-06-22"), ("2026-06-18", 0, "2026-06-18"),
            ("2026-06-22", -1, "2026-06-18"), ("2026-06-21", -1, "2026-06-18"),
            ("2026-12-24", 5, "2027-01-04"), ("2027-01-04", -5, "2026-12-24"),
        ])
    func bankingDaysAreCountedFromADay(start: String, count: Int, expected: String) {
        #expect(calendar.adding(bankingDays: count, to: .on(start)) == .on(expected))
    }

    @Test func aClosedDayHasNeighboursOnBothSides() {
        let holiday = CivilDate.on("2026-06-19")
        #expect(calendar.bankingDay(onOrAfter: holiday) == .on("2026-06-22"))
        #expect(calendar.bankingDay(onOrBefore: holiday) == .on("2026-06-18"))
        #expect(calendar.bankingDay(after: holiday) == .on("2026-06-22"))
        #expect(calendar.bankingDay(before: holiday) == .on("2026-06-18"))
        #expect(calendar.bankingDay(onOrBefore: .on("2026-06-18")) == .on("2026-06-18"))
    }

    @Test func addingThenSubtractingComesBack() throws {
        for offset in stride(from: 0, to: 800, by: 1) {
            let day = calendar.bankingDay(
                onOrAfter: CivilDate.on("2026-01-01").adding(days: offset)
            )
            for count in [1, 2, 3, 5, 6, 20, 251] {
                let later = calendar.adding(bankingDays: count, to: day)
                try #require(calendar.isBankingDay(later))
                try #require(later > day)
                try #require(calendar.adding(bankingDays: -count, to: later) == day)
                try #require(calendar.bankingDays(from: day, to: later) == count)
                try #require(calendar.bankingDays(from: later, to: day) == -count)
            }
        }
    }

    @Test func theCountLeadsFromAnyDayToAnyBankingDay() throws {
        let first = CivilDate.on("2026-12-15")
        for from in 0..<45 {
            for to in 0..<45 {
                let start = first.adding(days: from)
                let end = first.adding(days: to)
                guard calendar.isBankingDay(end), start != end else { continue }
                let count = calendar.bankingDays(from: start, to: end)
                try #require(calendar.adding(bankingDays: count, to: start) == end)
            }
        }
    }

    @Test func countsAddUpAlongTheWay() {
        let start = CivilDate.on("2026-01-01")
        let middle = CivilDate.on("2026-06-20")
        let end = CivilDate.on("2026-12-31")
        #expect(calendar.bankingDays(from: start, to: start) == 0)
        #expect(
            calendar.bankingDays(from: start, to: middle)
                + calendar.bankingDays(from: middle, to: end)
                == calendar.bankingDays(from: start, to: end)
        )
        // 261 weekdays, less ten closings; 1 January is itself closed and not counted.
        #expect(calendar.bankingDays(from: start, to: end) == 251)
    }

    @Test func stepsEndWhereTheCalendarEnds() {
        #expect(calendar.adding(bankingDays: 10, to: .on("9999-12-30")) == .on("9999-12-31"))
        #expect(calendar.adding(bankingDays: -10, to: .on("0001-01-03")) == .on("0001-01-01"))
    }
}
