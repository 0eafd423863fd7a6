/// What is known of the file so far.
struct FileState {
    /// Lines that hold records other than filler.
    var records = 0
    var fillers = 0
    var header: Record?
    var hasControl = false
    /// Whether a record was lost between batches whose type nobody can tell: a header or a control.
    var hasLostRecord = false
    /// Whether it begins with something that is no record at all.
    var isForeign = false
    /// Whether batches cannot be counted, since the records around one are missing.
    var isBatchCountUnreliable = false
    /// The first line of filler that stands where the file has not ended, and how many there are.
    var strayFillers: (line: Int, count: Int)?
    /// Whether something follows the file control that is no filler: nothing after it is judged.
    var isOver = false
    /// Whether the file ends in the middle of a record, so that what is missing behind is no news.
    var isCutShort = false
    var batches = 0
    var lastBatchNumber: UInt64 = 0
    /// The number before that one.
    var previousBatchNumber: UInt64 = 0
    var entries = 0
    /// Whether its batches are ADV batches; nil before the first.
    var isAdvice: Bool?
    /// Sums over the entries, and over what the batch controls say.
    var counted = RunningTotals()
    var stated = RunningTotals()
    /// Whether records are known to be lost or added, so that blocks cannot be counted.
    var isBlockingUnreliable = false
}

/// What is known of the open batch.
struct BatchState {
    var isOpen = false
    /// Whether it was opened by an entry that stands outside of any batch.
    var isImplied = false
    var line = 0
    var header: Record?
    var headerKind = RecordKind.batchHeader
    var serviceClass: ServiceClass?
    /// Whether the header may be something else.
    var isDoubtful = false
    /// Whether the header's company identification holds characters that were refused.
    var isCompanyIDRefused = false
    var isODFIKnown = false
    var odfi: UInt64 = 0
    var number: UInt64?
    var policy = EntryPolicy(nil, header: nil)
    var totals = RunningTotals()
    var entries = 0
    var creditEntries = 0
    var debitEntries = 0
    var lastTrace: UInt64 = 0
    var answers = 0
    var forwards = 0
    var isMixReported = false
    /// Whether a record was lost inside it whose type nobody can tell.
    var hasLostRecord = false
    /// Faults of entries that may come from the header instead: judged when the batch ends.
    var classFaults = HeldFaults()
    var odfiFaults = HeldFaults()
}

/// Faults held back until it is clear where their root is.
struct HeldFaults {
    private static let limit = 100

    private(set) var first: [Fault] = []
    private(set) var count = 0

    mutating func add(_ fault: Fault) {
        count += 1
        if first.count < Self.limit { first.append(fault) }
    }
}

/// What is known of the entry whose addenda may follow.
struct EntryState {
    var isOpen = false
    /// Whether a record behind it was lost that may have been its addenda, or the next entry.
    var hasLostRecord = false
    /// Whether its record may be something else.
    var isDoubtful = false
    /// Whether it is the entry before once more.
    var isRepeated = false
    /// Whether its addenda name another trace number, which is said once.
    var hasTraceFault = false
    /// The trace number of the entry before, as order goes.
    var previousTrace: UInt64 = 0
    var line = 0
    var record = Record()
    /// Which of its fields cannot be trusted.
    var faults = FieldFaults()
    var code: TransactionCode?
    /// The digit at position 79; nil where it is neither 0 nor 1.
    var indicator: UInt8?
    var addenda = 0
    /// Addenda of the type that its class asks for.
    var proper = 0
    var returns = 0
    var changes = 0
    /// Whether its addenda are out of order or of the wrong type, so that they cannot be counted.
    var hasSequenceFault = false
    /// The type of the last IAT addenda, 0 before the first.
    var internationalType = 0
    var hasOrderFault = false
    var remittances = 0
    var correspondents = 0
}

/// Fields that failed, so that rules which need them are not asked.
struct FieldFaults: OptionSet {
    let rawValue: UInt16

    static let code = FieldFaults(rawValue: 1)
    static let routing = FieldFaults(rawValue: 2)
    static let checkDigit = FieldFaults(rawValue: 4)
    static let amount = FieldFaults(rawValue: 8)
    static let indicator = FieldFaults(rawValue: 16)
    static let trace = FieldFaults(rawValue: 32)
    static let count = FieldFaults(rawValue: 64)
    static let text = FieldFaults(rawValue: 128)
    static let other = FieldFaults(rawValue: 256)
    static let answer = FieldFaults(rawValue: 512)
    static let all = FieldFaults(rawValue: .max)

    /// The fault that a field's shape rule stands for.
    init(_ rule: RuleID) {
        switch rule {
        case .entryTransactionCode: self = .code
        case .entryReceivingDFI: self = .routing
        case .entryCheckDigit: self = .checkDigit
        case .entryAmount, .batchControlDebits, .batchControlCredits, .fileControlDebits,
            .fileControlCredits:
            self = .amount
        case .entryAddendaIndicator: self = .indicator
        case .entryTrace, .addendaTrace, .addendaEntrySequence: self = .trace
        case .entryAddendaCount, .addendaSequence: self = .count
        case .recordCharacter: self = .text
        case .addendaReturnTrace: self = .answer
        default: self = .other
        }
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
}
