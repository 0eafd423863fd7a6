/// A time of day to the minute, with no zone: for ACH rules it is Eastern time.
///
/// Source: file creation time HHMM, 0000 to 2359 (design 3.7); the windows of design 3.5.
package struct TimeOfDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Minutes since midnight, 0 to 1439.
    package let minutes: Int

    /// The time that many minutes after midnight, or nil outside 0 to 1439.
    package init?(minutes: Int) {
        guard (0..<1440).contains(minutes) else { return nil }
        self.minutes = minutes
    }

    /// The time with an hour of 0 to 23 and a minute of 0 to 59, or nil.
    package init?(hour: Int, minute: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        self.minutes = hour * 60 + minute
    }

    /// The time written HHMM in four ASCII digits, or nil for anything else, blanks included.
    package init?(hhmm bytes: some Sequence<UInt8>) {
        var value = 0
        var count = 0
        for byte in bytes {
            guard count < 4, byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
            count += 1
        }
        guard count == 4 else { return nil }
        self.init(hour: value / 100, minute: value % 100)
    }

    /// A time whose parts are already known to be real.
    package init(unchecked hour: Int, _ minute: Int) {
        self.minutes = hour * 60 + minute
    }

    /// The hour, 0 to 23.
    package var hour: Int { minutes / 60 }

    /// The minute of the hour, 0 to 59.
    package var minute: Int { minutes % 60 }

    /// The time as HHMM.
    package var hhmm: String { Self.digits(hour) + Self.digits(minute) }

    /// The time as HH:MM.
    package var description: String { Self.digits(hour) + ":" + Self.digits(minute) }

    package static func < (left: TimeOfDay, right: TimeOfDay) -> Bool {
        left.minutes < right.minutes
    }

    private static func digits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
