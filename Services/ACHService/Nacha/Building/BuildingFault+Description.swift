extension BuildingFault: CustomStringConvertible {
    /// What is wrong, in one sentence without the value.
    package var description: String {
        switch self {
        case .valueMissing: "The \(title) is missing."
        case .textNotPrintable: "The \(title) holds a character that is not printable ASCII."
        case .textTooLong(_, _, let limit): "The \(title) is longer than \(limit) characters."
        case .numberTooLarge(_, _, let limit): "The \(title) is larger than \(limit)."
        case .wrongForm(_, _, let form): "The \(title) is not \(form)."
        case .routingNumberInvalid: "The \(title) is not a routing number with its check digit."
        case .notDigits: "The \(title) is not made of digits."
        case .transactionCodeUnknown: "The transaction code is none that the rules know."
        case .totalTooLarge(_, let digits): "The \(title) has more than \(digits) digits."
        case .batchHasTooManyRecords:
            "A batch holds at most \(FileLimits.recordsInBatch) entries and addenda."
        case .fileHasTooManyRecords: "A file holds at most \(FileLimits.recordsInFile) records."
        case .fileHasTooManyEntries:
            "A file holds at most \(FileLimits.entriesInFile) entries and addenda."
        case .fileHasTooManyBatches: "A file holds at most \(FileLimits.batchesInFile) batches."
        case .entryHasTooManyAddenda(let limit): "An entry carries at most \(limit) addenda."
        case .traceNumbersExhausted(let limit):
            "No trace number is left: the sequence ends at \(limit)."
        case .batchHasNoEntries: "The batch holds no entries."
        case .fileHasNoBatches: "The file holds no batches."
        case .fileMixesAdvices: "ADV batches stand beside batches of other classes."
        }
    }

    private var title: String { (field ?? "").split(separator: "_").joined(separator: " ") }
}

/// All faults of one draft, in the order of its fields.
package struct BuildingFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one.
    package let faults: [BuildingFault]

    package init(_ faults: [BuildingFault]) {
        precondition(!faults.isEmpty, "Faults are thrown where there is one.")
        self.faults = faults
    }

    package var description: String { faults.map(\.description).joined(separator: " ") }
}
