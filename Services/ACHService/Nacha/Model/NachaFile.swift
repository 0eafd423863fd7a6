/// A Nacha file as it stands in memory: header, batches, control, and the form in which it was written.
///
/// What a transformation takes and gives. A million entries take about 100 MB here; validation,
/// inspection and writing work on the stream instead and never build one.
package struct NachaFile: Sendable {
    /// The file header (1); nil for what banks send without one.
    package var header: Record?
    package var batches: [NachaBatch]
    /// The file control (9); nil for what banks send without one.
    package var control: Record?
    package var form: FileForm

    package init(
        header: Record?,
        batches: [NachaBatch],
        control: Record? = nil,
        form: FileForm = FileForm()
    ) {
        self.header = header
        self.batches = batches
        self.control = control
        self.form = form
    }

    /// Whether it holds ADV batches, which have another file control.
    package var isAdvice: Bool { batches.first?.entryClass == .adv }

    /// How many records it has, without filler.
    package var recordCount: Int {
        (header == nil ? 0 : 1) + batches.reduce(0) { $0 + $1.recordCount }
            + (control == nil ? 0 : 1)
    }
}

/// A batch with header, entries and control, which is no payment batch (seed 000) and no posting set.
package struct NachaBatch: Sendable {
    /// The batch header (5), in the form of IAT where that is its kind.
    package var header: Record
    /// `batchHeader` or `internationalBatchHeader`.
    package var headerKind: RecordKind
    package var entryClass: StandardEntryClass
    package var entries: [EntryDetail]
    /// The batch control (8); nil until `closed` has computed it.
    package var control: Record?

    package init(header: Record, entries: [EntryDetail] = [], control: Record? = nil) {
        self.header = header
        self.entries = entries
        self.control = control
        headerKind = header.withView { RecordKind(batchHeader: $0) }
        entryClass = header.withView { StandardEntryClass($0) } ?? .ppd
    }

    /// The number of 6- and 7-records.
    package var entryAddendaCount: Int { entries.reduce(0) { $0 + 1 + $1.addenda.count } }

    package var recordCount: Int { 1 + entryAddendaCount + (control == nil ? 0 : 1) }

    package var number: Int { Int(header.number(88, 94)) }

    package var odfi: String { header.text(80, 87) }

    package var serviceClass: ServiceClass? { ServiceClass(rawValue: Int(header.number(2, 4))) }
}

/// An entry (6) with its addenda (7).
package struct EntryDetail: Sendable, Hashable {
    package var record: Record
    package var addenda: [Addenda]

    package init(record: Record, addenda: [Addenda] = []) {
        self.record = record
        self.addenda = addenda
    }

    package var transactionCode: TransactionCode? { TransactionCode(Int(record.number(2, 3))) }

    /// The amount in cents; ADV entries have theirs elsewhere: `amount(in:)`.
    package func amountMinorUnits(in entryClass: StandardEntryClass) -> UInt64 {
        entryClass == .adv ? record.number(28, 39) : record.number(30, 39)
    }

    /// ODFI and sequence, fifteen digits.
    package var trace: String { record.text(80, 94) }
}

/// An addenda record with the variant that it is.
package struct Addenda: Sendable, Hashable {
    package var record: Record
    package var kind: RecordKind

    package init(record: Record) {
        self.record = record
        kind = record.withView { RecordKind(addenda: $0) }
    }
}
