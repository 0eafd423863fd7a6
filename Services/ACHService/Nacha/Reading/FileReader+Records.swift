/// Which record may follow which: 1, then 5 (6 7*)+ 8 again and again, then 9 and filler (design 3.1).
extension FileReader {
    /// Reads a record by its type code.
    @inline(__always)
    mutating func readRecord(_ record: RecordView) {
        defer { endRecord() }
        switch record.typeCode {
        case UInt8(ascii: "6") where batch.isOpen && !file.hasControl:
            countRecord(); readEntry(record)
        case UInt8(ascii: "7") where entry.isOpen: countRecord(); readAddenda(record)
        default: readOther(record)
        }
    }

    @inline(__always)
    private mutating func endRecord() {
        if refused.isEmpty, !isDoubtful { return }
        refused = []
        isDoubtful = false
        isEndReported = false
    }

    @inline(__always)
    private mutating func countRecord() {
        file.records &+= 1
        if file.records == FileLimits.recordsInFile + 1 { reportTooLarge() }
    }

    private mutating func reportTooLarge() {
        file.isBlockingUnreliable = true
        report(
            .fileTooLarge,
            line: line,
            "This is record \(file.records); a file holds at most \(FileLimits.recordsInFile)."
        )
    }

    private mutating func readOther(_ record: RecordView) {
        if file.isOver { return }
        if record.typeCode == Character.blank, record.isBlank(1, RecordView.length) {
            return readBlank()
        }
        if record.typeCode == Character.nine, readAsFiller(record) { return }
        if file.strayFillers != nil { reportStrayFillers() }
        if file.hasControl { return readAfterControl(record) }
        countRecord()
        if file.records == 1, record.typeCode != UInt8(ascii: "1") { noteMissingHeader(record) }
        switch record.typeCode {
        case UInt8(ascii: "1"): readFileHeader(record)
        case UInt8(ascii: "5"): readBatchHeader(record)
        case UInt8(ascii: "6"): readStrayEntry(record)
        case UInt8(ascii: "7"): readStrayAddenda(record)
        case UInt8(ascii: "8"): readBatchControl(record)
        case UInt8(ascii: "9"): readFileControl(record)
        default: readUnknown(record)
        }
    }

    /// The first record is no file header; a record of no known type is taken for a broken one.
    private mutating func noteMissingHeader(_ record: RecordView) {
        guard (UInt8(ascii: "5")...Character.nine).contains(record.typeCode) else { return }
        doubtBlocks(.fileHeaderMissing)
        report(
            .fileHeaderMissing,
            line: line,
            record: Record(record),
            "The file begins with a record of type \(Self.typeText(record)), not with a file header."
        )
    }

    private mutating func readUnknown(_ record: RecordView) {
        if readMistyped(record) { return }
        isDoubtful = true
        visit(record, .unknown)
        if !isGarbled || presentLength == RecordView.length {
            report(
                .recordType,
                1,
                1,
                record,
                .unknown,
                "No record begins with \(Self.typeText(record))."
            )
        }
        noteLostRecord(.recordType)
    }

    /// A record stands here whose type nobody can tell: it may have been an entry, addenda, a header
    /// or a control, and what is missed for that reason is no news.
    mutating func noteLostRecord(_ rule: RuleID) {
        guard log.profile.severity(rule) == .error else { return }
        file.isBlockingUnreliable = true
        guard batch.isOpen else {
            file.hasLostRecord = file.records > 1
            return
        }
        batch.hasLostRecord = true
        entry.hasLostRecord = true
        batch.totals.unreliable = .all
    }

    static func typeText(_ record: RecordView) -> String {
        Character.printable.contains(record.typeCode)
            ? "'\(record.text(1, 1))'"
            : "the byte 0x" + String(record.typeCode, radix: 16, uppercase: true)
    }

    /// An entry outside of a batch opens one without a header.
    private mutating func readStrayEntry(_ record: RecordView) {
        if readMistyped(record) { return }
        if !file.hasLostRecord {
            report(
                .batchHeaderMissing,
                line: line,
                record: Record(record),
                "An entry stands here, and no batch is open."
            )
        }
        file.hasLostRecord = false
        openBatch(nil, kind: .batchHeader)
        batch.isImplied = true
        doubt(.all, .batchHeaderMissing)
        doubtBatches(.batchHeaderMissing)
        readEntry(record)
    }

    private mutating func readStrayAddenda(_ record: RecordView) {
        if readMistyped(record) { return }
        let kind = RecordKind(addenda: record)
        isDoubtful = true
        visit(record, kind)
        if batch.isOpen {
            batch.totals.entryAddendaCount &+= 1
            if batch.hasLostRecord { return }
            doubt(.all, .addendaWithoutEntry)
        } else if file.hasLostRecord {
            return
        }
        doubtBlocks(.addendaWithoutEntry)
        report(
            .addendaWithoutEntry,
            1,
            RecordView.length,
            record,
            kind,
            "No entry stands before it."
        )
    }

    /// Takes a record of type 9 as filler, unless it is the file control.
    ///
    /// Nines before any control are held: at the end of the file the control is missing, before
    /// another record they are out of place.
    private mutating func readAsFiller(_ record: RecordView) -> Bool {
        guard !file.hasControl else {
            readFiller(record)
            return true
        }
        guard record.isNines(1, presentLength) else { return false }
        let stray = file.strayFillers ?? (line, 0)
        file.strayFillers = (stray.line, stray.count + 1)
        visit(record, .filler)
        return true
    }

    private mutating func reportStrayFillers() {
        guard let stray = file.strayFillers else { return }
        file.strayFillers = nil
        file.isBlockingUnreliable = true
        report(
            .fileFillerMisplaced,
            line: stray.line,
            record: .filler,
            kind: .filler,
            "\(stray.count) records of filler stand before the file control."
        )
    }

    private mutating func readAfterControl(_ record: RecordView) {
        isDoubtful = true
        visit(record, .unknown)
        file.isOver = true
        // The batch control that was missing before the file control: one cause.
        if file.isBatchCountUnreliable, record.typeCode == UInt8(ascii: "8") { return }
        report(
            .fileRecordAfterControl,
            1,
            RecordView.length,
            record,
            .unknown,
            "The file ended with its control; nothing that follows is judged."
        )
    }

    private mutating func readFiller(_ record: RecordView) {
        file.fillers += 1
        visit(record, .filler)
        guard !record.isNines(1, presentLength), !isGarbled else { return }
        isDoubtful = true
        let wrong = (1...presentLength).filter { record[$0] != Character.nine }
        report(
            .fileFillerContent,
            wrong.first ?? 1,
            wrong.last ?? RecordView.length,
            record,
            .filler,
            "\(wrong.count) characters are not 9."
        )
    }
}

extension RecordView {
    /// Whether a stretch holds nines and nothing else.
    func isNines(_ from: Int, _ to: Int) -> Bool {
        (from...to).allSatisfy { self[$0] == Character.nine }
    }
}
