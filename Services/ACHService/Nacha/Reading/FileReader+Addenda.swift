/// Addenda records (design 3.7, record 7).
extension FileReader {
    @inline(__always)
    mutating func readAddenda(_ record: RecordView) {
        let kind = RecordKind(addenda: record)
        if kind == .unknown, readMistyped(record) { return }
        visit(record, kind)
        batch.totals.entryAddendaCount &+= 1
        entry.addenda &+= 1
        if entry.hasLostRecord { return }
        if entry.addenda == 1, entry.indicator != 1 { noteUnannounced(record, kind) }
        if isGarbled { return }
        guard kind == .paymentAddenda, batch.policy.addenda.type == 5 else {
            return readOtherAddenda(record, kind)
        }
        if entry.code?.purpose == .prenote, !takes(kind) { return refuseType(record, kind) }
        entry.proper &+= 1
        var faults: FieldFaults = []
        if !Self.payment.pattern.fits(record) { faults = reportShape(record, Self.payment) }
        if entry.proper > batch.policy.addenda.maximum { return refuseSurplus(record, kind) }
        if faults.isDisjoint(with: .count) { checkSequence(record, kind, entry.proper) }
        if faults.isDisjoint(with: .trace) { checkEntrySequence(record, kind) }
    }

    private static let payment = RecordLayouts.addenda[1]

    /// Addenda follow an entry whose indicator does not say so.
    private mutating func noteUnannounced(_ record: RecordView, _ kind: RecordKind) {
        guard entry.indicator == 0 else { return }
        doubt(.count, .entryAddendaIndicator)
        doubtBlocks(.entryAddendaIndicator)
        refuseEntry(
            .entryAddendaIndicator,
            79,
            79,
            "The addenda indicator is 0, and addenda follow in line \(line)."
        )
    }

    private mutating func readOtherAddenda(_ record: RecordView, _ kind: RecordKind) {
        guard let layout = kind.layout else {
            entry.hasSequenceFault = true
            entry.hasOrderFault = true
            return report(
                .addendaType,
                2,
                3,
                record,
                kind,
                "'\(record.text(2, 3))' is no addenda type."
            )
        }
        guard takes(kind) else { return refuseType(record, kind) }
        if isOutOfOrder(record, kind) { return }
        var faults: FieldFaults = []
        if !layout.pattern.fits(record) { faults = reportAddendaShape(record, layout) }
        switch kind {
        case .terminalAddenda: readTerminalAddenda(record, faults)
        case .changeAddenda, .refusedChangeAddenda: readChange(record, kind, faults)
        case .returnAddenda, .dishonoredAddenda, .contestedAddenda:
            readReturn(record, kind, faults)
        default: readInternationalAddenda(record, kind, faults)
        }
    }

    /// What a change with an unknown code holds behind its data, nobody can tell.
    private mutating func reportAddendaShape(
        _ record: RecordView,
        _ layout: RecordLayout
    ) -> FieldFaults {
        let isUnknownChange =
            layout.kind == .changeAddenda
            && ChangeCode(record[4], record[5], record[6]) == nil
        return reportShape(record, layout) {
            isUnknownChange && $0.content == .blank && $0.from > 64
        }
    }

    /// Whether entries of the batch take addenda of this kind.
    private func takes(_ kind: RecordKind) -> Bool {
        let policy = batch.policy
        if policy.entryClass == .ctx, entry.code?.purpose == .prenote { return false }
        switch kind {
        case .returnAddenda, .dishonoredAddenda, .contestedAddenda: return true
        case .changeAddenda, .refusedChangeAddenda:
            return policy.entryClass == .cor || policy.entryClass == .iat
                || policy.entryClass == nil || batch.headerKind == .internationalBatchHeader
        case .terminalAddenda: return policy.addenda.type == 2 || policy.entryClass == nil
        case .paymentAddenda: return policy.addenda.type == 5 || policy.entryClass == nil
        default: return policy.form == .international || policy.entryClass == nil
        }
    }

    private mutating func refuseType(_ record: RecordView, _ kind: RecordKind) {
        let entryClass = batch.policy.entryClass?.rawValue ?? ""
        let isPrenote = entry.code?.purpose == .prenote && batch.policy.entryClass == .ctx
        if batch.policy.addenda.maximum == 0 || isPrenote {
            guard entry.indicator == 1, entry.addenda == 1 else { return }
            // It is counted where it should not be, so that nobody knows which count is meant.
            doubt(.count, .entryAddendaForbidden)
            return refuseEntry(
                .entryAddendaForbidden,
                79,
                79,
                "\(entryClass) \(isPrenote ? "prenotes" : "entries") carry no addenda."
            )
        }
        entry.hasSequenceFault = true
        entry.hasOrderFault = true
        if entry.indicator == 0 { return }
        report(
            .addendaType,
            2,
            3,
            record,
            kind,
            "\(entryClass) entries carry no addenda of type \(record.text(2, 3))."
        )
    }

