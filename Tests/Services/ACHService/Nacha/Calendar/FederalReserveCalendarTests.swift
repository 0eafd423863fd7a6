import Nacha
import Testing
import TestSupport

@Suite struct FederalReserveCalendarTests {
    let calendar = FederalReserveCalendar()

    @Test(
        arguments: [
            ("2026-07-03", true), ("2027-06-18", true), ("2027-07-05", false),
            ("2027-12-24", true), ("2027-12-31", true), ("2029-11-12", false),
            ("2022-06-20", false), ("2021-06-18", true), ("2026-11-27", true),
            ("2026-06-19", false), ("2026-11-26", false), ("2026-01-19", false),
            ("2026-02-16", false), ("2026-05-25", false), ("2026-09-07", false),
            ("2026-10-12", false), ("2026-12-25", false), ("2026-06-20", false),
            ("2026-06-21", false), ("2023-01-02", false), ("1985-01-21", true),
            ("1986-01-20", false), ("2020-06-19", true),
        ])
    func theDesignsDaysAreOpenOrClosed(iso: String, isOpen: Bool) {
        #expect(calendar.isBankingDay(.on(iso)) == isOpen)
    }

    @Test(arguments: 1970...2100)
    func theYearsClosingsAreThoseOfADayByDayWalk(year: Int) throws {
        let expected = HolidayOracle.closings(in: year)
        #expect(calendar.closings(in: year).map(\.date.iso) == expected)
        let first = try #require(CivilDate(year: year, month: 1, day: 1))
        let last = try #require(CivilDate(year: year, month: 12, day: 31))
        let found = (first.dayNumber...last.dayNumber).map(CivilDate.init(dayNumber:)).filter {
            !$0.weekday.isWeekend && !calendar.isBankingDay($0)
        }
        #expect(found.map(\.iso) == expected)
    }

    @Test func theYear2026HasItsNamedHolidays() {
        #expect(
            calendar.closings(in: 2026).map { "\($0.date) \($0.name)" } == [
                "2026-01-01 New Year's Day", "2026-01-19 Martin Luther King Jr. Day",
                "2026-02-16 Presidents' Day", "2026-05-25 Memorial Day", "2026-06-19 Juneteenth",
                "2026-09-07 Labor Day", "2026-10-12 Columbus Day", "2026-11-11 Veterans Day",
                "2026-11-26 Thanksgiving Day", "2026-12-25 Christmas Day",
            ]
        )
        #expect(FederalHoliday.independence.date(in: 2026) == .on("2026-07-04"))
        #expect(FederalHoliday.independence.closing(in: 2026) == nil)
    }

    @Test func aHolidayIsNamedOnTheDayItCloses() {
        #expect(calendar.holiday(closing: .on("2027-07-05")) == .independence)
        #expect(calendar.holiday(closing: .on("2027-07-04")) == nil)
        #expect(calendar.holiday(closing: .on("2026-07-03")) == nil)
    }

    @Test func holidaysBeginInTheirFirstYear() {
        #expect(FederalHoliday.martinLutherKing.date(in: 1985) == nil)
        #expect(FederalHoliday.juneteenth.date(in: 2020) == nil)
        #expect(FederalHoliday.juneteenth.date(in: 2021) == .on("2021-06-19"))
        #expect(FederalHoliday.juneteenth.closing(in: 2021) == nil)
        #expect(FederalHoliday.christmas.date(in: 0) == nil)
        #expect(FederalHoliday.christmas.date(in: 10_000) == nil)
    }

    @Test func aDeploymentClosesDaysOfItsOwn() {
        let day = CivilDate.on("2026-03-10")
        let own = FederalReserveCalendar(extraClosings: [day: "Storm", .on("2026-12-25"): "Ours"])
        #expect(!own.isBankingDay(day))
        #expect(calendar.isBankingDay(day))
        #expect(own.bankingDay(onOrAfter: day) == .on("2026-03-11"))
        #expect(own.closings(in: 2026).contains { $0.date == day && $0.name == "Storm" })
        #expect(own.closings(in: 2026).count == 11)
        #expect(own.closings(in: 2027).count == calendar.closings(in: 2027).count)
    }
}
