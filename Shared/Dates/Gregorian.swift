/// The proleptic Gregorian calendar as arithmetic; it has no clock and no zone.
///
/// Source: Hinnant, "chrono-Compatible Low-Level Date Algorithms". Years are counted from 1 March,
/// so that the leap day is the last of its year; an era has 400 years = 146,097 days.
package enum Gregorian {
    private static let daysOfEra = 146_097
    /// From 1 March of the year 0 to 1 January 1970.
    private static let daysBefore1970 = 719_468

    /// Whether the year has 29 February.
    package static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// How many days a month, 1 to 12, has.
    package static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether the calendar has such a day, in the years 1 to 9999.
    package static func holds(year: Int, month: Int, day: Int) -> Bool {
        (1...9999).contains(year) && (1...12).contains(month)
            && (1...length(ofMonth: month, in: year)).contains(day)
    }

    /// Days from 1 January 1970 to a day that `holds`; negative before it.
    package static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * daysOfEra + dayOfEra - daysBefore1970
    }

    /// The date of a day that is so many days after 1 January 1970, or before it.
    package static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + daysBefore1970
        let era = (shifted >= 0 ? shifted : shifted - daysOfEra + 1) / daysOfEra
        let dayOfEra = shifted - era * daysOfEra
        let leapDays = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / (daysOfEra - 1)
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
