internal import Dates

/// A day of the calendar with no time and no zone: the unit in which every ACH date is counted.
///
/// Proleptic Gregorian, years 1 to 9999. It has no clock behind it: whoever asks brings the day.
///
/// Source: dates are written YYMMDD, real dates only (design 3.2, 3.7).
package struct CivilDate: Hashable, Comparable, Sendable {
    /// The year, 1 to 9999.
    package let year: Int

    /// The month, 1 to 12.
    package let month: Int

    /// The day of the month, from 1.
    package let day: Int

    /// The first day that can be written, 0001-01-01.
    package static let earliest = CivilDate(unchecked: 1, 1, 1)

    /// The last day that can be written, 9999-12-31.
    package static let latest = CivilDate(unchecked: 9999, 12, 31)

    /// The day with these parts, or nil when no calendar has it (30 February, month 13).
    package init?(year: Int, month: Int, day: Int) {
        guard Gregorian.holds(year: year, month: month, day: day) else { return nil }
        self.init(unchecked: year, month, day)
    }

    /// A day whose parts are already known to be real.
    init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
