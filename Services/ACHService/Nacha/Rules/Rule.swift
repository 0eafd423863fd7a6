/// What a rule asks of a file, and how much it matters.
package struct Rule: Sendable {
    /// How a rule is taken by the two profiles that come with Bursar (design 3.7, end).
    package enum Weight: Sendable, Hashable {
        /// Refused by both.
        case error
        /// Refused at origination, warned of in what comes in.
        case strictOnly
        /// Warned of by both.
        case warning
    }

    package let id: RuleID
    /// What holds where the rule is kept, as a sentence without its full stop.
    package let title: String
    /// What to do where it is broken.
    package let remedy: String
    package let weight: Weight
    /// The number of the return reason that an entry would earn, 28 for R28; nil where the file or
    /// the batch would be refused instead.
    package let returnCode: Int?
    package let source: String

    init(
        _ id: RuleID,
        _ title: String,
        remedy: String,
        _ weight: Weight,
        returnCode: Int? = nil,
        source: String
    ) {
        self.id = id
        self.title = title
        self.remedy = remedy
        self.weight = weight
        self.returnCode = returnCode
        self.source = source
    }
}

extension Rule: CustomStringConvertible {
    package var description: String { id.rawValue }
}

/// Every rule as data: what documentation, tests and `bursar ach rules` walk.
package enum RuleCatalogue {
    /// The rules in the order of `RuleID`.
    package static let all: [Rule] = lineRules + fileRules + batchRules + entryRules + addendaRules

    private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    /// What a rule asks; every id has its rule, a test sees to it.
    package static func rule(_ id: RuleID) -> Rule {
        guard let rule = byID[id] else { preconditionFailure("No rule \(id) in the catalogue.") }
        return rule
    }
}
