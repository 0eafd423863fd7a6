internal import ArgumentParser
internal import Nacha

extension ACHCommand {
    /// `bursar ach rules`: what validation asks, rule by rule.
    struct Rules: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the rules, or explain one: what it asks, what to do, where it is from."
        )

        @Argument(help: "The id of a rule, as diagnostics give it.")
        var rule: String?

        func run() throws {
            guard let rule else { return try list() }
            guard let id = RuleID(rawValue: rule) else {
                throw CommandFailure.refused("\(rule): no such rule; see `bursar ach rules`.")
            }
            try explain(RuleCatalogue.rule(id))
        }

        private func list() throws {
            var table = Table([
                ("rule", .left), ("strict", .left), ("lenient", .left), ("return", .left),
                ("asks", .left),
            ])
            for rule in RuleCatalogue.all {
                table.add([
                    rule.id.rawValue, Profile.strict.severity(rule.id).rawValue,
                    Profile.lenient.severity(rule.id).rawValue, code(rule), rule.title,
                ])
            }
            try Console.print(table.text)
        }

        private func explain(_ rule: Rule) throws {
            try Console.print(
                """
                \(rule.id.rawValue)
                  \(rule.title).
                  Remedy: \(rule.remedy)
                  Severity: \(Profile.strict.severity(rule.id).rawValue) in strict, \
                \(Profile.lenient.severity(rule.id).rawValue) in lenient
                  Return reason: \(code(rule).isEmpty ? "none: the file or batch is refused" : code(rule))
                  Source: \(rule.source)
                  In the code: its id names the check in Services/ACHService/Nacha/Reading and its
                  case in Tests/Services/ACHService/Nacha/Rules
                """
            )
        }

        private func code(_ rule: Rule) -> String {
            rule.returnCode.map { $0 < 10 ? "R0\($0)" : "R\($0)" } ?? ""
        }
    }
}
