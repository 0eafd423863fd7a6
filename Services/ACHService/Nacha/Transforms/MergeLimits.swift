/// How large a merged file may become.
///
/// Source: design 3.8, "bank practice" for the records, field width for the totals.
package struct MergeLimits: Hashable, Sendable {
    /// Records per file: header, controls and filler included, as lines of the file are counted.
    package let records: Int
    /// The total of either side per file, in cents.
    package let totalMinorUnits: UInt64

    /// Ten thousand lines, as many banks have it, and totals as wide as their field.
    package static let standard = MergeLimits()

    private init() {
        records = 10_000
        totalMinorUnits = FileLimits.totalMinorUnits
    }

    /// Limits of a bank: 10 to 9,999,990 records, and totals up to 9,999,999,999.99.
    package init(
        records: Int = MergeLimits.standard.records,
        totalMinorUnits: UInt64 = MergeLimits.standard.totalMinorUnits
    ) throws(TransformFault) {
        let allowedRecords = 10...Int(FileLimits.recordsInFile)
        guard allowedRecords.contains(records) else {
            throw .recordLimitOutOfRange(given: records, allowed: allowedRecords)
        }
        let allowedTotals = 1...FileLimits.totalMinorUnits
        guard allowedTotals.contains(totalMinorUnits) else {
            throw .totalLimitOutOfRange(given: totalMinorUnits, allowed: allowedTotals)
        }
        self.records = records
        self.totalMinorUnits = totalMinorUnits
    }

    /// What fits between a file's header and its control, so that filler stays within the limit too.
    var emptyFile: Room {
        Room(
            records: records / 10 * 10 - 2,
            debits: totalMinorUnits,
            credits: totalMinorUnits
        )
    }
}
