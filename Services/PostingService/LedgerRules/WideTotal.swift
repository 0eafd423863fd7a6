/// A running total of the general ledger in minor units, wider than any sum of 64-bit lines.
///
/// One source may post amounts as large as 64 bits hold, again and again. A total of 128 bits does
/// not overflow through them, so that no posting can spoil the trial balance for the others.
/// Stored as `high` × 10¹⁸ + `low` with `low` of the same sign, so that SQL can read it too.
package struct WideTotal: Hashable, Sendable, Comparable {
    package static let base: Int128 = 1_000_000_000_000_000_000

    package private(set) var minorUnits: Int128

    package init(_ minorUnits: Int128 = 0) { self.minorUnits = minorUnits }

    package init(high: Int64, low: Int64) {
        minorUnits = Int128(high) * Self.base + Int128(low)
    }

    package var high: Int64 { Int64(truncatingIfNeeded: minorUnits / Self.base) }
    package var low: Int64 { Int64(truncatingIfNeeded: minorUnits % Self.base) }

    /// Two decimals always: `-5.00`.
    package var fixedDecimal: String {
        let size = minorUnits.magnitude
        let cents = size % 100
        let sign = minorUnits < 0 ? "-" : ""
        return "\(sign)\(size / 100).\(cents < 10 ? "0" : "")\(cents)"
    }

    /// The form of a JSON number that `Amount.jsonNumber` has: at least one decimal.
    package var jsonNumber: String {
        let text = fixedDecimal
        return text.hasSuffix("0") ? String(text.dropLast()) : text
    }

    package static func < (lhs: WideTotal, rhs: WideTotal) -> Bool {
        lhs.minorUnits < rhs.minorUnits
    }

    package static func + (lhs: WideTotal, rhs: Int64) -> WideTotal {
        WideTotal(lhs.minorUnits + Int128(rhs))
    }

    package static func + (lhs: WideTotal, rhs: WideTotal) -> WideTotal {
        WideTotal(lhs.minorUnits + rhs.minorUnits)
    }

    package static func - (lhs: WideTotal, rhs: WideTotal) -> WideTotal {
        WideTotal(lhs.minorUnits - rhs.minorUnits)
    }
}
