/// The file header, the file control, and what the whole file must keep (design 3.7, records 1 and 9).
extension FileReader {
    mutating func readFileHeader(_ record: RecordView) {
        guard file.records == 1 else {
            // It changed places with the record before it: that was said there.
            if file.records == 2, file.header == nil,
                log.profile.severity(.fileHeaderMissing) == .error
            {
                visit(record, .unknown)
                return file.header = Record(record)
            }
            if readMistyped(record) { return }
            isDoubtful = true
            visit(record, .unknown)
            report(
                .fileHeaderRepeated,
                1,
                RecordView.length,
                record,
                .unknown,
                "A second file header stands here."
            )
            return noteLostRecord(.fileHeaderRepeated)
        }
        visit(record, .fileHeader)
        if isGarbled { return }
        file.header = Record(record)
        let layout = RecordLayouts.fileHeader
        var faults: FieldFaults = []
        if !layout.pattern.fits(record) { faults = reportShape(record, layout) }
        guard faults != .all else { return }
        checkDestination(record)
        func refuse(_ rule: RuleID, _ from: Int, _ to: Int, _ message: String) {
            report(rule, from, to, record, .fileHeader, message)
        }
        if record.saysNothing(14, 23) {
            refuse(.fileHeaderOrigin, 14, 23, "The immediate origin is blank or zeros.")
        }
        if record.isDigits(24, 29), !record.isDate(24) {
            refuse(.fileHeaderCreationDate, 24, 29, "\(record.text(24, 29)) is no date YYMMDD.")
        }
        if !record.isBlank(30, 33), !record.isTime(30) {
            refuse(.fileHeaderCreationTime, 30, 33, "'\(record.text(30, 33))' is no time HHMM.")
        }
        if !Character.isUpperCaseLetter(record[34]), !Character.isDigit(record[34]) {
            refuse(.fileHeaderModifier, 34, 34, "'\(record.text(34, 34))' is not A to Z or 0 to 9.")
        }
    }

    private mutating func checkDestination(_ record: RecordView) {
        guard record[4] == Character.blank, record.isDigits(5, 13), !record.saysNothing(5, 13)
        else {
            return report(
                .fileHeaderDestination,
                4,
                13,
                record,
                .fileHeader,
                "'\(record.text(4, 13))' is not a blank and a routing number of nine digits."
            )
        }
        let expected = record.checkDigit(ofRoutingAt: 5)
        guard record[13] &- Character.zero != expected else { return }
        report(
            .fileHeaderDestinationCheckDigit,
            13,
            13,
            record,
            .fileHeader,
            "The check digit of \(record.text(5, 12)) is \(expected), not \(record.text(13, 13))."
        )
    }

    mutating func readFileControl(_ record: RecordView) {
        if batch.isOpen, readMistyped(record) { return }
        if batch.isOpen {
            isDoubtful = true
            reportMissingBatchControl()
        }
        file.hasControl = true
        let layout =
            file.isAdvice == true ? RecordLayouts.adviceFileControl : RecordLayouts.fileControl
        visit(record, layout.kind)
        if isGarbled { return file.isBlockingUnreliable = true }
        var bad: Set<RuleID> = []
        if !layout.pattern.fits(record) {
            reportShape(record, layout)
            bad = misshapen(record, layout)
        }
        let control = StatedFileControl(record, layout.kind, bad)
        if file.batches == 0, !file.hasLostRecord {
            report(.fileWithoutBatches, 2, 7, record, layout.kind, "The file holds no batch.")
        }
        if control.batches.map({ $0 != UInt64(file.batches) }) ?? false, !file.hasLostRecord,
            !file.isBatchCountUnreliable
        {
            report(
                .fileControlBatchCount,
                2,
                7,
                record,
                layout.kind,
                "The file holds \(file.batches) batches; its control says "
                    + "\(control.batches ?? 0)."
            )
            // A batch that was lost takes its records and its amounts with it.
            file.isBlockingUnreliable = true
            return
        }
        if !file.hasLostRecord, !file.isBatchCountUnreliable {
            compareFileTotals(control, record, layout.kind)
        }
        checkBlockCount(control, record, layout.kind)
    }

    private mutating func checkBlockCount(
        _ control: StatedFileControl,
        _ record: RecordView,
        _ kind: RecordKind
    ) {
        let blocks = (file.records + 9) / 10
        guard let stated = control.blocks, stated != UInt64(blocks), !file.isBlockingUnreliable
        else { return }
        report(
            .fileControlBlockCount,
            8,
            13,
            record,
            kind,
            "\(file.records) records are \(blocks) blocks of ten; the control says \(stated)."
        )
    }

    /// The fields whose characters are wrong, by their rules.
    func misshapen(_ record: RecordView, _ layout: RecordLayout) -> Set<RuleID> {
        Set(
            layout.fields.filter { field in
                field.content == .digits && !record.isDigits(field.from, field.to)
            }
            .map(\.rule)
        )
    }

    /// The file ends, or its filler begins, before a control.
    private mutating func reportMissingFileControl() {
        line = file.strayFillers?.line ?? line + 1
        if batch.isOpen {
            // The file was cut off here: what its last entry lacks is behind the cut.
            entry.hasLostRecord = true
            return reportMissingBatchControl()
        }
        guard !file.hasLostRecord, !file.isCutShort else { return }
        guard file.batches > 0 else {
            return report(.fileWithoutBatches, line: line, "The file holds no batch.")
        }
        report(
            .fileControlMissing,
            line: line,
            "No file control stands behind the last batch."
        )
    }

    /// What can only be said at the end.
    mutating func finishFile() {
        guard !file.isForeign else { return }
        guard file.records > 0 else {
            if log.errorCount == 0 { report(.fileEmpty, line: 1, "The file holds no record.") }
            return
        }
        guard file.hasControl else { return reportMissingFileControl() }
        guard !file.isOver, !file.isBlockingUnreliable, !file.isCutShort else { return }
        let wanted = (10 - file.records % 10) % 10
        if file.fillers < wanted {
            report(
                .fileBlocking,
                line: line,
                "\(file.records) records and \(file.fillers) of filler do not complete a block of "
                    + "ten; \(wanted - file.fillers) are missing."
            )
        } else if file.fillers > wanted {
            report(
                .fileFillerSurplus,
                line: line - (file.fillers - wanted) + 1,
                "\(file.fillers) records of filler stand where \(wanted) complete the last block."
            )
        }
    }
}

extension RecordView {
    /// Whether six digits are a real date YYMMDD.
    func isDate(_ position: Int) -> Bool {
        isDigits(position, position + 5)
            && CivilDate(yymmdd: bytes[(position - 1)..<(position + 5)]) != nil
    }

    /// Whether four characters are a real time HHMM.
    func isTime(_ position: Int) -> Bool {
        isDigits(position, position + 3)
            && TimeOfDay(hhmm: bytes[(position - 1)..<(position + 3)]) != nil
    }
}
