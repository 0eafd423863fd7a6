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
        var reader = Reader(bytes: Array(text.utf8))
        guard let day = reader.readDay() else { return nil }
        self.day = day
        if reader.isAtEnd {
            instant = nil
            return
        }
        guard let milliseconds = reader.readTime(), reader.isAtEnd else { return nil }
        instant = Instant(milliseconds: Int64(day.daysSince1970) * 86_400_000 + milliseconds)
    }
}

extension WrittenDate {
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
                return false
            }
            position += 1
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            guard position + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[position..<position + count] {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            position += count
            return value
        }

        mutating func readDay() -> CalendarDay? {
            guard let year = digits(4), take("-"), let month = digits(2), take("-"),
                let day = digits(2)
            else { return nil }
            return CalendarDay(year: year, month: month, day: day)
        }

        /// Milliseconds from the day's own midnight in UTC; negative where the offset says so.
        mutating func readTime() -> Int64? {
            guard take("T") || take("t") || take(" "),
                let hour = digits(2), take(":"), let minute = digits(2), take(":"),
                let second = digits(2), hour <= 23, minute <= 59, second <= 60,
                let fraction = readFraction(), let offset = readOffset()
            else { return nil }
            let seconds = hour * 3600 + (minute - offset) * 60 + second
            return Int64(seconds) * 1000 + fraction
        }

        private mutating func readFraction() -> Int64? {
            guard take(".") else { return 0 }
            var value: Int64 = 0
            var places = 0
            while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 {
                if places < 3 { value = value * 10 + Int64(bytes[position] - 0x30) }
                places += 1
                position += 1
            }
            guard places > 0 else { return nil }
            for _ in min(places, 3)..<3 { value *= 10 }
            return value
        }

        /// The offset in minutes east of UTC.
        private mutating func readOffset() -> Int? {
            if take("Z") || take("z") { return 0 }
            let sign: Int
            if take("+") || take(" ") {
                sign = 1
            } else if take("-") {
                sign = -1
            } else {
                return nil
            }
            guard let hours = digits(2), take(":"), let minutes = digits(2), hours <= 23,
                minutes <= 59
            else { return nil }
            return sign * (hours * 60 + minutes)
        }
    }
}
