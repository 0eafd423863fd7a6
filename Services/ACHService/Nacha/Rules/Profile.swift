/// How much a broken rule matters to somebody.
package enum Severity: String, Sendable, Hashable, CaseIterable {
    /// The file is refused.
    case error
    /// The file is taken, and somebody should know.
    case warning
    /// Not looked at.
    case off
}

/// A set of rules with their severities: those of origination, of what banks send, or of one bank.
///
/// A bank's profile names the rules it relaxes or tightens and takes the rest from another (design
/// 3.9, item 5). Turning a rule off hides its diagnostics and never changes what is read, but for a line
/// that is too long or too short: refused, its fields are not told apart; taken, they are judged.
package struct Profile: Sendable, Hashable {
    package let name: String
    private let changes: [RuleID: Severity]
    private let isLenient: Bool

    private init(name: String, changes: [RuleID: Severity], isLenient: Bool) {
        self.name = name
        self.changes = changes
        self.isLenient = isLenient
    }

    /// What Bursar asks of files that it sends.
    package static let strict = Profile(name: "strict", changes: [:], isLenient: false)
    /// What it asks of files that come in.
    package static let lenient = Profile(name: "lenient", changes: [:], isLenient: true)

    /// This profile with other severities for some rules.
    package func changed(name: String, _ changes: [RuleID: Severity]) -> Profile {
        Profile(
            name: name,
            changes: self.changes.merging(changes) { $1 },
            isLenient: isLenient
        )
    }

    package func severity(_ id: RuleID) -> Severity {
        if let severity = changes[id] { return severity }
        return switch RuleCatalogue.rule(id).weight {
        case .error: .error
        case .strictOnly: isLenient ? .warning : .error
        case .warning: .warning
        }
    }
}
