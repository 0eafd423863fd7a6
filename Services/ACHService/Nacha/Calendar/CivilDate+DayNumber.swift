extension CivilDate {
    /// Days since 1970-01-01, negative before it.
    package var dayNumber: Int {
        // Years counted from March, so that the leap day is the last day of its year.
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let dayOfShiftedYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfShiftedYear
        return era * Self.daysInEra + dayOfEra - Self.daysBeforeEpoch
    }

    /// The day that many days after 1970-01-01; a number beyond the years 1 to 9999 is clamped.
    package init(dayNumber: Int) {
        let lowest = CivilDate.earliest.dayNumber
        let highest = CivilDate.latest.dayNumber
        let days = min(max(dayNumber, lowest), highest) + Self.daysBeforeEpoch
        let era = days / Self.daysInEra
        let dayOfEra = days - era * Self.daysInEra
        let leapDays = dayOfEra / 1460 - dayOfEra / 36524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        self.init(unchecked: year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
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

    private static let daysInEra = 146_097
    private static let daysBeforeEpoch = 719_468
}