    mutating func refuseSurplus(_ record: RecordView, _ kind: RecordKind) {
        doubt(.count, .addendaTooMany)
        doubtBlocks(.addendaTooMany)
        entry.hasSequenceFault = true
        report(
            .addendaTooMany,
            1,
            RecordView.length,
            record,
            kind,
            "An entry of \(batch.policy.entryClass?.rawValue ?? "this class") carries at most "
                + "\(batch.policy.addenda.maximum) of these."
        )
    }

    /// Sequence numbers count up; of one entry the first that does not is reported.
    @inline(__always)
    mutating func checkSequence(_ record: RecordView, _ kind: RecordKind, _ expected: Int) {
        let sequence = record.number(84, 87)
        guard sequence != UInt64(expected), !entry.hasSequenceFault else { return }
        entry.hasSequenceFault = true
        // A record may be missing before it.
        doubt(.count, .addendaSequence)
        doubtBlocks(.addendaSequence)
        report(
            .addendaSequence,
            84,
            87,
            record,
            kind,
            "The addenda is number \(expected) of its entry; it says \(sequence)."
        )
    }

    /// The last seven digits of the entry's trace number; of one entry the first other is reported.
    @inline(__always)
    mutating func checkEntrySequence(_ record: RecordView, _ kind: RecordKind) {
        guard entry.faults.isDisjoint(with: .trace) else { return }
        let expected = entry.record.withView { $0.word(87) }
        // Position 87 is the last of another field: seven bytes are compared.
        guard (expected ^ record.word(87)) &>> 8 != 0, !entry.hasTraceFault else { return }
        noteTraceFault(batch.odfi == record.word(80) ? record.number(80, 94) : nil, record)
        report(
            .addendaEntrySequence,
            88,
            94,
            record,
            kind,
            "The addenda names entry \(record.text(88, 94)); its entry is "
                + "\(entry.record.text(88, 94))."
        )
    }

    /// The whole trace number of the entry, for types 02 and 99; changes may carry another.
    mutating func checkWholeTrace(_ record: RecordView, _ kind: RecordKind) {
        guard entry.faults.isDisjoint(with: .trace), !entry.hasTraceFault else { return }
        guard !entry.record.withView({ $0.matches(80, 94, record, at: 80) }) else { return }
        noteTraceFault(record.number(80, 94), record)
        report(
            .addendaTrace,
            80,
            94,
            record,
            kind,
            "The addenda names \(record.text(80, 94)); the trace number of its entry is "
                + "\(entry.record.text(80, 94))."
        )
    }

    /// Entry and addenda disagree, and either may be wrong: order goes on from the lower number.
    private mutating func noteTraceFault(_ whole: UInt64?, _ record: RecordView) {
        entry.hasTraceFault = true
        let sequence = record.number(88, 94)
        let trace = whole ?? batch.lastTrace / 10_000_000 * 10_000_000 + sequence
        if trace > entry.previousTrace { batch.lastTrace = min(batch.lastTrace, trace) }
    }

    private mutating func readTerminalAddenda(_ record: RecordView, _ faults: FieldFaults) {
        entry.proper += 1
        if entry.proper > batch.policy.addenda.maximum {
            return refuseSurplus(record, .terminalAddenda)
        }
        let parts = [
            (14, 19, "terminal"), (20, 25, "serial number"), (36, 62, "location"),
            (63, 77, "city"), (78, 79, "state"),
        ]
        for (from, to, what) in parts where record.saysNothing(from, to) {
            report(
                .addendaTerminal,
                from,
                to,
                record,
                .terminalAddenda,
                "The \(what) is blank."
            )
        }
        let isDay =
            record.isDigits(26, 29)
            && CivilDate(year: 2000, month: record.pair(26), day: record.pair(28)) != nil
        if !isDay {
            report(
                .addendaTerminalDate,
                26,
                29,
                record,
                .terminalAddenda,
                "'\(record.text(26, 29))' is no day MMDD."
            )
        }
        if faults.isDisjoint(with: .trace) { checkWholeTrace(record, .terminalAddenda) }
    }
}
