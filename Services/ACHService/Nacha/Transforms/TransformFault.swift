/// Why files cannot be turned into others; the inputs are as they were.
///
/// Places are batches by number and entries by trace number: no account number and no name.
package enum TransformFault: Error, Hashable, Sendable {
    // What was given
    /// A file has no header, so that nobody knows for whom the result is; files count from 1.
    case headerMissing(file: Int)
    /// The header's file ID modifier is none, and no other was given.
    case modifierInvalid
    case recordLimitOutOfRange(given: Int, allowed: ClosedRange<Int>)
    case totalLimitOutOfRange(given: UInt64, allowed: ClosedRange<UInt64>)
    /// A date that two digits of a year cannot say.
    case dateOutOfRange(CivilDate)
    /// An entry whose code the rules do not know is on no side.
    case transactionCodeUnknown(EntryPlace)

    // What came of it
    /// One entry alone is more than the limits of a file allow.
    case entryExceedsLimits(EntryPlace)
    /// More files would come of it than modifiers are left from the first one on.
    case modifiersExhausted(first: String, left: Int)

    // Reversals
    case entriesNotFound([EntrySelector])
    /// A trace number is chosen that stands in several places.
    case entriesAmbiguous([EntryPlace])
    /// Entries that cannot be reversed, in the order of the file.
    case entriesIrreversible([IrreversibleEntry])
    case nothingToReverse

    // Balancing
    case offsetAccountInvalid(OffsetAccount.Problem)
    case batchTakesNoOffset(EntryPlace, OffsetRefusal)
    /// No trace number is left behind the batch's last.
    case traceNumbersExhausted(EntryPlace)

    // Closing
    case building(BuildingFault)
}

extension TransformFault: CustomStringConvertible {
    /// What is wrong, in one sentence.
    package var description: String {
        switch self {
        case .headerMissing(let file): "File \(file) has no file header."
        case .modifierInvalid: "The file ID modifier of the header is not A to Z or 0 to 9."
        case .recordLimitOutOfRange(let given, let allowed):
            "The limit of \(given) records is outside \(allowed.lowerBound) to "
                + "\(allowed.upperBound)."
        case .totalLimitOutOfRange(let given, let allowed):
            "The limit of \(given) cents is outside \(allowed.lowerBound) to "
                + "\(allowed.upperBound)."
        case .dateOutOfRange(let date): "The date \(date) cannot be written with a two-digit year."
        case .transactionCodeUnknown(let place):
            "The transaction code of \(place) is none that the rules know."
        case .entryExceedsLimits(let place): "Alone, \(place) is more than a file may hold."
        case .modifiersExhausted(let first, let left):
            "More than \(left) files would be made, and from \(first) on there are no more "
                + "modifiers in a day."
        case .entriesNotFound(let entries): "Not in the file: \(Self.list(entries))."
        case .entriesAmbiguous(let places):
            "The trace number stands in several places: \(Self.list(places))."
        case .entriesIrreversible(let entries):
            "These entries cannot be reversed: \(Self.list(entries))."
        case .nothingToReverse: "No entry is left to reverse."
        case .offsetAccountInvalid(let problem): "The offset account's \(problem.title) is wrong."
        case .batchTakesNoOffset(let place, let reason):
            "No offset entry may stand in \(place): \(reason.title)."
        case .traceNumbersExhausted(let place):
            "No trace number is left for the offset of \(place)."
        case .building(let fault): fault.description
        }
    }

    /// What can be done about it.
    package var remedy: String {
        switch self {
        case .headerMissing: "Put the file header in front of the file."
        case .modifierInvalid: "Give the modifier of the first file."
        case .recordLimitOutOfRange(_, let allowed):
            "Give \(allowed.lowerBound) to \(allowed.upperBound) records."
        case .totalLimitOutOfRange(_, let allowed):
            "Give \(allowed.lowerBound) to \(allowed.upperBound) cents."
        case .dateOutOfRange: "Give a date of the years 1970 to 2069."
        case .transactionCodeUnknown: "Correct the code, such as 22 or 27."
        case .entryExceedsLimits: "Raise the limit of records or of the total."
        case .modifiersExhausted: "Raise the limits, begin at A, or spread the files over two days."
        case .entriesNotFound: "Look the trace numbers up with `bursar ach inspect`."
        case .entriesAmbiguous: "Say which batch is meant."
        case .entriesIrreversible: "Leave them out, or ask to skip them."
        case .nothingToReverse: "Choose entries that moved money."
        case .offsetAccountInvalid(let problem): problem.remedy
        case .batchTakesNoOffset: "Send the offset in a batch of its own, with SEC code CCD."
        case .traceNumbersExhausted: "Give the entries of the batch lower trace numbers."
        case .building(let fault): fault.remedy
        }
    }

    /// The first ten of a list, and how many more there are.
    private static func list(_ values: [some CustomStringConvertible]) -> String {
        let shown = values.prefix(10).map(\.description).joined(separator: "; ")
        return values.count > 10 ? shown + "; and \(values.count - 10) more" : shown
    }
}
