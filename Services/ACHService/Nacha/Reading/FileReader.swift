/// Reads a Nacha file once, in chunks of any size, and judges it by every rule.
///
/// ```swift
/// var reader = FileReader(profile: .strict)
/// while let chunk = next() { reader.read(chunk) }
/// let report = reader.finish()
/// ```
///
/// Memory is bounded whatever the file: one line, one batch header, one entry, one bit for each trace
/// number, and the first diagnostics of each rule. A record is read where it lies in the chunk. What it
/// finds does not depend on how the bytes are cut into chunks.
///
/// Each root cause is one diagnostic (design 3.9, item 3). A rule that needs a field that has failed is
/// not asked; totals to which an unreadable record contributes are not compared; and what entries say
/// against their header waits until the batch control has shown which of them is wrong.
package struct FileReader: ~Copyable {
    /// What a reader of records is handed: the record, or nil for a blank line, and where it stands.
    package typealias Visitor = (RecordView?, RecordPlace) -> Void

    var lines = LineState()
    var file = FileState()
    var batch = BatchState()
    var entry = EntryState()
    var traces = TraceSet()
    var log: DiagnosticLog
    let visitor: Visitor?
    /// The largest amount of a same-day entry in cents (design 3.8).
    let sameDayLimitMinorUnits: UInt64
    /// The record that is being read.
    var line = 0
    /// Whether its fields cannot be told apart, so that only its type counts.
    var isGarbled = false
    /// How many of its characters were there; the rest was padded.
    var presentLength = RecordView.length
    /// Whether the record is read with another type code than it has, and was seen as it stands.
    var isMistyped = false
    /// Whether something was refused that is missing behind the end of its line.
    var isEndReported = false
    /// Whether it may not be what its type code says, so that no message quotes it.
    ///
    /// Its line is not 94 characters long, or it stands where its type may not, or several of its
    /// fields hold what they cannot: an account number may then stand anywhere in it.
    var isDoubtful = false
    /// Positions of the record whose characters were refused: no rule is asked about their meaning.
    var refused: [ClosedRange<Int>] = []

    /// A reader at the beginning of a file.
    ///
    /// - Parameters:
    ///   - profile: how much each rule matters.
    ///   - sameDayLimitMinorUnits: the largest amount of a same-day entry in cents, $1,000,000.00
    ///     since March 2022.
    ///   - diagnosticsPerRule: how many diagnostics of one rule are kept; the rest are counted.
    ///   - visitor: sees every record in order, faulty ones included.
    package init(
        profile: Profile,
        sameDayLimitMinorUnits: UInt64 = 100_000_000,
        diagnosticsPerRule: Int = 1_000,
        visitor: Visitor? = nil
    ) {
        log = DiagnosticLog(profile: profile, limitPerRule: diagnosticsPerRule)
        self.sameDayLimitMinorUnits = sameDayLimitMinorUnits
        self.visitor = visitor
    }

    /// Says that the file ends here, and what was found.
    package mutating func finish() -> FileReport {
        finishLines()
        finishFile()
        return FileReport(
            diagnostics: log.kept.sorted { ($0.line, $0.from) < ($1.line, $1.from) },
            dropped: log.dropped,
            errorCount: log.errorCount,
            warningCount: log.warningCount,
            records: file.records,
            batches: file.batches,
            entries: file.entries,
            addenda: Int(file.counted.entryAddendaCount) - file.entries,
            debitMinorUnits: file.counted.debits,
            creditMinorUnits: file.counted.credits,
            form: lines.form
        )
    }

    /// Reports a fault of the record that is being read.
    mutating func report(
        _ rule: RuleID,
        _ from: Int,
        _ to: Int,
        _ record: RecordView,
        _ kind: RecordKind,
        _ message: String
    ) {
        guard !isRefused(from, to), !isMissing(from, rule) else { return }
        let isHidden = isDoubtful && kind != .unknown
        log.add(
            Fault(
                rule: rule,
                line: line,
                from: from,
                to: to,
                record: Record(record),
                kind: isHidden ? .unknown : kind,
                message: isHidden ? RuleCatalogue.rule(rule).title + "." : message
            )
        )
    }

    /// Whether characters between two positions were refused before.
    func isRefused(_ from: Int, _ to: Int) -> Bool {
        refused.contains { $0.overlaps(from...to) }
    }

    /// Whether what a rule asks for is missing for a reason that was reported: the line ended before.
    private mutating func isMissing(_ from: Int, _ rule: RuleID) -> Bool {
        guard from > presentLength else { return false }
        if isEndReported { return true }
        isEndReported = log.profile.severity(rule) == .error
        return false
    }

    /// Says that totals of the open batch follow from a fault that was reported.
    ///
    /// Only where the fault refuses the file: a profile that takes it must not lose the totals.
    mutating func doubt(_ parts: RunningTotals.Parts, _ rule: RuleID) {
        guard log.profile.severity(rule) == .error else { return }
        batch.totals.unreliable.formUnion(parts)
    }

    /// Says that records are missing or surplus, so that blocks cannot be counted.
    mutating func doubtBlocks(_ rule: RuleID) {
        if log.profile.severity(rule) == .error { file.isBlockingUnreliable = true }
    }

    /// Says that records around a batch are missing, so that neither batches nor blocks can be counted.
    mutating func doubtBatches(_ rule: RuleID) {
        guard log.profile.severity(rule) == .error else { return }
        file.isBatchCountUnreliable = true
        file.isBlockingUnreliable = true
    }

    /// Reports a fault that lies in no single record, or in one that was read before.
    mutating func report(
        _ rule: RuleID,
        line: Int,
        positions: ClosedRange<Int> = 1...RecordView.length,
        record: Record? = nil,
        kind: RecordKind = .unknown,
        _ message: String
    ) {
        log.add(
            Fault(
                rule: rule,
                line: line,
                from: positions.lowerBound,
                to: positions.upperBound,
                record: record,
                kind: kind,
                message: message
            )
        )
    }
}

/// What a file holds and what is wrong with it.
package struct FileReport: Sendable {
    /// In order of line and position; of a rule that was broken very often only the first are here.
    package let diagnostics: [Diagnostic]
    /// How many more there were of those rules.
    package let dropped: [RuleID: Int]
    package let errorCount: Int
    package let warningCount: Int
    /// Records without filler.
    package let records: Int
    package let batches: Int
    package let entries: Int
    package let addenda: Int
    package let debitMinorUnits: UInt64
    package let creditMinorUnits: UInt64
    package let form: FileForm

    /// Whether nothing but warnings was found.
    package var isValid: Bool { errorCount == 0 }
}

/// Where a record stands in its file, and the line that it was read from.
package struct RecordPlace {
    /// The line's number, from 1.
    package let line: Int
    package let kind: RecordKind
    /// The line without its end, there only during the call: not the record's 94 characters where
    /// the line was shorter or longer.
    package let text: UnsafeRawBufferPointer
    package let lineEnd: FileForm.LineEnd
    /// Whether a byte-order mark stands before it.
    package let followsByteOrderMark: Bool
    /// Whether the record may not be what its kind says, since its line is not 94 characters long or
    /// stands where its type may not: mask all of it.
    package let isDoubtful: Bool
}
