/// What the controls of a batch and of a file say: count, entry hash, and cents on either side.
///
/// Sums are checked for overflow while they grow, and for the width of their fields by
/// `checkBatch(of:)` and `checkFile(isAdvice:)`; nothing is cut, but for the hash, which the rules
/// cut to its last ten digits.
///
/// Source: design 3.2, records 8 and 9; limits of design 3.8.
package struct EntryTotals: Hashable, Sendable {
    /// The number of 6- and 7-records.
    package private(set) var entryAddendaCount: UInt64 = 0
    /// The sum of the 8-digit RDFI numbers of the entries, modulo 10^10.
    package private(set) var entryHash: UInt64 = 0
    package private(set) var debitMinorUnits: UInt64 = 0
    package private(set) var creditMinorUnits: UInt64 = 0

    /// The totals of nothing.
    package init() {}

    /// The totals of a batch's entries.
    package init(of batch: NachaBatch) throws(BuildingFault) {
        for entry in batch.entries { try add(entry, in: batch.entryClass) }
    }

    /// Adds an entry and its addenda.
    ///
    /// Refuses an entry whose code the rules do not know, since no side is known for its amount, and
    /// one whose bank or amount is no number.
    package mutating func add(
        _ entry: EntryDetail,
        in entryClass: StandardEntryClass
    ) throws(BuildingFault) {
        try entry.record.withView { record throws(BuildingFault) in
            let amount = entryClass == .adv ? (from: 28, to: 39) : (from: 30, to: 39)
            try Self.requireDigits(record, "receiving_dfi_identification", 4, 11)
            try Self.requireDigits(record, "amount_minor_units", amount.from, amount.to)
            guard record.isDigits(2, 3), let code = TransactionCode(Int(record.number(2, 3))) else {
                throw .transactionCodeUnknown(value: record.text(2, 3))
            }
            try add(
                code.side,
                amountMinorUnits: record.number(amount.from, amount.to),
                receivingDFI: record.number(4, 11),
                recordCount: UInt64(1 + entry.addenda.count)
            )
        }
    }

    /// Adds an entry that is known by its parts: side, cents, the eight digits of its bank, and how
    /// many records it has with its addenda.
    @inline(__always)
    package mutating func add(
        _ side: TransactionCode.Side,
        amountMinorUnits: UInt64,
        receivingDFI: UInt64,
        recordCount: UInt64
    ) throws(BuildingFault) {
        let total = side == .debit ? debitMinorUnits : creditMinorUnits
        guard !total.addingReportingOverflow(amountMinorUnits).overflow else {
            throw Self.tooLarge(side, isAdvice: true)
        }
        grow(
            side,
            amountMinorUnits: amountMinorUnits,
            receivingDFI: receivingDFI,
            recordCount: recordCount
        )
    }

    /// Adds an entry whose amount is already known to fit.
    @inline(__always)
    mutating func grow(
        _ side: TransactionCode.Side,
        amountMinorUnits: UInt64,
        receivingDFI: UInt64,
        recordCount: UInt64
    ) {
        if side == .debit {
            debitMinorUnits &+= amountMinorUnits
        } else {
            creditMinorUnits &+= amountMinorUnits
        }
        entryAddendaCount &+= recordCount
        entryHash &+= receivingDFI
        if entryHash >= FileLimits.hashModulus { entryHash &-= FileLimits.hashModulus }
    }

    /// Adds the totals of another batch, or of other entries.
    package mutating func add(_ other: EntryTotals) throws(BuildingFault) {
        let (debits, debitOverflow) = debitMinorUnits.addingReportingOverflow(other.debitMinorUnits)
        guard !debitOverflow else { throw Self.tooLarge(.debit, isAdvice: true) }
        let (credits, creditOverflow) = creditMinorUnits.addingReportingOverflow(
            other.creditMinorUnits
        )
        guard !creditOverflow else { throw Self.tooLarge(.credit, isAdvice: true) }
        debitMinorUnits = debits
        creditMinorUnits = credits
        entryAddendaCount += other.entryAddendaCount
        entryHash = (entryHash + other.entryHash) % FileLimits.hashModulus
    }

    /// Refuses what does not fit the control of a batch.
    package func checkBatch(of entryClass: StandardEntryClass) throws(BuildingFault) {
        guard entryAddendaCount <= FileLimits.recordsInBatch else { throw .batchHasTooManyRecords }
        if entryClass != .adv { try checkSides() }
    }

    /// Refuses what does not fit the control of a file; ADV files have wider totals.
    package func checkFile(isAdvice: Bool) throws(BuildingFault) {
        guard entryAddendaCount <= FileLimits.entriesInFile else { throw .fileHasTooManyEntries }
        if !isAdvice { try checkSides() }
    }

    @inline(__always)
    private func checkSides() throws(BuildingFault) {
        let limit = FileLimits.totalMinorUnits
        guard debitMinorUnits <= limit else { throw Self.tooLarge(.debit, isAdvice: false) }
        guard creditMinorUnits <= limit else { throw Self.tooLarge(.credit, isAdvice: false) }
    }

    /// The fault of a side whose total is wider than its field: 12 digits, 20 for ADV.
    static func tooLarge(_ side: TransactionCode.Side, isAdvice: Bool) -> BuildingFault {
        let field = side == .debit ? "total_debit_minor_units" : "total_credit_minor_units"
        return .totalTooLarge(field: field, digits: isAdvice ? 20 : 12)
    }

    private static func requireDigits(
        _ record: RecordView,
        _ field: String,
        _ from: Int,
        _ to: Int
    ) throws(BuildingFault) {
        guard record.isDigits(from, to) else {
            throw .notDigits(field: field, value: record.text(from, to))
        }
    }
}
