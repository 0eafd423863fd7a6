/// Moments as RFC 3339 writes them, as milliseconds since 1970.
package enum RFC3339 {
    /// What `read` takes beyond the grammar of RFC 3339.
    package struct Leniency: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// A blank for the `+` of an offset: that is what a `+` in a query decodes to.
        package static let blankForPlus = Leniency(rawValue: 1)
        /// Second 60, which counts as the second after it.
        package static let leapSecond = Leniency(rawValue: 2)
    }

    /// The bytes of `2026-02-01T04:00:00.000Z`.
    private static let width = 24
    private static let millisecondsPerDay: Int64 = 86_400_000

    /// A moment in UTC with milliseconds, for example `2026-02-01T04:00:00.000Z`, of a year from 0
    /// to 9999.
    package static func text(milliseconds: Int64) -> String {
        String(unsafeUninitializedCapacity: width) { write(milliseconds, into: $0) }
    }

    private static func write(
        _ milliseconds: Int64,
        into bytes: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        let (whole, part) = milliseconds.quotientAndRemainder(dividingBy: millisecondsPerDay)
        let time = Int(part < 0 ? part + millisecondsPerDay : part)
        var digits = DateDigits(bytes)
        digits.put(CalendarDay(daysSince1970: Int(part < 0 ? whole - 1 : whole)))
        digits.put("T")
        digits.put(time / 3_600_000, 2)
        digits.put(":")
        digits.put(time / 60_000 % 60, 2)
        digits.put(":")
        digits.put(time / 1_000 % 60, 2)
        digits.put(".")
        digits.put(time % 1_000, 3)
        digits.put("Z")
        return digits.count
    }

    /// A `full-date`, or a `date-time` with any offset; nil for anything else.
    ///
    /// The day is the date part as it is written: no zone moves it. The milliseconds are nil for a
    /// date alone; what is finer than they are is dropped.
    package static func read(
        _ text: some StringProtocol,
        _ leniency: Leniency = []
    ) -> (day: CalendarDay, milliseconds: Int64?)? {
        var reader = DateReader(text)
        guard let day = reader.day() else { return nil }
        if reader.isAtEnd { return (day, nil) }
        guard let time = reader.time(leniency), reader.isAtEnd else { return nil }
        return (day, firstMoment(of: day) + time)
    }

    /// As `read`; a date alone stands for its first moment in UTC.
    package static func milliseconds(_ text: String) -> Int64? {
        read(text).map { $0.milliseconds ?? firstMoment(of: $0.day) }
    }

    private static func firstMoment(of day: CalendarDay) -> Int64 {
        Int64(day.daysSince1970) * millisecondsPerDay
    }
}
