/// Walks over the text of a date, or of a date and a time of day.
struct DateReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    /// A number of just so many digits.
    mutating func digits(_ width: Int) -> Int? {
        guard position + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + width] {
            guard let digit = Self.digit(byte) else { return nil }
            value = value * 10 + digit
        }
        position += width
        return value
    }

    /// `YYYY-MM-DD`.
    mutating func day() -> CalendarDay? {
        guard let year = digits(4), take("-"), let month = digits(2), take("-"),
            let day = digits(2)
        else { return nil }
        return CalendarDay(year: year, month: month, day: day)
    }

    /// A time of day with its offset: milliseconds from midnight in UTC, negative where the offset
    /// says so.
    mutating func time(_ leniency: RFC3339.Leniency) -> Int64? {
        let lastSecond = leniency.contains(.leapSecond) ? 60 : 59
        guard take("T") || take("t") || take(" "),
            let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60,
            take(":"), let second = digits(2), second <= lastSecond,
            let fraction = fraction(), let offset = offset(leniency)
        else { return nil }
        let seconds = hour * 3_600 + (minute - offset) * 60 + second
        return Int64(seconds) * 1_000 + fraction
    }

    /// Milliseconds of `.123`, 0 where there is no fraction; nil where no digit follows.
    private mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var value: Int64 = 0
        var places = 0
        while position < bytes.count, let digit = Self.digit(bytes[position]) {
            if places < 3 { value = value * 10 + Int64(digit) }
            places += 1
            position += 1
        }
        guard places > 0 else { return nil }
        for _ in min(places, 3)..<3 { value *= 10 }
        return value
    }

    /// Minutes east of UTC.
    private mutating func offset(_ leniency: RFC3339.Leniency) -> Int? {
        if take("Z") || take("z") { return 0 }
        let isEast = take("+") || leniency.contains(.blankForPlus) && take(" ")
        guard isEast || take("-"), let hours = digits(2), hours < 24, take(":"),
            let minutes = digits(2), minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (0x30...0x39).contains(byte) ? Int(byte - 0x30) : nil
    }
}
