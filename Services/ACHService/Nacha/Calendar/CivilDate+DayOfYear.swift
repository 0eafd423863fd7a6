internal import Dates

extension CivilDate {
    /// The day's place in its year, 1 to 366: the "Julian day" of settlement.
    package var dayOfYear: Int {
        CivilDate(unchecked: year, 1, 1).days(to: self) + 1
    }

    /// The day at a place in a year, or nil when the year has no such place (366 of 2026).
    package init?(year: Int, dayOfYear: Int) {
        guard let first = CivilDate(year: year, month: 1, day: 1) else { return nil }
        guard (1...(Gregorian.isLeap(year) ? 366 : 365)).contains(dayOfYear) else { return nil }
        self = first.adding(days: dayOfYear - 1)
    }

    /// The day at a place in its year that lies nearest to a known day, the earlier one of two.
    ///
    /// A settlement date is sent as three digits with no year (001 to 366, put in by the receiving
    /// operator, design 3.5 and 3.7); the file's own date tells which year is meant. Nil when none
    /// of the three years around that day has such a place.
    package init?(dayOfYear: Int, nearest reference: CivilDate) {
        var best: CivilDate?
        for year in (reference.year - 1)...(reference.year + 1) {
            guard let candidate = CivilDate(year: year, dayOfYear: dayOfYear) else { continue }
            guard let known = best else {
                best = candidate
                continue
            }
            if abs(reference.days(to: candidate)) < abs(reference.days(to: known)) {
                best = candidate
            }
        }
        guard let best else { return nil }
        self = best
    }
}
