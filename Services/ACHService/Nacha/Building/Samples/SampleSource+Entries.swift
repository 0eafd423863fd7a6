extension SampleSource {
    /// The next entry of the batch: a forward entry, or an answer to one.
    mutating func nextEntry() -> EntryDraft {
        if options.entryClass == .cor {
            return answer(.change, to: forwardEntry(of: .ppd))
        }
        let entry = forwardEntry(of: options.entryClass)
        guard let kind = options.answer else { return entry }
        return answer(kind, to: entry)
    }

    /// An entry that an originator sends; answers get one of the same kind to answer.
    private mutating func forwardEntry(of entryClass: StandardEntryClass) -> EntryDraft {
        let side = side()
        let account = accountKind()
        let purpose = purpose(of: entryClass)
        let code =
            entryClass == .adv
            ? adviceCode(side) : TransactionCode.of(purpose, side, account)
        let movesMoney = purpose == .live && !entryClass.isAlwaysZero
        var entry = EntryDraft(
            transactionCode: code,
            receiver: bank(),
            accountNumber: accountNumber(),
            amountMinorUnits: movesMoney ? amount() : 0,
            details: details(of: entryClass, account),
            discretionaryData: discretionaryData(of: entryClass),
            addenda: []
        )
        entry.addenda = addenda(of: entryClass, to: entry)
        return entry
    }

    /// What the entry is for: money, a prenote, remittance data; ACK and ATX have zero-dollar codes,
    /// DNE and ENR prenote codes.
    private mutating func purpose(of entryClass: StandardEntryClass) -> TransactionCode.Purpose {
        switch entryClass {
        case .ack, .atx: return .zeroDollar
        case .dne, .enr: return .prenote
        case .ccd, .ctx, .iat:
            if options.hasZeroDollarEntries && random.once(in: 4) { return .zeroDollar }
        default: break
        }
        switch entryClass {
        case .ccd, .cie, .ctx, .iat, .mte, .pos, .ppd, .shr, .tel, .web:
            return options.hasPrenotes && random.once(in: 4) ? .prenote : .live
        default: return .live
        }
    }

    /// 81 to 88: odd for credits, even for debits.
    private mutating func adviceCode(_ side: TransactionCode.Side) -> TransactionCode {
        random.pick(TransactionCode.all.filter { $0.account == .advice && $0.side == side })
    }

    private mutating func discretionaryData(of entryClass: StandardEntryClass) -> String {
        switch entryClass {
        case .web, .tel: random.pick(["R", "S"])
        case .pos, .shr: random.pick(["01", "02", "03", "11", "12", "13", "21", "99"])
        default: random.once(in: 4) ? random.digits(2) : ""
        }
    }

    private mutating func details(
        of entryClass: StandardEntryClass,
        _ account: TransactionCode.AccountKind
    ) -> EntryDraft.Details {
        switch entryClass.entryForm {
        case .standard:
            return .standard(
                identification: standardIdentification(of: entryClass),
                name: standardName(of: entryClass)
            )
        case .check: return .check(serial: random.digits(6), name: person())
        case .pointOfPurchase:
            let place = random.pick(SampleWords.places)
            return .pointOfPurchase(
                serial: random.digits(6),
                city: String(place.city.prefix(4)),
                state: place.state,
                name: person()
            )
        case .sharedNetwork:
            let year = options.date.year + random.number(in: 1...4)
            let month = random.number(in: 1...12)
            guard let expiry = EntryDraft.CardExpiry(year: year, month: month) else {
                preconditionFailure("Every year has \(month) months.")
            }
            return .sharedNetwork(
                expiry: expiry,
                documentReference: random.digits(11),
                cardAccount: random.digits(16)
            )
        case .nameFirst: return .nameFirst(name: person(), identification: identification())
        case .exchange:
            return .exchange(
                identification: entryClass == .atx ? originalTrace() : identification(),
                name: random.pick(SampleWords.companies)
            )
        case .international:
            return .international(
                isListedByGateway: random.once(in: 2) ? false : nil,
                isListedBySecondary: nil
            )
        case .advice:
            return .advice(
                EntryDraft.Advice(
                    adviceRouting: bank(),
                    fileIdentification: random.digits(5),
                    name: "SAMPLE FUNDS ADVICE",
                    dayOfYear: options.date.dayOfYear
                )
            )
        }
    }

    /// The check's number for TRC and XCK, the acknowledged entry's trace number for ACK.
    private mutating func standardIdentification(of entryClass: StandardEntryClass) -> String {
        switch entryClass {
        case .ack: originalTrace()
        case .trc, .xck: random.digits(8)
        default: identification()
        }
    }

    /// Process control and item research numbers for TRC and XCK, a name for all others.
    private mutating func standardName(of entryClass: StandardEntryClass) -> String {
        switch entryClass {
        case .trc, .xck: random.digits(6) + random.digits(16)
        case .ack, .ccd: random.pick(SampleWords.companies)
        default: person()
        }
    }

    private mutating func originalTrace() -> String {
        odfi.identificationText + random.digits(7)
    }
}
