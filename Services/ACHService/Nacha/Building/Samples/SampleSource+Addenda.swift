extension SampleSource {
    /// The addenda of a forward entry, as its class and its purpose allow.
    mutating func addenda(
        of entryClass: StandardEntryClass,
        to entry: EntryDraft
    ) -> [AddendaDraft] {
        let purpose = entry.transactionCode.purpose
        switch entryClass {
        case .iat: return internationalAddenda(to: entry)
        case .dne: return [.payment(deathNotice())]
        case .enr:
            let count = addendaCount(upTo: 9_999, isNecessary: true)
            return (0..<count).map { _ in .payment(enrollment()) }
        case .mte, .pos, .shr: return purpose == .prenote ? [] : [.terminal(terminal())]
        case .ctx where purpose == .prenote: return []
        default:
            let rule = entryClass.addenda
            guard rule.maximum > 0 else { return [] }
            let count = addendaCount(
                upTo: rule.maximum,
                isNecessary: rule.isMandatory || purpose == .zeroDollar
            )
            return (0..<count).map { _ in .payment(remittance()) }
        }
    }

    private mutating func deathNotice() -> String {
        let died = options.date.adding(days: -random.number(in: 1...60))
        let digits = [died.month, died.day, died.year % 100].map {
            DecimalText.digits(UInt64($0), count: 2)
        }
        return "DATE OF DEATH*\(digits.joined())*CUSTOMERSSN*9\(random.digits(8))"
            + "*AMOUNT*\(random.digits(4)).00\\"
    }

    /// Code, bank, check digit, account, tax number, family name, given name, who enrolls.
    private mutating func enrollment() -> String {
        let bank = bank()
        return "22*\(bank.identificationText)*\(bank.checkDigit)*\(random.digits(9))"
            + "*9\(random.digits(8))*\(random.pick(SampleWords.familyNames))"
            + "*\(random.pick(SampleWords.givenNames))*\(random.below(2))\\"
    }

    private mutating func terminal() -> TerminalAddendaDraft {
        let place = random.pick(SampleWords.places)
        return TerminalAddendaDraft(
            reference1: random.digits(7),
            terminalID: "T" + random.digits(5),
            serialNumber: random.digits(6),
            date: options.date.adding(days: -random.below(3)),
            authorization: random.digits(6),
            location: random.pick(SampleWords.streets),
            city: place.city,
            state: place.state
        )
    }

    /// 10 to 16 once each, then remittance (17) and correspondent banks (18) as the options say.
    private mutating func internationalAddenda(to entry: EntryDraft) -> [AddendaDraft] {
        let home = random.pick(SampleWords.places)
        let receiver = person()
        var addenda: [AddendaDraft] = [
            .transaction(
                TransactionAddendaDraft(
                    reason: .business,
                    foreignAmount: entry.amountMinorUnits,
                    foreignTrace: random.digits(12),
                    receiverName: receiver
                )
            ),
            .originator(name: company, street: random.pick(SampleWords.streets)),
            .originatorAddress(
                PartyAddressDraft(
                    city: home.city,
                    state: home.state,
                    country: "US",
                    postalCode: random.digits(5)
                )
            ),
            .originatingBank(
                ForeignBankDraft(
                    name: "FIRST SAMPLE BANK",
                    qualifier: .nationalClearing,
                    identification: odfi.identificationText,
                    branchCountry: "US"
                )
            ),
            .receivingBank(foreignBank()),
            .receiver(identification: identification(), street: random.pick(SampleWords.streets)),
            .receiverAddress(
                PartyAddressDraft(
                    city: abroad.city,
                    state: abroad.province,
                    country: abroad.country,
                    postalCode: abroad.postalCode
                )
            ),
        ]
        for _ in 0..<addendaCount(upTo: 2, isNecessary: false) {
            addenda.append(.remittance(remittance()))
        }
        for _ in 0..<addendaCount(upTo: 5, isNecessary: false) {
            addenda.append(.correspondentBank(foreignBank()))
        }
        return addenda
    }

    private func foreignBank() -> ForeignBankDraft {
        ForeignBankDraft(
            name: abroad.bank,
            qualifier: .bic,
            identification: abroad.bic,
            branchCountry: abroad.country
        )
    }
}
