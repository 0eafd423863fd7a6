package import Nacha

/// Whether a reversal is still in time: it must reach the receivers' banks within five banking days
/// after the entries in error settled.
///
/// A check of its own, and no part of `Reversal`: design 3.8 marks the clock as general knowledge,
/// so that it warns until somebody confirms it.
package struct ReversalDeadline: Sendable {
    /// A batch, the day on which it settled, and the last day for its reversal.
    package struct Due: Hashable, Sendable {
        package let batchNumber: Int
        package let settlement: CivilDate
        package let lastDay: CivilDate
    }

    private let clocks: RuleClocks

    /// The deadline by these clocks and their calendar.
    package init(clocks: RuleClocks = RuleClocks()) { self.clocks = clocks }

    /// The last day for each batch of a file, in order; a batch without any date is left out.
    ///
    /// A batch settled on the day that the operator wrote into positions 76-78, else on the first
    /// banking day from its effective entry date on, else on the one after the file's creation
    /// (design 3.5: the operator inserts the next banking day).
    package func due(_ file: NachaFile) -> [Due] {
        let created = file.header.flatMap { CivilDate(yymmdd: $0.text(24, 29).utf8) }
        return file.batches.compactMap { batch in
            settlement(of: batch, created: created).map {
                Due(
                    batchNumber: batch.number,
                    settlement: $0,
                    lastDay: clocks.reversalDue(settlement: $0)
                )
            }
        }
    }

    /// The batches whose reversal would come too late on a day.
    package func late(_ file: NachaFile, on day: CivilDate) -> [Due] {
        due(file).filter { $0.lastDay < day }
    }

    private func settlement(of batch: NachaBatch, created: CivilDate?) -> CivilDate? {
        let effective = CivilDate(yymmdd: batch.header.text(70, 75).utf8)
        if let reference = effective ?? created,
            batch.header.withView({ $0.isDigits(76, 78) }),
            let settled = CivilDate(
                dayOfYear: Int(batch.header.number(76, 78)),
                nearest: reference
            )
        {
            return settled
        }
        return effective.map { clocks.calendar.bankingDay(onOrAfter: $0) }
            ?? created.map { clocks.calendar.bankingDay(after: $0) }
    }
}
