/// How much fits into an entry, a batch and a file: the widths of the fields that count it.
///
/// Source: design 3.8.
package enum FileLimits {
    /// Entries and addenda of a batch: its count has six digits.
    package static let recordsInBatch: UInt64 = 999_999
    /// Records of a file, header and controls included, filler not: its block count has six digits.
    package static let recordsInFile: UInt64 = 9_999_990
    /// Entries and addenda of a file: its count has eight digits.
    package static let entriesInFile: UInt64 = 99_999_999
    package static let batchesInFile: UInt64 = 999_999
    /// The largest batch number, seven digits.
    package static let batchNumber = 9_999_999
    /// The last sequence number of traces under one ODFI, seven digits.
    package static let traceSequence: UInt64 = 9_999_999
    /// The last sequence number of advices in a batch, four digits.
    package static let adviceSequence: UInt64 = 9_999
    /// The amount of an entry in cents, ten digits; ADV entries have twelve.
    package static let amountMinorUnits: UInt64 = 9_999_999_999
    package static let adviceAmountMinorUnits: UInt64 = 999_999_999_999
    /// A side's total in cents, twelve digits; ADV has twenty, more than a `UInt64` holds.
    package static let totalMinorUnits: UInt64 = 999_999_999_999
    package static let addendaOfEntry = 9_999
    /// The entry hash keeps ten digits (design 3.2).
    package static let hashModulus: UInt64 = 10_000_000_000
}
