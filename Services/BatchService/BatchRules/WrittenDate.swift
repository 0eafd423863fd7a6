package import Dates

/// A date as people write it in ISO 8601: `2018-02-01`, or `2018-02-01T04:00:00Z` with any offset.
///
/// The business day is always the date part as written; no zone moves it (contract A1-9).
package struct WrittenDate: Sendable, Equatable {
    package let day: CalendarDay
    /// Milliseconds since 1970 of a date-time; nil for a date alone.
    ///
    /// Finer fractions are cut.
    package let instant: Instant?

    /// Reads RFC 3339 `full-date` or `date-time`; nil for anything else.
    ///
    /// A blank may stand for the `+` of an offset: that is what a `+` in a query decodes to. A leap
    /// second counts as the second after it.
    package init?(_ text: some StringProtocol) {
        guard let (day, milliseconds) = RFC3339.read(text, [.blankForPlus, .leapSecond]) else {
            return nil
        }
        self.day = day
        instant = milliseconds.map { Instant(milliseconds: $0) }
    }
}
