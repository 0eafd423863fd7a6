/// What a ledger entry is, and with that which way it moves its account's balance.
///
/// Balance = Σ(I, D) − Σ(C, P) (design 1.6, invariant 9). The letters are those of the ledger row.
package enum EntryKind: String, Sendable, CaseIterable {
    /// An opening amount that is owed; comes from imports.
    case openingCharge = "I"
    /// A charge: raises the balance.
    case charge = "D"
    /// An opening credit; comes from imports.
    case openingCredit = "C"
    /// A payment: lowers the balance.
    case payment = "P"

    /// Whether a positive amount raises the account's balance.
    package var raisesBalance: Bool {
        switch self {
        case .openingCharge, .charge: true
        case .openingCredit, .payment: false
        }
    }

    /// The balance after an entry of this kind, or nil where it does not fit in 64 bits.
    ///
    /// The amount keeps the sign that was submitted: a negative charge lowers the balance.
    package func balance(_ balance: Int64, after amount: Int64) -> Int64? {
        let (result, overflow) =
            raisesBalance
            ? balance.addingReportingOverflow(amount)
            : balance.subtractingReportingOverflow(amount)
        return overflow ? nil : result
    }
}

/// Whether transactions under a detail code are charges or payments (design 1.2).
package enum DetailCodeType: String, Sendable, CaseIterable {
    case charge
    case payment

    /// The kind of entry that a transaction under such a code becomes.
    package var entryKind: EntryKind {
        switch self {
        case .charge: .charge
        case .payment: .payment
        }
    }

    /// Reads the words of an import: `charge` or `C`, `payment` or `P`, in either case.
    package init?(importText: String) {
        switch importText.lowercased() {
        case "charge", "c": self = .charge
        case "payment", "p": self = .payment
        default: return nil
        }
    }
}
