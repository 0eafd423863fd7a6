extension CivilDate: CustomStringConvertible {
    /// The first year of the window in which two-digit years are read: 1970 to 2069.
    package static let defaultCenturyStart = 1970

    /// The day in ISO form, YYYY-MM-DD.
    package var iso: String {
        "\(Self.digits(year / 100))\(Self.digits(year % 100))"
            + "-\(Self.digits(month))-\(Self.digits(day))"
    }

    package var description: String { iso }

    /// The day written YYYY-MM-DD, exactly ten characters, or nil for anything else.
    package init?(iso text: some StringProtocol) {
        self.init(isoBytes: text.utf8)
    }

    /// The day written YYYY-MM-DD in ASCII, exactly ten bytes, or nil for anything else.
    package init?(isoBytes bytes: some Sequence<UInt8>) {
        var parts = (year: 0, month: 0, day: 0)
        var count = 0
        for byte in bytes {
            switch count {
            case 4, 7:
                guard byte == UInt8(ascii: "-") else { return nil }
            case 0...9:
                guard let digit = Self.digit(byte) else { return nil }
                if count < 4 {
                    parts.year = parts.year * 10 + digit
                } else if count < 7 {
                    parts.month = parts.month * 10 + digit
                } else {
                    parts.day = parts.day * 10 + digit
                }
            default:
                return nil
            }
            count += 1
        }
        guard count == 10 else { return nil }
        self.init(year: parts.year, month: parts.month, day: parts.day)
    }

    /// The day written YYMMDD, the form of every date in a Nacha file (design 3.2).
    ///
    /// Exactly six ASCII digits that make a real date, or nil: blanks are nil, never a date.
    /// A two-digit year means the one year of the hundred from `centuryStart` on that ends in it.
    package init?(yymmdd bytes: some Sequence<UInt8>, centuryStart: Int = defaultCenturyStart) {
        var value = 0
        var count = 0
        for byte in bytes {
            guard count < 6, let digit = Self.digit(byte) else { return nil }
            value = value * 10 + digit
            count += 1
        }
        guard count == 6 else { return nil }
        self.init(
            twoDigitYear: value / 10_000,
            month: value / 100 % 100,
            day: value % 100,
            centuryStart: centuryStart
        )
    }

    /// The day with a two-digit year, 0 to 99, read in the hundred years from `centuryStart` on.
    package init?(
        twoDigitYear: Int,
        month: Int,
        day: Int,
        centuryStart: Int = defaultCenturyStart
    ) {
        guard (0...99).contains(twoDigitYear), (1...9900).contains(centuryStart) else { return nil }
        let distance = (twoDigitYear - centuryStart % 100 + 100) % 100
        self.init(year: centuryStart + distance, month: month, day: day)
    }

    /// The day as YYMMDD, or nil when its year lies outside the window and would read back wrong.
    package func yymmdd(centuryStart: Int = defaultCenturyStart) -> String? {
        guard year >= centuryStart, year - centuryStart < 100 else { return nil }
        return "\(Self.digits(year % 100))\(Self.digits(month))\(Self.digits(day))"
    }

    private static func digit(_ byte: UInt8) -> Int? {
        let value = Int(byte) - 0x30
        return (0...9).contains(value) ? value : nil
    }

    private static func digits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
