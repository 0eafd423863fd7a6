/// Batch controls (design 3.7, record 8), and where header, entries and control disagree.
extension FileReader {
    mutating func readBatchControl(_ record: RecordView) {
        let layout =
            batch.policy.entryClass == .adv
                || batch.policy.entryClass == nil && record.reads("280", 2, 4)
            ? RecordLayouts.adviceBatchControl : RecordLayouts.batchControl
        if !batch.isOpen || isShapeless(record, layout.kind), readMistyped(record) { return }
        if batch.isDoubtful || !batch.isOpen { isDoubtful = true }
        visit(record, layout.kind)
        guard batch.isOpen else { return readStrayBatchControl(record, layout.kind) }
        endEntry()
        batch.isOpen = false
        var bad: Set<RuleID> = []
        if isGarbled {
            reportEmptyBatch(record, layout.kind)
            file.counted.add(batch.totals)
            file.stated.unreliable = .all
            return releaseHeldFaults()
        }
        if !layout.pattern.fits(record) {
            reportControlShape(record, layout)
            bad = misshapen(record, layout)
        }
        reportEmptyBatch(record, layout.kind)
        addStated(record, layout.kind, bad)
        judgeServiceClass(record, layout.kind, bad)
        judgeODFI(record, layout.kind, bad)
        compareIdentity(record, layout.kind, bad)
        file.counted.add(batch.totals)
        if batch.totals.entryAddendaCount > FileLimits.recordsInBatch {
            report(
                .batchTooLarge,
                5,
                10,
                record,
                layout.kind,
                "The batch holds \(batch.totals.entryAddendaCount) entries and addenda."
            )
            return
        }
        compareBatchTotals(record, layout, bad)
    }

    private mutating func reportEmptyBatch(_ record: RecordView, _ kind: RecordKind) {
        guard batch.entries == 0, !batch.hasLostRecord, batch.totals.unreliable != .all else {
            return
        }
        batch.totals.unreliable = .all
        // No field of the control is at fault, whatever was refused in it.
        report(
            .batchWithoutEntries,
            line: line,
            record: Record(record),
            kind: isDoubtful ? .unknown : kind,
            "The batch holds no entry."
        )
    }

    /// What the control repeats of its header was reported there.
    private mutating func reportControlShape(
        _ record: RecordView,
        _ layout: RecordLayout
    ) {
        let header = batch.header
        reportShape(record, layout) { field in
            switch field.from {
            case 2, 80, 88:
                header?.withView { $0.matches(field.from, field.to, record, at: field.from) }
                    ?? false
            default: false
            }
        }
    }

    private mutating func readStrayBatchControl(_ record: RecordView, _ kind: RecordKind) {
        file.stated.unreliable = .all
        doubtBatches(.batchControlUnexpected)
        if file.hasLostRecord { return }
        report(.batchControlUnexpected, 1, 94, record, .unknown, "No batch is open here.")
    }

    private mutating func addStated(
        _ record: RecordView,
        _ kind: RecordKind,
        _ bad: Set<RuleID>
    ) {
        let isAdvice = kind == .adviceBatchControl
        var stated = RunningTotals()
        func add(
            _ path: WritableKeyPath<RunningTotals, UInt64>,
            _ rule: RuleID,
            _ part: RunningTotals.Parts,
            _ from: Int,
            _ to: Int
        ) {
            let value = record.amount(from, to)
            if bad.contains(rule) || value > 10_000_000_000_000 {
                stated.unreliable.insert(part)
            } else {
                stated[keyPath: path] = value
            }
        }
        add(\.entryAddendaCount, .batchControlEntryCount, .count, 5, 10)
        add(\.hash, .batchControlHash, .hash, 11, 20)
        add(\.debits, .batchControlDebits, .debits, 21, isAdvice ? 40 : 32)
        add(\.credits, .batchControlCredits, .credits, isAdvice ? 41 : 33, isAdvice ? 60 : 44)
        file.stated.add(stated)
    }

