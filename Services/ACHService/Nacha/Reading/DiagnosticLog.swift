/// The diagnostics of one file, bounded: the first of each rule are kept, the rest are counted.
///
/// A file with the same fault in every record would fill the memory otherwise, and nobody reads ten
/// thousand lines that say the same.
struct DiagnosticLog {
    let profile: Profile
    /// How many diagnostics of one rule are kept.
    let limitPerRule: Int

    private(set) var kept: [Diagnostic] = []
    private(set) var counts: [RuleID: Int] = [:]
    private(set) var errorCount = 0
    private(set) var warningCount = 0

    init(profile: Profile, limitPerRule: Int) {
        self.profile = profile
        self.limitPerRule = limitPerRule
    }

    /// Takes a fault, unless the profile has its rule off.
    mutating func add(_ fault: Fault) {
        let severity = profile.severity(fault.rule)
        switch severity {
        case .off: return
        case .error: errorCount += 1
        case .warning: warningCount += 1
        }
        let count = counts[fault.rule, default: 0]
        counts[fault.rule] = count + 1
        if count < limitPerRule { kept.append(fault.diagnostic(severity)) }
    }

    /// Counts more faults of a rule whose first ones were added.
    mutating func count(_ more: Int, of rule: RuleID) {
        guard more > 0 else { return }
        switch profile.severity(rule) {
        case .off: return
        case .error: errorCount += more
        case .warning: warningCount += more
        }
        counts[rule, default: 0] += more
    }

    /// Forgets everything: what was found follows from one fault that was seen late.
    mutating func removeAll() {
        kept = []
        counts = [:]
        errorCount = 0
        warningCount = 0
    }

    /// How many diagnostics of each rule were counted and not kept.
    var dropped: [RuleID: Int] {
        let keptCounts = kept.reduce(into: [:]) { $0[$1.rule, default: 0] += 1 }
        return counts.compactMap { rule, count in
            let more = count - keptCounts[rule, default: 0]
            return more > 0 ? (rule, more) : nil
        }
        .reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
}

/// A fault before the profile has said how much it matters.
struct Fault {
    var rule: RuleID
    var line: Int
    var from: Int
    var to: Int
    var record: Record?
    var kind: RecordKind
    var message: String
    /// What stands there, where it is not in the record.
    var value: String?

    func diagnostic(_ severity: Severity) -> Diagnostic {
        Diagnostic(
            rule: rule,
            severity: severity,
            line: line,
            from: from,
            to: to,
            value: value ?? record.map(printableValue) ?? "",
            privacy: privacy,
            message: Self.printable(message),
            record: record,
            kind: kind
        )
    }

    /// What stands there, a character for each byte; what is not printable shows as U+FFFD.
    private func printableValue(_ record: Record) -> String {
        guard from <= RecordView.length else { return "" }
        return String(
            (from...min(to, RecordView.length)).map { position in
                let byte = record[position]
                return Character.printable.contains(byte)
                    ? Swift.Character(Unicode.Scalar(byte)) : "\u{FFFD}"
            }
        )
    }

    /// A message stays one line of a log whatever bytes it quotes (fault row I-06).
    private static func printable(_ text: String) -> String {
        guard !text.utf8.allSatisfy(Character.printable.contains) else { return text }
        return String(
            text.unicodeScalars.map { scalar in
                scalar.isASCII && Character.printable.contains(UInt8(scalar.value))
                    ? Swift.Character(scalar) : "?"
            }
        )
    }

    /// The strictest privacy among the fields that the positions touch.
    private var privacy: Field.Privacy {
        guard record != nil, let layout = kind.layout else { return .open }
        let touched = layout.fields.filter { $0.from <= to && $0.to >= from }.map(\.privacy)
        if touched.contains(.account) { return .account }
        return touched.contains(.name) ? .name : .open
    }
}
