/// Why something cannot be written as a Nacha record, batch or file.
///
/// Fields bear the names of their layout (`RecordLayouts`). Values may be account numbers or names:
/// `description` leaves them out, so that it can be logged; `value` is for the one who typed it.
package enum BuildingFault: Error, Hashable, Sendable {
    // Fields, in the order in which a field is looked at
    case valueMissing(field: String)
    case textNotPrintable(field: String, value: String)
    case textTooLong(field: String, value: String, limit: Int)
    case numberTooLarge(field: String, value: UInt64, limit: UInt64)
    /// The value has another form than the field's, which is named in words.
    case wrongForm(field: String, value: String, form: String)
    case routingNumberInvalid(field: String, value: String)

    // Records that are there already and do not add up
    case notDigits(field: String, value: String)
    case transactionCodeUnknown(value: String)

    // Limits of design 3.8
    case totalTooLarge(field: String, digits: Int)
    case batchHasTooManyRecords
    case fileHasTooManyRecords
    case fileHasTooManyEntries
    case fileHasTooManyBatches
    case entryHasTooManyAddenda(limit: Int)
    case traceNumbersExhausted(limit: UInt64)

    // Shape
    case batchHasNoEntries
    case fileHasNoBatches
    case fileMixesAdvices
}

extension BuildingFault {
    /// The name of the field at fault; nil where it is a record, a batch or the file.
    package var field: String? {
        switch self {
        case .valueMissing(let field), .textNotPrintable(let field, _),
            .textTooLong(let field, _, _), .numberTooLarge(let field, _, _),
            .wrongForm(let field, _, _), .routingNumberInvalid(let field, _),
            .notDigits(let field, _), .totalTooLarge(let field, _):
            field
        case .transactionCodeUnknown: "transaction_code"
        case .batchHasTooManyRecords, .fileHasTooManyEntries: "entry_addenda_count"
        case .fileHasTooManyRecords: "block_count"
        case .fileHasTooManyBatches: "batch_count"
        case .entryHasTooManyAddenda: "number_of_addenda"
        case .traceNumbersExhausted: "trace_number"
        case .batchHasNoEntries, .fileHasNoBatches, .fileMixesAdvices: nil
        }
    }

    /// The value that was given; it may tell an account or a name.
    package var value: String? {
        switch self {
        case .textNotPrintable(_, let value), .textTooLong(_, let value, _),
            .wrongForm(_, let value, _), .routingNumberInvalid(_, let value),
            .notDigits(_, let value), .transactionCodeUnknown(let value):
            value
        case .numberTooLarge(_, let value, _): "\(value)"
        default: nil
        }
    }

    /// What can be done about it.
    package var remedy: String {
        switch self {
        case .valueMissing: "Give a value: neither blanks nor zeros alone."
        case .textNotPrintable: "Write printable ASCII, 0x20 to 0x7E, without accents."
        case .textTooLong(_, _, let limit): "Shorten it to \(limit) characters."
        case .numberTooLarge(_, _, let limit): "Give at most \(limit)."
        case .wrongForm(_, _, let form): "Give \(form)."
        case .routingNumberInvalid: "Give nine digits whose ninth is the check digit."
        case .notDigits: "Write digits, filled with zeros to the left."
        case .transactionCodeUnknown: "Give a code that the rules know, such as 22 or 27."
        case .totalTooLarge: "Split it: spread the entries over several batches and files."
        case .batchHasTooManyRecords: "Split the batch."
        case .fileHasTooManyRecords, .fileHasTooManyEntries, .fileHasTooManyBatches:
            "Split the file."
        case .entryHasTooManyAddenda: "Spread the remittance over several entries."
        case .traceNumbersExhausted: "Begin another file with the sequence at 1."
        case .batchHasNoEntries: "Leave the batch out."
        case .fileHasNoBatches: "Send no file where there is nothing to send."
        case .fileMixesAdvices: "Put the ADV batches in a file of their own."
        }
    }
}
