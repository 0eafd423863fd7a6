import Nacha
import Testing
import TestSupport

@Suite struct CivilDateTests {
    @Test(
        arguments: [
            (2026, 2, 29), (1900, 2, 29), (2100, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1),
            (2026, 1, 0), (2026, 1, 32), (0, 1, 1), (10_000, 1, 1), (-4, 2, 29), (2026, -1, 1),
        ])
    func impossibleDatesAreRefused(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test(arguments: [(2024, 2, 29), (2000, 2, 29), (1, 1, 1), (9999, 12, 31), (2026, 12, 31)])
    func realDatesAreAccepted(year: Int, month: Int, day: Int) throws {
        let date = try #require(CivilDate(year: year, month: month, day: day))
        #expect(date.year == year && date.month == month && date.day == day)
    }

    @Test(
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("2026-06-19", 20_623),
            ("1900-01-01", -25_567), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
        ])
    func knownDaysHaveTheirNumber(iso: String, number: Int) {
        #expect(CivilDate.on(iso).dayNumber == number)
        #expect(CivilDate(dayNumber: number).iso == iso)
    }

    @Test func everyDayFrom1900To2200FollowsTheOneBefore() throws {
        // The oracle only counts months by a table, and days of the week by turns.
        var number = CivilDate.on("1900-01-01").dayNumber
        var weekday = Weekday.monday
        for year in 1900...2200 {
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            var place = 1
            for month in 1...12 {
                for day in 1...lengths[month - 1] {
                    let date = try #require(CivilDate(year: year, month: month, day: day))
                    try #require(date.dayNumber == number)
                    try #require(CivilDate(dayNumber: number) == date)
                    try #require(date.weekday == weekday)
                    try #require(date.dayOfYear == place)
                    try #require(CivilDate(year: year, dayOfYear: place) == date)
                    try #require(CivilDate(iso: date.iso) == date)
                    number += 1
                    place += 1
                    weekday = Weekday(rawValue: weekday.rawValue % 7 + 1) ?? .monday
                }
                #expect(CivilDate(year: year, month: month, day: lengths[month - 1] + 1) == nil)
            }
            #expect(CivilDate(year: year, dayOfYear: place) == nil)
        }
        #expect(weekday == .thursday)
    }

    @Test func addingDaysCrossesMonthsAndYears() {
        #expect(CivilDate.on("2026-12-31").adding(days: 1) == .on("2027-01-01"))
        #expect(CivilDate.on("2024-03-01").adding(days: -1) == .on("2024-02-29"))
        #expect(CivilDate.on("2026-01-01").days(to: .on("2025-01-01")) == -365)
    }

    @Test func addingPastTheLastYearStopsAtTheEnd() {
        #expect(CivilDate.on("9999-12-30").adding(days: 5) == .latest)
        #expect(CivilDate.on("2026-01-01").adding(days: .max) == .latest)
        #expect(CivilDate.on("1960-01-01").adding(days: .min) == .earliest)
        #expect(CivilDate(dayNumber: .min) == .earliest)
        #expect(CivilDate(dayNumber: .max) == .latest)
    }

    @Test func datesAreOrderedByTheCalendar() {
        let days = ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01"].map(CivilDate.on)
        #expect(days.shuffled().sorted() == days)
    }

    @Test(
        arguments: [
            (366, "2026-06-01", nil), (1, "2025-12-31", "2026-01-01"),
            (365, "2026-01-01", "2025-12-31"), (366, "2025-01-02", "2024-12-31"),
            (175, "2026-06-23", "2026-06-24"), (0, "2026-06-23", nil), (367, "2024-12-31", nil),
        ])
    func aJulianDayMeansTheNearestOne(place: Int, reference: String, expected: String?) {
        #expect(CivilDate(dayOfYear: place, nearest: .on(reference))?.iso == expected)
    }
}
