internal import Dates

extension CivilDate {
    /// Days since 1970-01-01, negative before it.
    package var dayNumber: Int {
        Gregorian.daysSince1970(year: year, month: month, day: day)
    }

    /// The day that many days after 1970-01-01; a number beyond the years 1 to 9999 is clamped.
    package init(dayNumber: Int) {
        let lowest = CivilDate.earliest.dayNumber
        let highest = CivilDate.latest.dayNumber
        let date = Gregorian.date(daysSince1970: min(max(dayNumber, lowest), highest))
        self.init(unchecked: date.year, date.month, date.day)
    }

    /// The day `days` calendar days later, or earlier when negative; clamped to years 1 to 9999.
    package func adding(days: Int) -> CivilDate {
        let (sum, overflow) = dayNumber.addingReportingOverflow(days)
        guard !overflow else { return days > 0 ? .latest : .earliest }
        return CivilDate(dayNumber: sum)
    }

    /// Calendar days from this day to another, negative when the other is earlier.
    package func days(to other: CivilDate) -> Int {
        other.dayNumber - dayNumber
    }

    /// The day of the week.
    package var weekday: Weekday {
        // 1970-01-01 was a Thursday: day number 0 is index 3 of a week that starts on Monday.
        let index = ((dayNumber + 3) % 7 + 7) % 7
        return Weekday(rawValue: index + 1) ?? .monday
    }
}
