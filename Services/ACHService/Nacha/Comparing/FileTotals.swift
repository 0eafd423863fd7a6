/// What a file holds, counted from its entries and not from its controls.
package struct FileTotals: Hashable, Sendable {
    package private(set) var batches = 0
    package private(set) var entries = 0
    package private(set) var addenda = 0
    package private(set) var debitMinorUnits: UInt64 = 0
    package private(set) var creditMinorUnits: UInt64 = 0
    /// Entries whose code is on no side: their amounts are in neither total.
    package private(set) var entriesWithoutSide = 0
    /// Whether a total is more than 64 bits hold, and stops there.
    package private(set) var isOverflown = false

    /// The totals of nothing.
    init() {}

    /// The totals of a file.
    package init(of file: NachaFile) {
        for batch in file.batches {
            batches += 1
            for entry in batch.entries {
                entries += 1
                addenda += entry.addenda.count
                add(entry, batch.entryClass)
            }
        }
    }

    private mutating func add(_ entry: EntryDetail, _ entryClass: StandardEntryClass) {
        guard let code = entry.transactionCode else {
            entriesWithoutSide += 1
            return
        }
        let amount = entry.amountMinorUnits(in: entryClass)
        let total = code.side == .debit ? debitMinorUnits : creditMinorUnits
        let (sum, overflow) = total.addingReportingOverflow(amount)
        if overflow { isOverflown = true }
        let value = overflow ? UInt64.max : sum
        if code.side == .debit { debitMinorUnits = value } else { creditMinorUnits = value }
    }
}
