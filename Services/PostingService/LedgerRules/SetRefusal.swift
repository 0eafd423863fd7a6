package import Money

/// What a set says about itself, set against what it holds (contract A1-2).
package struct SetClaims: Sendable {
    package var sourceIsKnown: Bool
    package var sourceName: String
    package var recordCount: Int64
    package var totalAmount: Amount

    package init(
        sourceIsKnown: Bool,
        sourceName: String,
        recordCount: Int64,
        totalAmount: Amount
    ) {
        self.sourceIsKnown = sourceIsKnown
        self.sourceName = sourceName
        self.recordCount = recordCount
        self.totalAmount = totalAmount
    }
}

/// Why a set is refused whole: nothing of it is loaded (contract A1-2, A1-3).
package enum SetRefusal: Sendable, Equatable {
    case unknownSource(String)
    case countDiffers(claimed: Int64, found: Int)
    case sumOutOfRange
    case totalDiffers(claimed: Amount, found: Amount)

    /// Every reason that applies, in the order of the cases above; empty where the set stands.
    ///
    /// `sum` is the exact sum of all amounts, nil where it does not fit in 64 bits.
    package static func all(of claims: SetClaims, count: Int, sum: Amount?) -> [SetRefusal] {
        var reasons: [SetRefusal] = []
        if !claims.sourceIsKnown { reasons.append(.unknownSource(claims.sourceName)) }
        if claims.recordCount != Int64(count) {
            reasons.append(.countDiffers(claimed: claims.recordCount, found: count))
        }
        guard let sum else { return reasons + [.sumOutOfRange] }
        if sum != claims.totalAmount {
            reasons.append(.totalDiffers(claimed: claims.totalAmount, found: sum))
        }
        return reasons
    }

    package var message: String {
        switch self {
        case .unknownSource(let name):
            "Invalid source_name: \(name)"
        case .countDiffers(let claimed, let found):
            "Invalid record_count: \(claimed), the set has \(found) transactions"
        case .sumOutOfRange:
            "Invalid total_amount: the amounts add up to more than can be booked"
        case .totalDiffers(let claimed, let found):
            "Invalid total_amount: \(claimed.fixedDecimal), "
                + "the amounts add up to \(found.fixedDecimal)"
        }
    }

    /// The one text of `error_message` for all reasons.
    package static func message(_ reasons: [SetRefusal]) -> String {
        reasons.map(\.message).joined(separator: "; ")
    }
}
