/// A day of the proleptic Gregorian calendar, as days since 1 January 1970.
package struct CalendarDay: Hashable, Sendable, Comparable {
    package let daysSince1970: Int

    package init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    /// The day, or nil where the calendar has none such (30 February, month 13, year 0).
    package init?(year: Int, month: Int, day: Int) {
        guard Gregorian.holds(year: year, month: month, day: day) else { return nil }
        daysSince1970 = Gregorian.daysSince1970(year: year, month: month, day: day)
    }

    package static func < (lhs: CalendarDay, rhs: CalendarDay) -> Bool {
        lhs.daysSince1970 < rhs.daysSince1970
    }

    /// Year, month and day.
    package var components: (year: Int, month: Int, day: Int) {
        Gregorian.date(daysSince1970: daysSince1970)
    }

    /// The day `days` later, or earlier where it is negative.
    package func adding(days: Int) -> CalendarDay {
        CalendarDay(daysSince1970: daysSince1970 + days)
    }
}

extension CalendarDay {
    /// Reads `YYYY-MM-DD`; nil for anything else.
    package init?(text: some StringProtocol) {
        var reader = DateReader(text)
        guard let day = reader.day(), reader.isAtEnd else { return nil }
        self = day
    }

    /// `YYYY-MM-DD`; a year beyond 0 to 9999 shows as the nearest of them.
    package var text: String {
        String(unsafeUninitializedCapacity: 10) { bytes in
            var digits = DateDigits(bytes)
            digits.put(self)
            return digits.count
        }
    }
}
