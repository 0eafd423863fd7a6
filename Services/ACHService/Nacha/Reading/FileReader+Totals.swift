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
        let isAdvice = kind == .adviceFileControl
        batches = read(.fileControlBatchCount, 2, 7)
        blocks = read(.fileControlBlockCount, 8, 13)
        entryAddendaCount = read(.fileControlEntryCount, 14, 21)
        hash = read(.fileControlHash, 22, 31)
        debits = read(.fileControlDebits, 32, isAdvice ? 51 : 43)
        credits =
            isAdvice
            ? read(.fileControlCredits, 52, 71) : read(.fileControlCredits, 44, 55)
    }
}

extension RecordView {
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
        func isWrong(
            _ stated: UInt64?,
            _ counted: UInt64,
            _ fromControls: UInt64,
            _ part: RunningTotals.Parts
        ) -> Bool {
            guard let stated else { return false }
            let isCountedSure = file.counted.unreliable.isDisjoint(with: part)
            let isStatedSure = file.stated.unreliable.isDisjoint(with: part)
            if !isCountedSure && !isStatedSure { return false }
            return !(isCountedSure && stated == counted)
                && !(isStatedSure && stated == fromControls)
        }
        let counted = file.counted
        let stated = file.stated
        if isWrong(
            control.entryAddendaCount,
            counted.entryAddendaCount,
            stated.entryAddendaCount,
            .count
        ) {
            file.isBlockingUnreliable = counted.entryAddendaCount != stated.entryAddendaCount
            return reportTotal(
                .fileControlEntryCount,
                14,
                21,
                record,
                kind,
                "\(counted.entryAddendaCount)",
                "\(control.entryAddendaCount ?? 0)"
            )
        }
        if isWrong(control.hash, counted.entryHash, stated.entryHash, .hash) {
            reportTotal(
                .fileControlHash,
                22,
                31,
                record,
                kind,
                "\(counted.entryHash)",
                "\(control.hash ?? 0)"
            )
        }
        let isAdvice = kind == .adviceFileControl
        if isWrong(control.debits, counted.debits, stated.debits, .debits) {
            reportTotal(
                .fileControlDebits,
                32,
                isAdvice ? 51 : 43,
                record,
                kind,
                MinorUnits.text(counted.debits),
                MinorUnits.text(control.debits ?? 0)
            )
        }
        if isWrong(control.credits, counted.credits, stated.credits, .credits) {
            reportTotal(
                .fileControlCredits,
                isAdvice ? 52 : 44,
                isAdvice ? 71 : 55,
                record,
                kind,
                MinorUnits.text(counted.credits),
                MinorUnits.text(control.credits ?? 0)
            )
        }
    }

    /// Compares a batch control with the entries of its batch.
    mutating func compareBatchTotals(
        _ record: RecordView,
        _ layout: RecordLayout,
        _ bad: Set<RuleID>
    ) {
        let kind = layout.kind
        let isAdvice = kind == .adviceBatchControl
        let counted = batch.totals
        let count = record.number(5, 10)
        if !bad.contains(.batchControlEntryCount), counted.unreliable.isDisjoint(with: .count),
            count != counted.entryAddendaCount
        {
            reportTotal(
                .batchControlEntryCount,
                5,
                10,
                record,
                kind,
                "\(counted.entryAddendaCount)",
                "\(count)"
            )
            // Records that were lost take their share of the other totals with them.
            if differs(record, layout, bad) { file.isBlockingUnreliable = true }
            return
        }
        let hash = record.number(11, 20)
        if !bad.contains(.batchControlHash), counted.unreliable.isDisjoint(with: .hash),
            hash != counted.entryHash
        {
            reportTotal(
                .batchControlHash,
                11,
                20,
                record,
                kind,
                "\(counted.entryHash)",
                "\(hash)"
            )
        }
        let debits = record.amount(21, isAdvice ? 40 : 32)
        let credits = isAdvice ? record.amount(41, 60) : record.amount(33, 44)
        let debitsDiffer =
            !bad.contains(.batchControlDebits) && counted.unreliable.isDisjoint(with: .debits)
            && debits != counted.debits
        let creditsDiffer =
            !bad.contains(.batchControlCredits) && counted.unreliable.isDisjoint(with: .credits)
            && credits != counted.credits
        if debitsDiffer {
            reportTotal(
                .batchControlDebits,
                21,
                isAdvice ? 40 : 32,
                record,
                kind,
                MinorUnits.text(counted.debits),
                MinorUnits.text(debits)
            )
        }
        // An entry that changed sides moves the same amount from one total to the other: one cause.
        let isMoved = debitsDiffer && debits &+ credits == counted.debits &+ counted.credits
        if creditsDiffer, !isMoved {
            reportTotal(
                .batchControlCredits,
                isAdvice ? 41 : 33,
                isAdvice ? 60 : 44,
                record,
                kind,
                MinorUnits.text(counted.credits),
                MinorUnits.text(credits)
            )
        }
    }

    /// Whether more than the count disagrees, so that records are missing and not only miscounted.
    private func differs(
        _ record: RecordView,
        _ layout: RecordLayout,
        _ bad: Set<RuleID>
    ) -> Bool {
        let isAdvice = layout.kind == .adviceBatchControl
        return record.number(11, 20) != batch.totals.entryHash
            || record.amount(21, isAdvice ? 40 : 32) != batch.totals.debits
            || (isAdvice ? record.amount(41, 60) : record.amount(33, 44)) != batch.totals.credits
    }

    private mutating func reportTotal(
        _ rule: RuleID,
        _ from: Int,
        _ to: Int,
        _ record: RecordView,
        _ kind: RecordKind,
        _ counted: String,
        _ stated: String
    ) {
        let what = kind.layout?.field(at: from).title ?? "total"
        report(
            rule,
            from,
            to,
            record,
            kind,
            "The \(what) is \(counted); the control says "
                + "\(stated)."
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
