extension SampleSource {
    /// The answer to an entry that was sent to the batch's answering bank.
    ///
    /// Returns and contests go from that bank to the originating one, dishonors and refusals back.
    mutating func answer(_ kind: SampleOptions.Answer, to entry: EntryDraft) -> EntryDraft {
        let original = OriginalEntry(
            trace: TraceNumber(unchecked: odfi.identification, sequence()),
            receivingBank: answeringBank
        )
        var answer = entry
        answer.transactionCode = .of(
            .returned,
            entry.transactionCode.side,
            entry.transactionCode.account
        )
        switch kind {
        case .returned, .contested, .change: answer.receiver = odfi
        case .dishonored, .refusedChange: answer.receiver = answeringBank
        }
        // Those of an IAT entry stay, but for remittance and correspondent banks (design 3.7).
        answer.addenda = entry.addenda.filter {
            kind == .returned && options.entryClass == .iat && !Self.isOptional($0)
        }
        switch kind {
        case .returned: answer.addenda.append(.returned(returned(original, entry)))
        case .dishonored: answer.addenda.append(.dishonored(dishonored(original)))
        case .contested: answer.addenda.append(.contested(contested(original)))
        case .change, .refusedChange:
            answer.amountMinorUnits = 0
            answer.details = .standard(identification: identification(), name: person())
            answer.discretionaryData = ""
            answer.addenda.append(change(original, isRefused: kind == .refusedChange))
        }
        return answer
    }

    private static func isOptional(_ addenda: AddendaDraft) -> Bool {
        switch addenda {
        case .remittance, .correspondentBank: true
        default: false
        }
    }

    private mutating func sequence() -> UInt32 { UInt32(random.number(in: 1...9_999_999)) }

    private mutating func code(_ numbers: [Int]) -> ReturnCode {
        let number = random.pick(numbers)
        guard let code = ReturnCode(number: number) else {
            preconditionFailure("R\(number) is no return code.")
        }
        return code
    }

    private mutating func reason() -> ReturnCode {
        switch options.entryClass {
        case .ccd, .ctx: code([1, 2, 3, 4, 8, 9, 16, 29])
        case .enr: code([40, 41, 42, 43, 44, 45, 46, 47])
        case .iat: code([1, 2, 3, 4, 80, 83])
        default: code([1, 2, 3, 4, 7, 8, 9, 10, 14, 15, 16])
        }
    }

    private mutating func returned(_ original: OriginalEntry, _ entry: EntryDraft) -> ReturnDraft {
        let reason = reason()
        let isDeath = reason.number == 14 || reason.number == 15
        return ReturnDraft(
            reason: reason,
            original: original,
            dateOfDeath: isDeath ? options.date.adding(days: -random.number(in: 1...60)) : nil,
            information: random.once(in: 4) ? "SEE LETTER" : ""
        )
    }

    private mutating func answered(_ bank: RoutingNumber, _ reason: ReturnCode) -> AnsweredReturn {
        AnsweredReturn(
            trace: TraceNumber(unchecked: bank.identification, sequence()),
            settlementDay: options.date.adding(days: -random.number(in: 1...5)).dayOfYear,
            reason: reason
        )
    }

    private mutating func dishonored(_ original: OriginalEntry) -> DishonoredReturnDraft {
        DishonoredReturnDraft(
            reason: code([61, 67, 68, 69, 70]),
            original: original,
            answered: answered(answeringBank, reason()),
            information: random.once(in: 4) ? "SEE LETTER" : ""
        )
    }

    private mutating func contested(_ original: OriginalEntry) -> ContestedReturnDraft {
        let sent = options.date.adding(days: -random.number(in: 10...12))
        return ContestedReturnDraft(
            reason: code([71, 72, 73, 74, 75, 76]),
            original: original,
            dateReturned: sent.adding(days: 2),
            originalSettlementDay: sent.dayOfYear,
            answered: answered(answeringBank, reason()),
            dishonored: answered(odfi, code([61, 67, 68, 69, 70]))
        )
    }

    private mutating func change(_ original: OriginalEntry, isRefused: Bool) -> AddendaDraft {
        let number = random.pick([1, 2, 3, 4, 5, 6, 7, 9])
        let refusal = random.number(in: 61...69)
        guard let code = ChangeCode(number: number), let refused = ChangeCode(number: refusal)
        else { preconditionFailure("C\(number) or C\(refusal) is no change code.") }
        let data = correctedData(number)
        if isRefused {
            return .refusedChange(
                RefusedChangeDraft(
                    code: refused,
                    original: original,
                    correctedData: data,
                    changeCode: code,
                    changeSequence: sequence()
                )
            )
        }
        return .change(ChangeDraft(code: code, original: original, correctedData: data))
    }

    /// The field under a change code, in the columns of `CorrectedData`.
    private mutating func correctedData(_ number: Int) -> String {
        func padded(_ text: String, to width: Int) -> String {
            text + String(repeating: " ", count: width - text.utf8.count)
        }
        let account = random.digits(10)
        let bank = bank().text
        return switch number {
        case 1: account
        case 2: bank
        case 3: padded(bank, to: 12) + account
        case 4: person()
        case 5: random.pick(["22", "27", "32", "37"])
        case 6: padded(account, to: 20) + "32"
        case 7: bank + padded(account, to: 17) + "37"
        default: identification()
        }
    }
}
