/// The addenda of IAT entries: 10 to 16 once each in order, up to two 17, up to five 18 (design 3.7).
extension FileReader {
    mutating func readInternationalAddenda(
        _ record: RecordView,
        _ kind: RecordKind,
        _ faults: FieldFaults
    ) {
        entry.proper += 1
        switch kind {
        case .transactionAddenda: checkTransaction(record)
        case .originatorAddenda:
            checkParty(record, kind, [(4, 38, "originator's name"), (39, 73, "street")])
        case .originatorAddressAddenda, .receiverAddressAddenda: checkAddress(record, kind)
        case .originatingBankAddenda, .receivingBankAddenda, .correspondentAddenda:
            checkBank(record, kind)
        case .receiverAddenda: checkParty(record, kind, [(19, 53, "receiver's street")])
        default: break
        }
        checkInternationalSequence(record, kind, faults)
        if faults.isDisjoint(with: .trace) { checkEntrySequence(record, kind) }
    }

    /// Whether the record stands where another should; what it holds is not judged then.
    mutating func isOutOfOrder(_ record: RecordView, _ kind: RecordKind) -> Bool {
        let type = record.pair(2)
        guard batch.policy.form == .international, type <= 18 else { return false }
        let last = entry.internationalType
        let isNext =
            type <= 16
            ? type == (last == 0 ? 10 : last + 1)
            : type == 17 ? last == 16 || last == 17 : last >= 16
        if type > last { entry.internationalType = type }
        if entry.hasOrderFault { return !isNext }
        guard !isNext || entry.returns > 0 else { return false }
        entry.hasOrderFault = true
        entry.hasSequenceFault = true
        doubt(.count, .addendaInternationalOrder)
        doubtBlocks(.addendaInternationalOrder)
        report(
            .addendaInternationalOrder,
            2,
            3,
            record,
            kind,
            entry.returns > 0
                ? "Addenda \(type) stands behind the return."
                : "Addenda \(type) stands where \(last == 0 ? 10 : min(last + 1, 18)) should stand."
        )
        return true
    }

    private mutating func checkInternationalSequence(
        _ record: RecordView,
        _ kind: RecordKind,
        _ faults: FieldFaults
    ) {
        let (number, limit): (Int, Int)
        switch kind {
        case .remittanceAddenda:
            entry.remittances += 1
            (number, limit) = (entry.remittances, 2)
        case .correspondentAddenda:
            entry.correspondents += 1
            (number, limit) = (entry.correspondents, 5)
        default: return
        }
        if number > limit { return refuseSurplus(record, kind) }
        if faults.isDisjoint(with: .count) { checkSequence(record, kind, number) }
    }

    /// The kinds of payment that type 10 names, those of other entry classes included.
    private static let transactionTypes: Set<String> = [
        "ANN", "BUS", "DEP", "LOA", "MIS", "MOR", "PEN", "REM", "RLS", "SAL", "TAX", "ARC", "BOC",
        "MTE", "POP", "POS", "RCK", "SHR", "TEL", "WEB",
    ]

    private mutating func checkTransaction(_ record: RecordView) {
        let type = record.text(4, 6)
        if !Self.transactionTypes.contains(type) {
            report(
                .addendaTransactionType,
                4,
                6,
                record,
                .transactionAddenda,
                "'\(type)' is no transaction type."
            )
        }
        checkParty(record, .transactionAddenda, [(47, 81, "receiver's name")])
    }

    private mutating func checkParty(
        _ record: RecordView,
        _ kind: RecordKind,
        _ parts: [(from: Int, to: Int, what: String)]
    ) {
        for part in parts where record.saysNothing(part.from, part.to) {
            report(
                .addendaParty,
                part.from,
                part.to,
                record,
                kind,
                "The \(part.what) is blank."
            )
        }
    }

    private mutating func checkAddress(_ record: RecordView, _ kind: RecordKind) {
        for (from, to, what) in [(4, 38, "city and state"), (39, 73, "country and postal code")] {
            if record.saysNothing(from, to) {
                report(.addendaParty, from, to, record, kind, "The \(what) is blank.")
                continue
            }
            let text = record.trimmedText(from, to)
            let body = text.dropLast()
            guard text.last == "\\", body.contains("*"), body.first != "*", !body.contains("\\")
            else {
                report(
                    .addendaAddress,
                    from,
                    to,
                    record,
                    kind,
                    "The \(what) is not two parts with * between them and \\ at the end."
                )
                continue
            }
        }
    }

    private mutating func checkBank(_ record: RecordView, _ kind: RecordKind) {
        checkParty(record, kind, [(4, 38, "bank's name"), (41, 74, "bank's identification")])
        let qualifiers: [StaticString] = ["01", "02", "03"]
        if !qualifiers.contains(where: { record.reads($0, 39, 40) }) {
            report(
                .addendaBankQualifier,
                39,
                40,
                record,
                kind,
                "'\(record.text(39, 40))' is not 01, 02 or 03."
            )
        }
        if !record.isCapitals(75, 76) || record[77] != Character.blank {
            report(
                .addendaCountry,
                75,
                77,
                record,
                kind,
                "'\(record.text(75, 77))' is no code of a country."
            )
        }
    }
}
