/// What an entry does to which kind of account: positions 2-3 of a 6-record (design 3.3).
package struct TransactionCode: Hashable, Sendable {
    /// Which way the money goes, seen from the receiver's account.
    package enum Side: Sendable, Hashable {
        case credit
        case debit

        package var opposite: Side { self == .credit ? .debit : .credit }
    }

    package enum AccountKind: Sendable, Hashable, CaseIterable {
        case checking
        case savings
        case generalLedger
        case loan
        /// The accounting records that ADV files advise of; no account of a receiver.
        case advice
    }

    package enum Purpose: Sendable, Hashable {
        /// Moves money.
        case live
        /// Asks the receiver's bank whether the account takes entries; amount zero.
        case prenote
        /// Carries remittance data in its addenda; amount zero.
        case zeroDollar
        /// A return, or a notification of change.
        case returned
        /// The debit to a loan account, which only a reversal may use (55).
        case loanReversal
    }

    package let number: UInt8
    package let side: Side
    package let purpose: Purpose
    package let account: AccountKind

    /// The code of a number; nil where the rules know none.
    @inline(__always)
    package init?(_ number: Int) {
        guard number >= 21, number <= 88 else { return nil }
        self.number = UInt8(truncatingIfNeeded: number)
        let (tens, units) = number.quotientAndRemainder(dividingBy: 10)
        switch tens {
        case 2: account = .checking
        case 3: account = .savings
        case 4: account = .generalLedger
        case 5: account = .loan
        case 8: account = .advice
        default: return nil
        }
        switch (tens, units) {
        case (8, 1...8):
            side = units % 2 == 1 ? .credit : .debit
            purpose = .live
        case (5, 5):
            side = .debit
            purpose = .loanReversal
        case (5, 7...9), (8, _): return nil
        default:
            guard let meaning = Self.meaning(ofUnits: units) else { return nil }
            (side, purpose) = meaning
        }
    }

    @inline(__always)
    private static func meaning(ofUnits units: Int) -> (Side, Purpose)? {
        switch units {
        case 1: (.credit, .returned)
        case 2: (.credit, .live)
        case 3: (.credit, .prenote)
        case 4: (.credit, .zeroDollar)
        case 6: (.debit, .returned)
        case 7: (.debit, .live)
        case 8: (.debit, .prenote)
        case 9: (.debit, .zeroDollar)
        default: nil
        }
    }

    /// Every code in order.
    package static let all: [TransactionCode] = (0...99).compactMap { TransactionCode($0) }

    /// The code that moves the same money back, for a reversal; nil where there is nothing to move.
    ///
    /// A loan credit is reversed by 55, which no live entry uses (design 3.3).
    package var reversed: TransactionCode? {
        switch (purpose, account) {
        case (.loanReversal, _): TransactionCode(52)
        case (.live, .loan): TransactionCode(55)
        case (.live, .advice): nil
        case (.live, _): TransactionCode(side == .credit ? Int(number) + 5 : Int(number) - 5)
        default: nil
        }
    }

    /// The two digits.
    package var text: String { number < 10 ? "0\(number)" : "\(number)" }

    /// What the code says, in words.
    package var title: String {
        let what =
            switch purpose {
            case .live: ""
            case .prenote: " prenote"
            case .zeroDollar: " zero-dollar entry"
            case .returned: " return or change"
            case .loanReversal: " reversal"
            }
        return "\(account.title) \(side == .credit ? "credit" : "debit")\(what)"
    }
}

extension TransactionCode.AccountKind {
    package var title: String {
        switch self {
        case .checking: "checking"
        case .savings: "savings"
        case .generalLedger: "general ledger"
        case .loan: "loan"
        case .advice: "advice"
        }
    }
}

/// What entries a batch may hold: positions 2-4 of its header and its control (design 3.7).
package enum ServiceClass: Int, Sendable, CaseIterable {
    case mixed = 200
    case creditsOnly = 220
    case debitsOnly = 225
    /// Automated accounting advices, ADV batches alone.
    case advices = 280

    /// Whether entries of this side may stand in the batch.
    @inline(__always)
    package func allows(_ side: TransactionCode.Side) -> Bool {
        switch self {
        case .mixed, .advices: true
        case .creditsOnly: side == .credit
        case .debitsOnly: side == .debit
        }
    }

    /// The class of a batch with entries of these sides.
    package static func holding(credits: Bool, debits: Bool) -> ServiceClass {
        if credits && debits { return .mixed }
        return debits ? .debitsOnly : .creditsOnly
    }
}