    /// Judges entries that the header's class does not allow.
    ///
    /// The header is wrong where the control agrees with them, or where several disagree; otherwise
    /// the one entry is.
    private mutating func judgeServiceClass(
        _ record: RecordView,
        _ kind: RecordKind,
        _ bad: Set<RuleID>
    ) {
        defer { batch.classFaults = HeldFaults() }
        let stated =
            bad.contains(.batchControlClass)
            ? nil : ServiceClass(rawValue: Int(record.number(2, 4)))
        let isSame = batch.header?.withView { $0.matches(2, 4, record, at: 2) } ?? true
        let faults = batch.classFaults
        let suitsEntries =
            stated.map {
                (batch.creditEntries == 0 || $0.allows(.credit))
                    && (batch.debitEntries == 0 || $0.allows(.debit))
            } ?? false
        if faults.count > 0,
            !isSame && suitsEntries || faults.count > 1
        {
            reportHeader(
                .batchClassForEntries,
                2,
                4,
                "The header says \(batch.header?.text(2, 4) ?? ""); \(faults.count) entries of the "
                    + "batch are on the other side."
            )
            return
        }
        release(faults)
        // An entry on the wrong side spoils both totals.
        if faults.count > 0 { doubt(.amounts, .entryCodeForServiceClass) }
        guard !isSame, !bad.contains(.batchControlClass), batch.header != nil,
            batch.header?.withView({ $0.isDigits(2, 4) }) ?? false
        else { return }
        if batch.serviceClass == nil, stated != nil { return }
        report(
            .batchControlClass,
            2,
            4,
            record,
            kind,
            "The control says \(record.text(2, 4)), the header \(batch.header?.text(2, 4) ?? "")."
        )
    }

    /// Trace numbers that do not begin with the header's ODFI: likewise.
    private mutating func judgeODFI(
        _ record: RecordView,
        _ kind: RecordKind,
        _ bad: Set<RuleID>
    ) {
        defer { batch.odfiFaults = HeldFaults() }
        let faults = batch.odfiFaults
        let isSame = batch.odfi == record.word(80)
        let isEntries =
            faults.first.first?.record?.withView { $0.word(80) == record.word(80) } ?? false
        if faults.count > 0,
            !isSame && isEntries || faults.count == batch.entries && faults.count > 1
        {
            reportHeader(
                .batchODFIForEntries,
                80,
                87,
                "The header says \(batch.header?.text(80, 87) ?? ""); \(faults.count) trace numbers "
                    + "of the batch begin with \(faults.first.first?.record?.text(80, 87) ?? "")."
            )
            if isEntries { return }
        } else {
            release(faults)
        }
        guard !isSame, batch.isODFIKnown, !bad.contains(.batchControlODFI) else { return }
        report(
            .batchControlODFI,
            80,
            87,
            record,
            kind,
            "The control says \(record.text(80, 87)), the header "
                + "\(batch.header?.text(80, 87) ?? "")."
        )
    }

    private mutating func compareIdentity(
        _ record: RecordView,
        _ kind: RecordKind,
        _ bad: Set<RuleID>
    ) {
        guard let header = batch.header else { return }
        if !batch.isCompanyIDRefused, kind == .batchControl,
            !header.withView({ $0.matches(41, 50, record, at: 45) }),
            !header.withView({ $0.saysNothing(41, 50) })
        {
            report(
                .batchControlCompanyID,
                45,
                54,
                record,
                kind,
                "The control says '\(record.trimmedText(45, 54))', the header "
                    + "'\(header.trimmedText(41, 50))'."
            )
        }
        guard let number = batch.number, !bad.contains(.batchControlNumber) else { return }
        let stated = record.number(88, 94)
        guard number != stated else { return }
        report(
            .batchControlNumber,
            88,
            94,
            record,
            kind,
            "The control says batch \(stated), the header batch \(number)."
        )
        // The next batch is compared with the one of the two that is in order.
        if stated > file.previousBatchNumber || file.batches == 1 {
            file.lastBatchNumber = min(number, stated)
        }
    }

    /// Reports a fault of the header of the open batch.
    private mutating func reportHeader(
        _ rule: RuleID,
        _ from: Int,
        _ to: Int,
        _ message: String
    ) {
        report(
            rule,
            line: batch.line,
            positions: (from)...(to),
            record: batch.header,
            kind: batch.isDoubtful ? .unknown : batch.headerKind,
            batch.isDoubtful ? RuleCatalogue.rule(rule).title + "." : message
        )
    }
}
