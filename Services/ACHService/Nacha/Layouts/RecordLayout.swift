/// The fields of one variant of a record, position 1 to 94 without a gap, and what follows from them:
/// the pattern that its characters fit.
package struct RecordLayout: Sendable {
    package let kind: RecordKind
    package let fields: [Field]
    let pattern: RecordPattern

    init(_ kind: RecordKind, _ fields: [Field]) {
        precondition(
            fields.first?.from == 1 && fields.last?.to == RecordView.length
                && zip(fields, fields.dropFirst()).allSatisfy { $0.to + 1 == $1.from },
            "The fields of \(kind) must cover 94 characters without a gap."
        )
        self.kind = kind
        self.fields = fields
        var lowest: [UInt8] = []
        var span: [UInt8] = []
        for field in fields {
            let range = 0..<field.length
            switch field.content {
            case .constant(let text):
                lowest += text.utf8
                span += range.map { _ in 0 }
            case .digits:
                lowest += range.map { _ in Character.zero }
                span += range.map { _ in 9 }
            case .text:
                lowest += range.map { _ in Character.printable.lowerBound }
                span += range.map { _ in
                    Character.printable.upperBound - Character.printable.lowerBound
                }
            case .blank:
                lowest += range.map { _ in Character.blank }
                span += range.map { _ in 0 }
            }
        }
        pattern = RecordPattern(lowest: lowest, span: span)
    }

    /// The field of a name; every caller names one that is there.
    package func field(_ name: String) -> Field {
        guard let field = fields.first(where: { $0.name == name }) else {
            preconditionFailure("\(kind) has no field \(name).")
        }
        return field
    }

    /// The field that a position belongs to.
    package func field(at position: Int) -> Field {
        fields.first { position <= $0.to } ?? fields[fields.count - 1]
    }
}

/// Which of its variants a record is; the first five and the last two stand for 1, 5, 6, 7, 8 and 9.
package enum RecordKind: String, Sendable, Hashable, CaseIterable {
    case fileHeader = "file_header"
    case batchHeader = "batch_header"
    case internationalBatchHeader = "iat_batch_header"
    case entry = "entry"
    case checkEntry = "check_entry"
    case pointOfPurchaseEntry = "pop_entry"
    case sharedNetworkEntry = "shr_entry"
    case nameFirstEntry = "name_first_entry"
    case exchangeEntry = "exchange_entry"
    case internationalEntry = "iat_entry"
    case adviceEntry = "adv_entry"
    case terminalAddenda = "addenda_02"
    case paymentAddenda = "addenda_05"
    case transactionAddenda = "addenda_10"
    case originatorAddenda = "addenda_11"
    case originatorAddressAddenda = "addenda_12"
    case originatingBankAddenda = "addenda_13"
    case receivingBankAddenda = "addenda_14"
    case receiverAddenda = "addenda_15"
    case receiverAddressAddenda = "addenda_16"
    case remittanceAddenda = "addenda_17"
    case correspondentAddenda = "addenda_18"
    case changeAddenda = "addenda_98"
    case refusedChangeAddenda = "addenda_98_refused"
    case returnAddenda = "addenda_99"
    case dishonoredAddenda = "addenda_99_dishonored"
    case contestedAddenda = "addenda_99_contested"
    case batchControl = "batch_control"
    case adviceBatchControl = "adv_batch_control"
    case fileControl = "file_control"
    case adviceFileControl = "adv_file_control"
    case filler = "filler"
    /// No record that the rules know: its type code is none, or it stands where nothing may.
    case unknown = "unknown"

    /// The layout; nil for what is no record.
    package var layout: RecordLayout? { RecordLayouts.all[self] }

    /// Whether every character of a record is one that this kind allows there.
    package func fits(_ record: RecordView) -> Bool { layout?.pattern.fits(record) ?? false }

    package var isEntry: Bool {
        switch self {
        case .entry, .checkEntry, .pointOfPurchaseEntry, .sharedNetworkEntry, .nameFirstEntry,
            .exchangeEntry, .internationalEntry, .adviceEntry:
            true
        default: false
        }
    }

    package var isAddenda: Bool { rawValue.hasPrefix("addenda_") }
}
