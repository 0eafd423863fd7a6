/// A code that is a capital letter and two digits: what return and change codes share.
package protocol ThreeByteCode: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The letter.
    static var letter: Unicode.Scalar { get }

    /// Whether there is a code with this number.
    static func exists(_ value: UInt8) -> Bool

    /// The number after the letter.
    var value: UInt8 { get }

    /// The code with a number of which is known that it exists.
    init(existing value: UInt8)
}

extension ThreeByteCode {
    /// The number after the letter.
    package var number: Int { Int(value) }

    /// The code as it is written, such as R01.
    package var text: String { "\(Self.letter)" + DecimalText.digits(UInt64(value), count: 2) }

    package var description: String { text }

    /// The code with a number, or nil when no such code exists (R48, C10).
    package init?(number: Int) {
        guard let value = UInt8(exactly: number), Self.exists(value) else { return nil }
        self.init(existing: value)
    }

    /// The code in three ASCII bytes, or nil when none is written so; lower case is refused.
    package init?(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
        let tens = second &- Character.zero
        let units = third &- Character.zero
        guard first == UInt8(ascii: Self.letter), tens <= 9, units <= 9 else { return nil }
        self.init(number: Int(tens * 10 + units))
    }

    /// The code as it is written, or nil; lower case and blanks are refused.
    package init?(_ text: some StringProtocol) {
        var bytes = text.utf8.makeIterator()
        guard let first = bytes.next(), let second = bytes.next(), let third = bytes.next(),
            bytes.next() == nil
        else { return nil }
        self.init(first, second, third)
    }

    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
