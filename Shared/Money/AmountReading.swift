/// Why a text is no amount, in order of precedence: the first that holds is the one reported.
package enum AmountFault: Error, Sendable, Hashable, CaseIterable {
    /// Not a number by JSON's grammar (RFC 8259 section 6): `NaN`, `01`, `1.`, `+1`, `"5"`.
    case notANumber
    /// Longer than `Amount.maximumTextBytes`.
    case tooLong
    /// Not a whole count of cents: `1.999`, `1e-3`.
    case moreThanTwoDecimals
    /// More cents than ±(2^63 - 1).
    case outOfRange
}

extension Amount {
    /// Longest text of an amount in bytes.
    package static let maximumTextBytes = 1_000

    /// Reads a JSON number exactly.
    ///
    /// Zeros at the end mean nothing (`1.100` is 1.10) and an exponent is taken where the value is a
    /// whole count of cents (`1e2`, `150e-2`). `-0` is zero. No binary fraction is on the way
    /// (contract A1-5).
    package init(_ text: some StringProtocol) throws(AmountFault) {
        var text = String(text)
        let outcome: Result<Amount, AmountFault> = text.withUTF8 { bytes in
            do throws(AmountFault) {
                return .success(try Amount(UnsafeRawBufferPointer(bytes)))
            } catch {
                return .failure(error)
            }
        }
        self = try outcome.get()
    }

    /// Reads a JSON number exactly from its bytes, without blanks around it.
    package init(_ bytes: UnsafeRawBufferPointer) throws(AmountFault) {
        var reader = AmountReader(bytes)
        try reader.read()
        minorUnits = try reader.minorUnits()
    }
}

/// The digits of a number and the power of ten that stands behind them.
private struct AmountReader {
    /// Exponents are cut here: no number of 1,000 bytes can make up for more.
    private static let largestPower = 1_000_000

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var isNegative = false
    /// Digits seen from the first that is not zero.
    private var digitCount = 0
    /// Zeros behind the last digit that is not zero.
    private var trailingZeros = 0
    /// The digits without trailing zeros, as far as 64 bits can hold them.
    private var value: UInt64 = 0
    /// Power of ten by which the digits, trailing zeros included, are multiplied.
    private var power = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private func peek() -> UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    mutating func read() throws(AmountFault) {
        isNegative = take("-")
        if !take("0") { try readDigits(areFraction: false) }
        if take(".") { try readDigits(areFraction: true) }
        if take("e") || take("E") { try readExponent() }
        guard position == bytes.count else { throw .notANumber }
        guard bytes.count <= Amount.maximumTextBytes else { throw .tooLong }
    }

    private mutating func readDigits(areFraction: Bool) throws(AmountFault) {
        let start = position
        while let digit = digit() {
            position += 1
            if areFraction { power -= 1 }
            add(digit)
        }
        guard position > start else { throw .notANumber }
    }

    private func digit() -> UInt8? {
        let digit = peek() &- UInt8(ascii: "0")
        return digit <= 9 ? digit : nil
    }

    private mutating func add(_ digit: UInt8) {
        if digit == 0 {
            if digitCount > 0 { trailingZeros += 1 }
        } else {
            trailingZeros = 0
        }
        guard digitCount > 0 || digit > 0 else { return }
        digitCount += 1
        guard digit > 0, digitCount <= 19 else { return }
        value = value * Self.power(of: digitCount - valueDigits) + UInt64(digit)
        valueDigits = digitCount
    }

    /// How many of the digits `value` holds.
    private var valueDigits = 0

    private static func power(of exponent: Int) -> UInt64 {
        (0..<exponent).reduce(1) { product, _ in product * 10 }
    }

    private mutating func readExponent() throws(AmountFault) {
        let isBelowOne = take("-")
        if !isBelowOne { _ = take("+") }
        let start = position
        var exponent = 0
        while let digit = digit() {
            position += 1
            exponent = min(exponent * 10 + Int(digit), Self.largestPower)
        }
        guard position > start else { throw .notANumber }
        power += isBelowOne ? -exponent : exponent
    }

    func minorUnits() throws(AmountFault) -> Int64 {
        guard digitCount > 0 else { return 0 }
        let significant = digitCount - trailingZeros
        let shift = power + trailingZeros + 2
        guard shift >= 0 else { throw .moreThanTwoDecimals }
        guard significant + shift <= 19 else { throw .outOfRange }
        guard let cents = Int64(exactly: value * Self.power(of: shift)) else { throw .outOfRange }
        return isNegative ? -cents : cents
    }
}
