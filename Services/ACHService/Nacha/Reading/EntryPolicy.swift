/// What the header of a batch decides for every entry in it, looked up once.
struct EntryPolicy {
    let kind: RecordKind
    let pattern: RecordPattern
    /// Nil where the header names no class that the rules know: nothing of a class is asked then.
    let entryClass: StandardEntryClass?
    let form: StandardEntryClass.EntryForm
    let onlySide: TransactionCode.Side?
    let addenda: StandardEntryClass.AddendaRule
    let isAlwaysZero: Bool
    let takesZeroDollarCodes: Bool
    let ceilingMinorUnits: UInt64
    let name: StandardEntryClass.NameRule
    /// Whether the company entry description says REVERSAL.
    let isReversal: Bool
    /// Whether the descriptive date asks for settlement on the same day (`SDhhmm`).
    let isSameDay: Bool

    let account: (from: Int, to: Int)
    let amount: (from: Int, to: Int)
    let receiver: (from: Int, to: Int)

    /// The policy of a batch whose header is there, or is lost.
    init(_ entryClass: StandardEntryClass?, header: RecordView?) {
        self.entryClass = entryClass
        let guide = entryClass ?? .ppd
        // Changes to international entries (IATCOR) keep the form of what they change.
        let isInternational =
            header.map { RecordKind(batchHeader: $0) } == .internationalBatchHeader
        form = isInternational ? .international : guide.entryForm
        kind = RecordKind(entriesOf: isInternational ? .iat : guide)
        pattern = (kind.layout ?? RecordLayouts.entries[0]).pattern
        let isReversal = header?.reads("REVERSAL", 54, 63) ?? false
        self.isReversal = isReversal
        isSameDay = header.map { Self.isSameDay($0, guide) } ?? false
        // What is debited by these classes alone is credited back by their reversals (design 3.7).
        let side = entryClass?.onlySide
        onlySide = isReversal && side == .debit ? .credit : side
        addenda =
            entryClass == nil
            ? StandardEntryClass.AddendaRule(type: 5, maximum: 9_999, isMandatory: false)
            : guide.addenda
        isAlwaysZero = entryClass?.isAlwaysZero ?? false
        takesZeroDollarCodes = entryClass?.takesZeroDollarCodes ?? true
        ceilingMinorUnits = entryClass?.ceilingMinorUnits ?? .max
        name = entryClass == nil ? .optional : guide.name
        switch form {
        case .standard, .check, .pointOfPurchase, .sharedNetwork:
            (account, amount, receiver) = ((13, 29), (30, 39), (55, 76))
        case .nameFirst: (account, amount, receiver) = ((13, 29), (30, 39), (40, 54))
        case .exchange: (account, amount, receiver) = ((13, 29), (30, 39), (59, 74))
        case .international: (account, amount, receiver) = ((40, 74), (30, 39), (40, 74))
        case .advice: (account, amount, receiver) = ((13, 27), (28, 39), (55, 76))
        }
    }

    /// International entries are never settled on the same day (design 3.5).
    private static func isSameDay(_ header: RecordView, _ entryClass: StandardEntryClass) -> Bool {
        entryClass != .iat && header.reads("SD", 64, 65) && header.isDigits(66, 69)
    }
}
