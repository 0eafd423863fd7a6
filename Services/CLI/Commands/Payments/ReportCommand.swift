internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar report`: reports for people and for regulators.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Reports.",
        subcommands: [NinetyTen.self]
    )

    struct NinetyTen: AsyncParsableCommand {
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case json
            case csv
            case html
        }

        static let configuration = CommandConfiguration(
            commandName: "90-10",
            abstract: "Payments of a campus and fiscal year by fund source, federal and not.",
            discussion: """
                Without --format a text for people. Payments that no fund source is tied to are \
                listed as findings.
                """
        )

        @Option(help: "The campus's number (campus_id).")
        var campus: Int

        @Option(help: "The fiscal year, for example 2025.")
        var fiscalYear: Int

        @Option(help: "json, csv or html (a page to print).")
        var format: Format?

        @Option(
            name: [.customShort("o"), .long],
            help: "Write to FILE instead of standard output."
        )
        var output: String?

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard !options.json || format == nil || format == .json else {
                throw ValidationError("--json and --format \(format?.rawValue ?? "") do not agree.")
            }
        }

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.reportsRead]
            )
            let asked = format ?? .json
            let answer = try await edge.get(
                "/api/reports/90-10",
                query: [
                    ("campus_id", String(campus)), ("fiscal_year", String(fiscalYear)),
                    ("format", asked.rawValue),
                ],
                action: "making the report"
            )
            let isForPeople = format == nil && !options.json
            let bytes = isForPeople ? Array(ReportText.text(try answer.node()).utf8) : answer.body
            guard let output else { return try Console.writeDocument(bytes) }
            let file = try OutputFile(output)
            try file.write(bytes)
            try file.commit()
        }
    }
}

/// A report's JSON as text for people: its values as lines, its lists as tables.
enum ReportText {
    static func text(_ report: JSONNode) -> String {
        guard case .object(let members) = report else { return report.cell }
        var parts = [PaymentText.lines(report)]
        for member in members {
            switch member.value {
            case .array(let rows) where !rows.isEmpty:
                parts.append(title(member.key) + "\n" + table(rows))
            case .object:
                parts.append(title(member.key) + "\n" + PaymentText.lines(member.value))
            default: break
            }
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func title(_ key: String) -> String { key.replacing("_", with: " ") + ":" }

    /// The columns are the members of the first row; numbers stand to the right.
    private static func table(_ rows: [JSONNode]) -> String {
        guard case .object(let members)? = rows.first else {
            return rows.map(\.cell).joined(separator: "\n")
        }
        var table = Table(
            members.map { member in
                if case .number = member.value {
                    (member.key.replacing("_", with: " "), .right)
                } else {
                    (member.key.replacing("_", with: " "), .left)
                }
            }
        )
        for row in rows { table.add(members.map { row[$0.key].map(PaymentText.cell) ?? "" }) }
        return table.text
    }
}
