/// What a file control says; nil where the field cannot be read.
struct StatedFileControl {
    let batches: UInt64?
    let blocks: UInt64?
    let entryAddendaCount: UInt64?
    let hash: UInt64?
    let debits: UInt64?
    let credits: UInt64?

    init(_ record: RecordView, _ kind: RecordKind, _ bad: Set<RuleID>) {
        func read(_ rule: RuleID, _ from: Int, _ to: Int) -> UInt64? {
            bad.contains(rule) ? nil : record.amount(from, to)
        }
        func read(_ field: ControlField) -> UInt64? { read(field.rule, field.from, field.to) }
        let fields = ControlFields.file(isAdvice: kind == .adviceFileControl)
        batches = read(.fileControlBatchCount, 2, 7)
        blocks = read(.fileControlBlockCount, 8, 13)
        entryAddendaCount = read(fields.entryAddendaCount)
        hash = read(fields.hash)
        debits = read(fields.debits)
        credits = read(fields.credits)
    }
}

extension RecordView {
    func amount(_ field: ControlField) -> UInt64 { amount(field.from, field.to) }

    /// A total of up to twenty digits; what is beyond 19 digits is larger than any sum and is given as
    /// the largest number.
    func amount(_ from: Int, _ to: Int) -> UInt64 {
        guard to - from >= 19 else { return number(from, to) }
        return saysNothing(from, to - 19) ? number(to - 18, to) : .max
    }
}

/// Totals against what controls say, one diagnostic for one cause (design 3.9, item 3).
extension FileReader {
    /// Compares a file control with the sum of the entries and with the sum of the batch controls.
    ///
    /// Where it agrees with one of them the cause lies in a batch and was reported there.
    mutating func compareFileTotals(
        _ control: StatedFileControl,
        _ record: RecordView,
        _ kind: RecordKind
    ) {
        let (counted, stated) = (file.counted, file.stated)
        let fields = ControlFields.file(isAdvice: kind == .adviceFileControl)
        if let count = control.entryAddendaCount,
            isWrong(count, counted.entryAddendaCount, stated.entryAddendaCount, .count)
        {
            file.isBlockingUnreliable = counted.entryAddendaCount != stated.entryAddendaCount
            let field = fields.entryAddendaCount
            return report(field, record, kind, "\(counted.entryAddendaCount)", "\(count)")
        }
        if let hash = control.hash, isWrong(hash, counted.entryHash, stated.entryHash, .hash) {
            report(fields.hash, record, kind, "\(counted.entryHash)", "\(hash)")
        }
        if let debits = control.debits, isWrong(debits, counted.debits, stated.debits, .debits) {
            report(fields.debits, record, kind, cents: counted.debits, debits)
        }
        if let credits = control.credits,
            isWrong(credits, counted.credits, stated.credits, .credits)
        {
            report(fields.credits, record, kind, cents: counted.credits, credits)
        }
    }

    /// Whether a total of the file control agrees neither with the entries nor with the batch controls,
    /// as far as these can be relied on.
    private func isWrong(
        _ stated: UInt64,
        _ counted: UInt64,
        _ fromControls: UInt64,
        _ part: RunningTotals.Parts
    ) -> Bool {
        let isCountedSure = file.counted.unreliable.isDisjoint(with: part)
        let isStatedSure = file.stated.unreliable.isDisjoint(with: part)
        if !isCountedSure && !isStatedSure { return false }
        return !(isCountedSure && stated == counted) && !(isStatedSure && stated == fromControls)
    }

    /// Compares a batch control with the entries of its batch.
    mutating func compareBatchTotals(
        _ record: RecordView,
        _ layout: RecordLayout,
        _ bad: Set<RuleID>
    ) {
        let (kind, counted) = (layout.kind, batch.totals)
        let fields = ControlFields.batch(isAdvice: kind == .adviceBatchControl)
        /// What the control says, where it can be read and is not what was counted.
        func wrong(_ field: ControlField, _ sum: UInt64, _ part: RunningTotals.Parts) -> UInt64? {
            let stated = record.amount(field)
            let isSure = !bad.contains(field.rule) && counted.unreliable.isDisjoint(with: part)
            return isSure && stated != sum ? stated : nil
        }
        if let count = wrong(fields.entryAddendaCount, counted.entryAddendaCount, .count) {
            let field = fields.entryAddendaCount
            report(field, record, kind, "\(counted.entryAddendaCount)", "\(count)")
            // Records that were lost take their share of the other totals with them.
            if differs(record, fields) { file.isBlockingUnreliable = true }
            return
        }
        if let hash = wrong(fields.hash, counted.entryHash, .hash) {
            report(fields.hash, record, kind, "\(counted.entryHash)", "\(hash)")
        }
        let debits = wrong(fields.debits, counted.debits, .debits)
        if let debits { report(fields.debits, record, kind, cents: counted.debits, debits) }
        if let credits = wrong(fields.credits, counted.credits, .credits) {
            // An entry that changed sides moves the same amount from one total to the other: one cause.
            let sum = counted.debits &+ counted.credits
            if let debits, debits &+ credits == sum { return }
            report(fields.credits, record, kind, cents: counted.credits, credits)
        }
    }

    /// Whether more than the count disagrees, so that records are missing and not only miscounted.
    private func differs(_ record: RecordView, _ fields: ControlFields) -> Bool {
        record.amount(fields.hash) != batch.totals.entryHash
            || record.amount(fields.debits) != batch.totals.debits
            || record.amount(fields.credits) != batch.totals.credits
    }

    private mutating func report(
        _ field: ControlField,
        _ record: RecordView,
        _ kind: RecordKind,
        cents counted: UInt64,
        _ stated: UInt64
    ) {
        report(field, record, kind, MinorUnits.text(counted), MinorUnits.text(stated))
    }

    private mutating func report(
        _ field: ControlField,
        _ record: RecordView,
        _ kind: RecordKind,
        _ counted: String,
        _ stated: String
    ) {
        let what = kind.layout?.field(at: field.from).title ?? "total"
        report(
            field.rule,
            field.from,
            field.to,
            record,
            kind,
            "The \(what) is \(counted); the control says \(stated)."
        )
    }
}

/// Cents as people read them.
package enum MinorUnits {
    /// `1234.05` for 123405 cents.
    package static func text(_ cents: UInt64) -> String {
        let (whole, part) = cents.quotientAndRemainder(dividingBy: 100)
        return "\(whole).\(part < 10 ? "0" : "")\(part)"
    }
}
