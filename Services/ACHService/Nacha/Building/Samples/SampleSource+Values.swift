extension SampleSource {
    mutating func bank() -> RoutingNumber { Self.bank(&random) }

    /// A bank of one of the twelve Federal Reserve districts.
    static func bank(_ random: inout SplitMix64) -> RoutingNumber {
        let district = random.number(in: 1...12)
        let identification = UInt32(district * 1_000_000 + random.number(in: 1...999_999))
        return RoutingNumber(
            unchecked: identification * 10 + RoutingNumber.checkDigit(of: identification)
        )
    }

    /// Six to thirteen digits, now and then with a hyphen.
    mutating func accountNumber() -> String {
        let number = random.digits(random.number(in: 6...13))
        return random.once(in: 8) ? "\(random.digits(3))-\(number)" : number
    }

    mutating func identification() -> String { "CUST" + random.digits(random.number(in: 4...10)) }

    /// A person's name of at most fifteen characters, which fits every form.
    mutating func person() -> String {
        random.pick(SampleWords.givenNames) + " " + random.pick(SampleWords.familyNames)
    }

    mutating func remittance() -> String {
        "RMR*IV*" + random.digits(7) + "*PI*" + random.digits(4) + ".00\\"
    }

    mutating func amount() -> UInt64 { UInt64(random.number(in: Self.amounts)) }

    mutating func accountKind() -> TransactionCode.AccountKind {
        switch options.entryClass {
        case .arc, .boc, .pop, .rck: .checking
        case .ccd where random.once(in: 8), .ctx where random.once(in: 8): .generalLedger
        default: random.once(in: 3) ? .savings : .checking
        }
    }

    /// How many addenda an entry has of which there may be so many.
    mutating func addendaCount(upTo maximum: Int, isNecessary: Bool) -> Int {
        switch options.addenda {
        case .necessary: isNecessary ? 1 : 0
        case .some:
            isNecessary || random.once(in: 2) ? 1 + random.below(min(maximum, 3)) : 0
        case .all: min(maximum, 5)
        }
    }
}

extension TransactionCode {
    /// The code that moves money on a side of an account.
    static func live(_ side: Side, _ account: AccountKind) -> TransactionCode {
        of(.live, side, account)
    }

    /// The code of a purpose, which must exist; loan accounts have no debits.
    static func of(_ purpose: Purpose, _ side: Side, _ account: AccountKind) -> TransactionCode {
        let found = all.first {
            $0.purpose == purpose && $0.side == side && $0.account == account
        }
        guard let found else { preconditionFailure("No code is \(purpose) of \(account).") }
        return found
    }
}
