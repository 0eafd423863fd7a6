/// One of the two files of a comparison, with what is looked up again and again.
struct ComparedSide {
    let file: NachaFile
    /// The record number of each batch's header, counted in the file from 1.
    private let headerRecords: [Int]
    /// The record number of each entry, by batch, counted in the file from 1.
    private let entryRecords: [[Int]]
    /// The form of each batch's entries.
    let kinds: [RecordKind]
    /// For each line without a record, the first record behind it; ascending.
    private let recordsBehindBlanks: [Int]

    init(_ file: NachaFile) {
        self.file = file
        let blanks = file.form.oddLines.filter { !$0.holdsRecord }
        recordsBehindBlanks = blanks.enumerated().map { $1.line - $0 }
        kinds = file.batches.map { RecordKind(entriesOf: $0.entryClass) }
        var next = file.header == nil ? 1 : 2
        var headerRecords: [Int] = []
        entryRecords = file.batches.map { batch in
            headerRecords.append(next)
            next += 1
            let records = batch.entries.map { entry in
                defer { next += 1 + entry.addenda.count }
                return next
            }
            if batch.control != nil { next += 1 }
            return records
        }
        self.headerRecords = headerRecords
    }

    /// The line of a record, counted from 1 as records, in a file that may have blank lines.
    func line(ofRecord record: Int) -> Int {
        var low = 0
        var high = recordsBehindBlanks.count
        while low < high {
            let middle = (low + high) / 2
            if recordsBehindBlanks[middle] <= record { low = middle + 1 } else { high = middle }
        }
        return record + low
    }

    var headerPlace: ComparedPlace { ComparedPlace(line: line(ofRecord: 1)) }

    var controlPlace: ComparedPlace { ComparedPlace(line: line(ofRecord: file.recordCount)) }

    func place(ofBatch index: Int) -> ComparedPlace {
        ComparedPlace(
            line: line(ofRecord: headerRecords[index]),
            batchNumber: file.batches[index].number
        )
    }

    func place(ofControl index: Int) -> ComparedPlace {
        let batch = file.batches[index]
        return ComparedPlace(
            line: line(ofRecord: headerRecords[index] + batch.recordCount - 1),
            batchNumber: batch.number
        )
    }

    /// The place of an entry, or of one of its addenda, counted from 0.
    func place(of index: EntryIndex, addenda: Int? = nil) -> ComparedPlace {
        let batch = file.batches[index.batch]
        let record = entryRecords[index.batch][index.entry] + (addenda.map { $0 + 1 } ?? 0)
        return ComparedPlace(
            line: line(ofRecord: record),
            batchNumber: batch.number,
            trace: batch.entries[index.entry].trace
        )
    }
}

/// An entry by the indices of its batch and of its place in it.
struct EntryIndex: Hashable {
    let batch: Int
    let entry: Int
}
