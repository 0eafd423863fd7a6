/// A decimal number read exactly from its digits, for filters: no binary fraction on the way.
package struct WrittenNumber: Sendable, Equatable {
    /// Most significant digits first, without leading or trailing zeros; empty for zero.
    private let digits: [UInt8]
    /// The value is `0.DIGITS × 10^exponent`.
    private let exponent: Int
    private let isNegative: Bool

    /// Reads JSON's number grammar, a leading `+` and leading zeros allowed; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var rest = Substring(text)[...]
        var negative = false
        if let sign = rest.first, sign == "-" || sign == "+" {
            negative = sign == "-"
            rest = rest.dropFirst()
        }
        let mantissaEnd = rest.firstIndex { $0 == "e" || $0 == "E" } ?? rest.endIndex
        let parts = rest[..<mantissaEnd].split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ Self.areDigits($0) }) else {
            return nil
        }
        var power = parts[0].utf8.count
        if mantissaEnd < rest.endIndex {
            guard let shift = Self.exponent(rest[rest.index(after: mantissaEnd)...]) else {
                return nil
            }
            power += shift
        }
        var all = Array(parts.joined().utf8)
        let zeros = all.prefix { $0 == 0x30 }.count
        all.removeFirst(zeros)
        while all.last == 0x30 { all.removeLast() }
        digits = all.map { $0 - 0x30 }
        exponent = all.isEmpty ? 0 : power - zeros
        isNegative = negative && !all.isEmpty
    }

    /// The number times `10^places`, where that is a whole number of 64 bits: cents for two places.
    package func scaled(places: Int) -> Int64? {
        let length = exponent + places
        guard length >= digits.count, length <= 19 else { return digits.isEmpty ? 0 : nil }
        var value: Int64 = 0
        for index in 0..<length {
            let digit = index < digits.count ? Int64(digits[index]) : 0
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) =
                isNegative
                ? product.subtractingReportingOverflow(digit)
                : product.addingReportingOverflow(digit)
            guard !tooLarge, !overflow else { return nil }
            value = sum
        }
        return value
    }

    private static func areDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// At most four digits: no amount needs more, and sums of exponents cannot overflow.
    private static func exponent(_ text: Substring) -> Int? {
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text
        guard areDigits(unsigned), unsigned.utf8.count <= 4 else { return nil }
        return Int(text)
    }
}
