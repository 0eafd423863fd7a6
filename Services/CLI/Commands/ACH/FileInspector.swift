internal import Nacha

/// Puts the records that a reader sees into words, a batch at a time.
final class FileInspector {
    private let reveal: Bool
    private let entriesPerBatch: Int
    private var lines: [String] = []
    private var table: Table?
    private var entryClass: StandardEntryClass?
    private var entries = 0
    /// Addenda of the last entry, shown below its row.
    private var notes: [String] = []

    init(reveal: Bool, entriesPerBatch: Int) {
        self.reveal = reveal
        self.entriesPerBatch = entriesPerBatch
    }

    /// Prints what is complete.
    func print() throws {
        for line in lines { try Console.print(line) }
        lines = []
    }

    func finish() { endEntries() }

    /// Takes the next record.
    func add(_ record: RecordView?, _ place: RecordPlace) {
        guard let record else { return }
        // What may be something else may hold an account number anywhere.
        let isSafe = !place.isDoubtful && place.kind.fits(record)
        guard reveal || isSafe || place.kind == .filler else {
            let text = Table.printable(Masking.mask(Record(record), .unknown))
            lines.append("Line \(place.line), no sound record: \(text)")
            return
        }
        switch place.kind {
        case .fileHeader: fields("File", record, place.kind)
        case .batchHeader, .internationalBatchHeader: beginBatch(record, place.kind)
        case .batchControl, .adviceBatchControl:
            endEntries()
            control("  Batch control", record, place.kind)
        case .fileControl, .adviceFileControl: control("File control", record, place.kind)
        case .filler: break
        case .unknown: lines.append("Line \(place.line): no record that the rules know")
        case let kind where kind.isEntry: entry(record, kind)
        default: addenda(record, place.kind)
        }
    }

    private func value(_ record: RecordView, _ field: Field) -> String {
        let text = record.text(field.from, field.to)
        let shown = reveal ? text : Masking.mask(text, field.privacy)
        return Table.printable(shown.trimmingBlanks)
    }

    private func fields(_ title: String, _ record: RecordView, _ kind: RecordKind) {
        lines.append(title)
        for field in kind.layout?.fields ?? [] where field.form != .none {
            let text = value(record, field)
            if !text.isEmpty { lines.append("  \(field.title): \(text)") }
        }
        lines.append("")
    }

    private func beginBatch(_ record: RecordView, _ kind: RecordKind) {
        endEntries()
        entryClass = StandardEntryClass(record)
        entries = 0
        let number = record.trimmedText(88, 94)
        let title = entryClass.map { "\($0.rawValue), \($0.title)" } ?? record.text(51, 53)
        fields("Batch \(number): \(title)", record, kind)
        table = Table([
            ("trace", .left), ("code", .left), ("what", .left), ("routing", .left),
            ("account", .left), ("amount", .right), ("name", .left),
        ])
    }

    private func entry(_ record: RecordView, _ kind: RecordKind) {
        entries += 1
        guard entries <= entriesPerBatch, let layout = kind.layout else { return }
        func text(_ names: String...) -> String {
            let field = layout.fields.first { names.contains($0.name) }
            return field.map { value(record, $0) } ?? ""
        }
        let code = record.isDigits(2, 3) ? TransactionCode(Int(record.number(2, 3))) : nil
        let amount = layout.field("amount_minor_units")
        let isNumber = record.isDigits(amount.from, amount.to)
        table?.add([
            kind == .adviceEntry ? text("sequence_number") : text("trace_number"),
            text("transaction_code"), code?.title ?? "", record.trimmedText(4, 12),
            text("account_number"),
            isNumber ? MinorUnits.text(record.number(amount.from, amount.to)) : "?",
            text("receiver_name", "individual_name", "card_account_number"),
        ])
    }

    private func addenda(_ record: RecordView, _ kind: RecordKind) {
        guard entries <= entriesPerBatch, let layout = kind.layout else { return }
        let texts = layout.fields.compactMap { field -> String? in
            let text = value(record, field)
            return field.form == .none || text.isEmpty ? nil : "\(field.title): \(text)"
        }
        notes.append(
            "    entry \(entries), addenda \(record.text(2, 3)): " + texts.joined(separator: "; ")
        )
    }

    /// Writes the rows of the batch that ends.
    private func endEntries() {
        guard let table else { return }
        if !table.isEmpty {
            lines += table.text.split(separator: "\n").map { "  " + $0 } + notes
        }
        if entries > entriesPerBatch {
            let rest = ProgressBar.grouped(entries - entriesPerBatch)
            lines.append("  and \(rest) entries more; see --entries")
        }
        notes = []
        self.table = nil
    }

    private func control(_ title: String, _ record: RecordView, _ kind: RecordKind) {
        guard let layout = kind.layout else { return }
        let texts = layout.fields.compactMap { field -> String? in
            guard field.form == .number, field.name != "batch_number" else { return nil }
            guard field.name.hasSuffix("minor_units"), field.length < 19 else {
                return "\(field.title) \(value(record, field).droppingZeros)"
            }
            let amount = MinorUnits.text(record.number(field.from, field.to))
            return "\(field.title) \(amount)"
        }
        lines.append("\(title): " + texts.joined(separator: ", "))
        lines.append("")
    }
}

extension String {
    /// Without the blanks around it.
    fileprivate var trimmingBlanks: String {
        let start = firstIndex { $0 != " " } ?? endIndex
        let end = lastIndex { $0 != " " } ?? startIndex
        return start < endIndex ? String(self[start...end]) : ""
    }

    /// A number without the zeros before it.
    fileprivate var droppingZeros: String {
        let rest = drop { $0 == "0" }
        return rest.isEmpty ? "0" : String(rest)
    }
}
