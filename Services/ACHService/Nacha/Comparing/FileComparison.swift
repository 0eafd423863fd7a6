/// What became of one file in another, by meaning and not by line.
///
/// Batches are told to be the same by company, SEC code, description, date, ODFI and number, or by
/// the entries they hold; entries by trace number, or by amount, account and name where trace numbers
/// moved. Line ends, filler, odd lines and the block count are ignored. Another order of batches and
/// entries is told and is no difference in meaning; neither are batch numbers.
///
/// Takes time in proportion to the entries, with hashing: two files of a million are compared in
/// seconds.
package struct FileComparison: Sendable {
    /// How many differences of each weight are kept, unless said.
    package static let defaultLimit = 100_000

    /// In the order of lines, up to the limit for each weight.
    package let differences: [FileDifference]
    /// How many there are of each weight, those beyond the limit included.
    package let counts: [FileDifference.Weight: Int]
    package let oldTotals: FileTotals
    package let newTotals: FileTotals

    /// Whether both files say the same, in whatever order.
    package var isSame: Bool { counts[.meaning] == nil }

    /// Compares two files as they stand, valid or not.
    package init(old: NachaFile, new: NachaFile, limit: Int = FileComparison.defaultLimit) {
        var comparer = FileComparer(old: old, new: new, limit: limit)
        comparer.compare()
        differences = comparer.list.differences
        counts = comparer.list.counts
        oldTotals = FileTotals(of: old)
        newTotals = FileTotals(of: new)
    }
}
