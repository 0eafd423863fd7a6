/// The year of an award: two years that follow each other, as `2023-24` (contract S2-11, A2-7).
package struct AwardYear: Sendable, Hashable {
    package enum Fault: Error, Sendable {
        /// The text is not four digits, a hyphen and two digits.
        case malformed
        /// The second year is not the one after the first.
        case notConsecutive
    }

    package let text: String

    package init(_ text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"),
            bytes.enumerated().allSatisfy({ $0 == 4 || (0x30...0x39).contains($1) })
        else { throw .malformed }
        let digits = bytes.map { Int($0) - 0x30 }
        guard digits[5] * 10 + digits[6] == (digits[2] * 10 + digits[3] + 1) % 100 else {
            throw .notConsecutive
        }
        self.text = text
    }
}
