extension NachaFile {
    /// Reads a whole file into memory, and judges it on the way.
    ///
    /// Without a file where its records do not form one: an entry outside of a batch, a record of no
    /// known type. What else is wrong the report says; it is the caller's to refuse it.
    package static func read(
        _ bytes: [UInt8],
        profile: Profile
    ) -> (file: NachaFile?, report: FileReport) {
        let assembler = FileAssembler()
        var reader = FileReader(profile: profile) { assembler.add($0, $1) }
        reader.read(bytes)
        let report = reader.finish()
        return (assembler.file(report.form), report)
    }
}

/// Puts the records that a reader sees together to a file.
///
/// Feed it as the reader's visitor, then ask for the file with the form that the report has.
package final class FileAssembler {
    private var header: Record?
    private var batches: [NachaBatch] = []
    private var open: NachaBatch?
    private var control: Record?
    private var fillers = 0
    private var records = 0
    private var oddLines: [FileForm.OddLine] = []
    private var lineEnd: FileForm.LineEnd?
    private var isBroken = false

    package init() {}

    /// Takes the next record, or the next line that holds none.
    package func add(_ record: RecordView?, _ place: RecordPlace) {
        noteForm(record, place)
        guard let record else { return }
        if place.kind == .filler {
            fillers += 1
            // Filler with something in it is no form that is kept.
            let length = min(place.text.count, RecordView.length)
            if !record.isNines(1, length) { isBroken = true }
            return
        }
        // Filler out of its place is none either.
        if fillers > 0 { isBroken = true }
        records += 1
        add(Record(record), place.kind)
    }

    private func add(_ record: Record, _ kind: RecordKind) {
        switch kind {
        case .fileHeader where header == nil && records == 1: header = record
        case .batchHeader, .internationalBatchHeader:
            closeBatch()
            open = NachaBatch(header: record)
        case .batchControl, .adviceBatchControl:
            isBroken = isBroken || open == nil
            open?.control = record
            closeBatch()
        case .fileControl, .adviceFileControl:
            isBroken = isBroken || control != nil
            closeBatch()
            control = record
        case _ where kind.isEntry && open != nil:
            open?.entries.append(EntryDetail(record: record))
        case _ where kind.isAddenda && open?.entries.isEmpty == false: addAddenda(record)
        default: isBroken = true
        }
    }

    private func addAddenda(_ record: Record) {
        guard let last = open?.entries.indices.last else { return }
        open?.entries[last].addenda.append(Addenda(record: record))
    }

    private func closeBatch() {
        if let batch = open { batches.append(batch) }
        open = nil
    }

    /// Keeps a line that is not just its record and the usual line end.
    private func noteForm(_ record: RecordView?, _ place: RecordPlace) {
        let usual = lineEnd ?? place.lineEnd
        lineEnd = usual
        guard place.text.count != RecordView.length || place.lineEnd != usual || record == nil
        else { return }
        oddLines.append(
            FileForm.OddLine(
                line: place.line,
                bytes: Array(place.text) + place.lineEnd.bytes,
                holdsRecord: record != nil
            )
        )
    }

    /// The file, as far as its records form one.
    package func file(_ form: FileForm) -> NachaFile? {
        closeBatch()
        guard !isBroken, records > 0 else { return nil }
        var form = form
        form.fillerCount = fillers == (10 - records % 10) % 10 ? nil : fillers
        form.oddLines = oddLines
        // The last line without an end is no odd one: the form says that it has none.
        if let last = oddLines.last, !form.endsWithLineEnd, last.holdsRecord,
            last.bytes.count == RecordView.length
        {
            form.oddLines.removeLast()
        }
        return NachaFile(header: header, batches: batches, control: control, form: form)
    }
}
