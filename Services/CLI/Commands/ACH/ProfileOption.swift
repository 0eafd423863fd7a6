internal import JSON
internal import Protocol
internal import ArgumentParser
internal import Nacha

/// Which rules a command asks for: `strict`, `lenient`, or a bank's own from a file.
struct ProfileOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "strict, lenient, or a JSON file: {\"name\", \"base\": \"strict\" or \"lenient\", "
                + "\"rules\": {RULE: \"error\", \"warning\" or \"off\"}}. See `bursar ach rules`. If "
                + "not given, validate takes strict, the others lenient.",
            valueName: "profile"
        )
    )
    var profile: String?

    @Option(
        name: .customLong("same-day-limit"),
        help: "The largest amount of a same-day entry, in dollars; 1000000.00 if not given.",
    )
    var sameDayLimit: String?

    /// The profile, or `standard` where none was named.
    func load(or standard: Profile) throws -> Profile {
        switch profile {
        case nil: standard
        case "strict": .strict
        case "lenient": .lenient
        case let name?: try ProfileFile.read(name)
        }
    }
}

/// A bank's profile in a JSON file.
enum ProfileFile {
    static func read(_ name: String) throws -> Profile {
        guard let document = JSONNode(try InputFile.read(name)),
            case .object(let members) = document
        else { throw CommandFailure.trouble("\(name): the profile is no JSON object.") }
        var faults: [String] = []
        var base = Profile.strict
        var title = name
        var changes: [RuleID: Severity] = [:]
        faults += repeated(members, in: "")
        for member in members {
            switch (member.key, member.value) {
            case ("name", .string(let text)): title = text
            case ("base", .string("strict")): base = .strict
            case ("base", .string("lenient")): base = .lenient
            case ("rules", .object(let rules)): changes = severities(rules, &faults)
            default:
                faults.append(
                    "/\(member.key): \(member.value.cell) is not understood; give name, base "
                        + "(strict or lenient) and rules."
                )
            }
        }
        guard faults.isEmpty else {
            throw CommandFailure(.trouble, "\(name): the profile is not usable.", details: faults)
        }
        return base.changed(name: title, changes)
    }

    /// Names that stand twice: nobody knows which is meant.
    private static func repeated(_ members: [JSONNode.Member], in place: String) -> [String] {
        Dictionary(grouping: members, by: \.key).filter { $0.value.count > 1 }.keys.sorted()
            .map { "\(place)/\($0): stands more than once." }
    }

    private static func severities(
        _ rules: [JSONNode.Member],
        _ faults: inout [String]
    ) -> [RuleID: Severity] {
        var changes: [RuleID: Severity] = [:]
        faults += repeated(rules, in: "/rules")
        for rule in rules {
            guard let id = RuleID(rawValue: rule.key) else {
                faults.append("/rules/\(rule.key): no such rule; see `bursar ach rules`.")
                continue
            }
            guard case .string(let text) = rule.value, let severity = Severity(rawValue: text)
            else {
                faults.append(
                    "/rules/\(rule.key): \(rule.value.cell) is not error, warning or off."
                )
                continue
            }
            changes[id] = severity
        }
        return changes
    }
}
