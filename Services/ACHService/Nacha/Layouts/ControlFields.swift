/// A total in a control record: its positions, counted from 1, and the rule that compares it.
struct ControlField: Sendable {
    let rule: RuleID
    let from: Int
    let to: Int
}

/// The totals of a batch or file control, for those who read, compare, write and describe them.
///
/// Source: Nacha Operating Rules, Appendix Three, Company/Batch Control and File Control Records; in
/// those of automated accounting advices amounts have twenty digits.
struct ControlFields: Sendable {
    let entryAddendaCount: ControlField
    let hash: ControlField
    let debits: ControlField
    let credits: ControlField

    static func file(isAdvice: Bool) -> ControlFields { isAdvice ? adviceFile : file }
    static func batch(isAdvice: Bool) -> ControlFields { isAdvice ? adviceBatch : batch }

    private static let file = ControlFields(fileWithAmountsOf: 12)
    private static let adviceFile = ControlFields(fileWithAmountsOf: 20)
    private static let batch = ControlFields(batchWithAmountsOf: 12)
    private static let adviceBatch = ControlFields(batchWithAmountsOf: 20)

    private init(fileWithAmountsOf digits: Int) {
        entryAddendaCount = ControlField(rule: .fileControlEntryCount, from: 14, to: 21)
        hash = ControlField(rule: .fileControlHash, from: 22, to: 31)
        debits = ControlField(rule: .fileControlDebits, from: 32, to: 31 + digits)
        credits = ControlField(
            rule: .fileControlCredits,
            from: 32 + digits,
            to: 31 + 2 * digits
        )
    }

    private init(batchWithAmountsOf digits: Int) {
        entryAddendaCount = ControlField(rule: .batchControlEntryCount, from: 5, to: 10)
        hash = ControlField(rule: .batchControlHash, from: 11, to: 20)
        debits = ControlField(rule: .batchControlDebits, from: 21, to: 20 + digits)
        credits = ControlField(
            rule: .batchControlCredits,
            from: 21 + digits,
            to: 20 + 2 * digits
        )
    }
}

extension Field {
    /// A total: a number in JSON.
    static func number(_ name: String, _ field: ControlField) -> Field {
        number(name, field.from, field.to, field.rule)
    }
}

extension Record {
    mutating func write(_ total: UInt64, _ field: ControlField) {
        write(total, field.from, field.to)
    }

    mutating func write(_ totals: EntryTotals, _ fields: ControlFields) {
        write(totals.entryAddendaCount, fields.entryAddendaCount)
        write(totals.entryHash, fields.hash)
        write(totals.debitMinorUnits, fields.debits)
        write(totals.creditMinorUnits, fields.credits)
    }
}
