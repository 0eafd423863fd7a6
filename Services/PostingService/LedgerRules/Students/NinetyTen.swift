package import Money

/// Whether a fund source counts on the 90 side: federal education money, since 2023 all of it
/// (34 CFR 668.28).
package enum FundSourceKind: String, Sendable, CaseIterable, Codable {
    case federal
    case nonFederal = "non_federal"

    /// The word for people.
    package var name: String {
        switch self {
        case .federal: "Federal"
        case .nonFederal: "Non-federal"
        }
    }
}

/// A share of a whole in hundredths of a percent, so that shares add up to 100.00 exactly.
package struct BasisPoints: Sendable, Hashable {
    package static let whole = Amount(minorUnits: 10_000)

    package let count: Int64

    package init(_ count: Int64) { self.count = count }

    /// Two decimals: `33.34`.
    package var percent: String { Amount(minorUnits: count).fixedDecimal }

    /// The shares of `total` that amounts have, which add up to it; nil where an amount is below
    /// zero or none is above: then there is no share to speak of (fault M-06).
    package static func shares(of amounts: [Amount], in total: Amount = whole) -> [BasisPoints]? {
        total.allocated(over: amounts.map(\.minorUnits))?.map { BasisPoints($0.minorUnits) }
    }
}

/// What one fund source has brought.
package struct FundSourceLine: Sendable, Hashable {
    package var fundSourceID: Int64
    package var name: String
    package var kind: FundSourceKind
    /// Payments, reversals not among them.
    package var count: Int64 = 0
    package var received = Amount.zero
    /// What was voided or reversed, as a positive amount.
    package var voided = Amount.zero
    package var net = Amount.zero

    package init(fundSourceID: Int64, name: String, kind: FundSourceKind) {
        self.fundSourceID = fundSourceID
        self.name = name
        self.kind = kind
    }

    /// Adds a payment, or what undoes one; false, with nothing changed, where a sum leaves 64 bits.
    package mutating func add(_ amount: Amount, undoesAnother: Bool) -> Bool {
        guard let net = net.adding(amount) else { return false }
        if undoesAnother {
            guard let size = amount.negated(), let voided = voided.adding(size) else {
                return false
            }
            self.voided = voided
        } else {
            guard let received = received.adding(amount) else { return false }
            self.received = received
            count += 1
        }
        self.net = net
        return true
    }
}

/// A payment that no fund source is tied to: what the report exists to find (contract S2-2).
package struct UnsourcedPayment: Sendable, Hashable {
    package var entryID: Int64
    package var accountID: String
    /// `YYYY-MM-DD`.
    package var date: String
    package var amount: Amount

    package init(entryID: Int64, accountID: String, date: String, amount: Amount) {
        self.entryID = entryID
        self.accountID = accountID
        self.date = date
        self.amount = amount
    }
}
