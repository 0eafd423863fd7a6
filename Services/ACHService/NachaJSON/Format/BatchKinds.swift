internal import Nacha

/// Which kinds of record a batch is made of, as its header decides.
struct BatchKinds {
    let header: RecordKind
    let entry: RecordKind
    let control: RecordKind
    let entryClass: StandardEntryClass

    /// The kinds of a batch with a header; one that names no class is read as PPD.
    init(_ record: RecordView) {
        header = RecordKind(batchHeader: record)
        entryClass = StandardEntryClass(record) ?? .ppd
        entry =
            header == .internationalBatchHeader
            ? .internationalEntry : RecordKind(entriesOf: entryClass)
        control = entryClass == .adv ? .adviceBatchControl : .batchControl
    }

    /// The kinds of a batch whose header could not be read.
    init() {
        header = .batchHeader
        entryClass = .ppd
        entry = .entry
        control = .batchControl
    }
}
