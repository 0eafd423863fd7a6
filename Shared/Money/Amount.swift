/// An exact amount of money in minor units (cents), with every operation checked for overflow.
///
/// Shape: a signed 64-bit count of cents, so ±92,233,720,368,547,758.07. No binary floating point
/// appears on any path from wire to wire (contract A1-5).
package struct Amount: Hashable, Sendable, Comparable {
    package let minorUnits: Int64

    package init(minorUnits: Int64) { self.minorUnits = minorUnits }

    package static let zero = Amount(minorUnits: 0)

    package static func < (lhs: Amount, rhs: Amount) -> Bool { lhs.minorUnits < rhs.minorUnits }

    /// The sum, or nil where it does not fit in 64 bits.
    package func adding(_ other: Amount) -> Amount? {
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        return overflow ? nil : Amount(minorUnits: sum)
    }

    /// The negated amount, or nil for the one value that has no opposite.
    package func negated() -> Amount? {
        let (value, overflow) = Int64.zero.subtractingReportingOverflow(minorUnits)
        return overflow ? nil : Amount(minorUnits: value)
    }

    /// The sum of all amounts, or nil where it does not fit in 64 bits; sums on the way may be larger.
    package static func sum(of amounts: some Sequence<Amount>) -> Amount? {
        var sum: Int128 = 0
        for amount in amounts { sum += Int128(amount.minorUnits) }
        return Int64(exactly: sum).map(Amount.init(minorUnits:))
    }
}
