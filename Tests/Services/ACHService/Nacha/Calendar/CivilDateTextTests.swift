import Nacha
import Testing
import TestSupport

@Suite struct CivilDateTextTests {
    @Test(
        arguments: [
            "", "2026-6-19", "2026/06/19", "20260619", "2026-06-19 ", " 2026-06-19", "2026-06-31",
            "26-06-19", "2026-06-1x", "２026-06-19", "-026-06-19", "2026-06-190", "0000-01-01",
        ])
    func otherTextThanAnISODateIsRefused(text: String) {
        #expect(CivilDate(iso: text) == nil)
    }

    @Test func earlyYearsKeepTheirZeros() {
        #expect(CivilDate.earliest.iso == "0001-01-01")
        #expect("\(CivilDate.on("0987-06-05"))" == "0987-06-05")
    }

    @Test(
        arguments: [
            ("260619", 1970, "2026-06-19"), ("700101", 1970, "1970-01-01"),
            ("691231", 1970, "2069-12-31"), ("691231", 1950, "1969-12-31"),
            ("491231", 1950, "2049-12-31"), ("000229", 2000, "2000-02-29"),
            ("000229", 2001, nil), ("690101", 2026, "2069-01-01"), ("250101", 2026, "2125-01-01"),
        ])
    func twoDigitYearsFallIntoTheWindow(text: String, start: Int, expected: String?) {
        #expect(CivilDate(yymmdd: text.utf8, centuryStart: start)?.iso == expected)
    }

    @Test(
        arguments: [
            "      ", "000000", "260631", "26061", "2606199", "", "26O619", "26-6-9", "261301",
        ])
    func aNachaDateMustBeRealAndOfSixDigits(text: String) {
        #expect(CivilDate(yymmdd: text.utf8) == nil)
    }

    @Test func everyDayOfTheWindowReadsBackAsItself() throws {
        for number in CivilDate.on("1970-01-01").dayNumber...CivilDate.on("2069-12-31").dayNumber {
            let date = CivilDate(dayNumber: number)
            let text = try #require(date.yymmdd())
            try #require(text.utf8.count == 6)
            try #require(CivilDate(yymmdd: text.utf8) == date)
        }
    }

    @Test func aYearOutsideTheWindowIsNotWritten() {
        #expect(CivilDate.on("2070-01-01").yymmdd() == nil)
        #expect(CivilDate.on("1969-12-31").yymmdd() == nil)
        #expect(CivilDate.on("2070-01-01").yymmdd(centuryStart: 2000) == "700101")
    }

    @Test func theWindowAndTheYearMustBeInRange() {
        #expect(CivilDate(twoDigitYear: 100, month: 1, day: 1) == nil)
        #expect(CivilDate(twoDigitYear: -1, month: 1, day: 1) == nil)
        #expect(CivilDate(twoDigitYear: 1, month: 1, day: 1, centuryStart: .max) == nil)
    }

    @Test(arguments: [("0000", 0), ("1030", 630), ("1645", 1005), ("2359", 1439)])
    func timesAreReadAndWritten(text: String, minutes: Int) throws {
        let time = try #require(TimeOfDay(hhmm: text.utf8))
        #expect(time.minutes == minutes)
        #expect(time.hhmm == text)
        #expect(TimeOfDay(minutes: minutes) == time)
        #expect(TimeOfDay(hour: time.hour, minute: time.minute) == time)
    }

    @Test(arguments: ["2400", "1260", "    ", "103", "10300", "10:3", ""])
    func impossibleTimesAreRefused(text: String) {
        #expect(TimeOfDay(hhmm: text.utf8) == nil)
    }

    @Test func timesAreOrderedAndShown() {
        #expect(TimeOfDay.at("1030") < .at("1031"))
        #expect("\(TimeOfDay.at("0905"))" == "09:05")
        #expect(TimeOfDay(minutes: 1440) == nil)
        #expect(TimeOfDay(minutes: -1) == nil)
        #expect(TimeOfDay(hour: 24, minute: 0) == nil)
    }
}
