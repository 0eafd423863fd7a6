/// The number of a bank in the United States: eight digits and their check digit, never zeros.
///
/// Source: design 3.2, check digit; 3.9, RDFI of zeros.
package struct RoutingNumber: Hashable, Sendable, CustomStringConvertible {
    /// All nine digits as a number.
    package let number: UInt32

    /// The first eight digits as a number: what entries, headers and hashes call the DFI.
    package var identification: UInt32 { number / 10 }

    package var checkDigit: UInt32 { number % 10 }

    /// Nine digits.
    package var text: String { DecimalText.digits(UInt64(number), count: 9) }

    /// The first eight digits.
    package var identificationText: String {
        DecimalText.digits(UInt64(identification), count: 8)
    }

    package var description: String { text }

    /// The number of nine digits, or nil where the check digit is wrong or all are zero.
    package init?(number: UInt32) {
        guard number > 9, number <= 999_999_999,
            Self.checkDigit(of: number / 10) == number % 10
        else { return nil }
        self.number = number
    }

    /// The number written in nine digits, or nil; blanks and hyphens are refused.
    package init?(_ text: some StringProtocol) {
        guard let number = DecimalText.number(text, count: 9) else { return nil }
        self.init(number: UInt32(number))
    }

    /// The number whose first eight digits are these, or nil where they are zero or more than eight.
    package init?(identification: UInt32) {
        guard identification > 0, identification <= 99_999_999 else { return nil }
        number = identification * 10 + Self.checkDigit(of: identification)
    }

    /// The number whose first eight digits are written so, as in a batch header; or nil.
    package init?(identificationText: some StringProtocol) {
        guard let number = DecimalText.number(identificationText, count: 8) else { return nil }
        self.init(identification: UInt32(number))
    }

    /// A number that is already known to be right.
    init(unchecked number: UInt32) { self.number = number }

    /// The check digit that eight digits call for: weights 3, 7 and 1 in turn, then what is missing
    /// to the next multiple of ten (design 3.2).
    package static func checkDigit(of identification: UInt32) -> UInt32 {
        var rest = identification
        var sum: UInt32 = 0
        for weight: UInt32 in [7, 3, 1, 7, 3, 1, 7, 3] {
            sum += rest % 10 * weight
            rest /= 10
        }
        return (10 - sum % 10) % 10
    }
}

/// Numbers of fixed width as text.
enum DecimalText {
    /// A number filled with zeros to a count of digits; it must not have more.
    static func digits(_ number: UInt64, count: Int) -> String {
        let text = String(number)
        precondition(text.utf8.count <= count, "\(number) has more than \(count) digits.")
        return String(repeating: "0", count: count - text.utf8.count) + text
    }

    /// The number that exactly so many digits write, or nil.
    static func number(_ text: some StringProtocol, count: Int) -> UInt64? {
        guard text.utf8.count == count, text.utf8.allSatisfy(Character.isDigit) else { return nil }
        return UInt64(text)
    }
}
