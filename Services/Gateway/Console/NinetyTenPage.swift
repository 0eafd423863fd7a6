import JSON
import Money
package import Protocol

/// The 90/10 report as a page that stands alone, made of the report's own JSON.
package struct NinetyTenPage: Sendable {
    struct Ratio {
        var federal: String
        var nonFederal: String
    }

    /// A fund source, or a side.
    struct Line {
        var name: String
        var kind: String
        var count: String
        var received: String
        var voided: String
        var net: String
        var percent: String
    }

    struct Finding {
        var entry: String
        var account: String
        var date: String
        var amount: String
    }

    struct Sum {
        var name: String
        var amount: String
    }

    // What the template's tags name.
    let title: String
    let firstDay: String
    let lastDay: String
    let ratio: Ratio?
    let sources: [Line]
    let sides: [Line]
    let findings: [Finding]
    let hasFindings: Bool
    let findingsCount: String
    let findingsTotal: String
    let reconciliation: [Sum]

    package var text: String { Self.template.text(self) }
}

extension NinetyTenPage {
    /// Reads the JSON of `posting.report.ninety_ten`; throws `internal` where it is another's.
    package init(json: [UInt8]) throws(RPCError) {
        guard let report = JSONNode(json) else { throw .internal }
        let campus = try "\(report.word("campus_name")) (campus \(report.word("campus_id")))"
        title = try "\(campus), fiscal year \(report.word("fiscal_year"))"
        firstDay = try report.word("from")
        lastDay = try report.word("to")
        let federal = try report.member("federal")
        let other = try report.member("non_federal")
        ratio = try Self.ratio(federal, other)
        var sources: [Line] = []
        for line in try report.member("fund_sources").elements {
            sources.append(
                try Self.line(line, name: line.word("name"), kind: Self.kind(line.word("kind")))
            )
        }
        self.sources = sources
        sides = [
            try Self.line(federal, name: "All federal", kind: "Federal"),
            try Self.line(other, name: "All non-federal", kind: "Non-federal"),
        ]
        var findings: [Finding] = []
        for finding in try report.member("findings").elements {
            findings.append(
                Finding(
                    entry: try finding.word("entry_id"),
                    account: try finding.word("account_id"),
                    date: try finding.word("date"),
                    amount: try finding.amount("amount")
                )
            )
        }
        self.findings = findings
        hasFindings = !findings.isEmpty
        findingsCount = "\(findings.count)"
        findingsTotal = try report.amount("findings_total")
        let sums = try report.member("reconciliation")
        reconciliation = [
            Sum(name: "This report", amount: try sums.amount("report_total")),
            Sum(name: "The ledger", amount: try sums.amount("ledger_total")),
            Sum(name: "Difference", amount: try sums.amount("difference")),
        ]
    }

    private static func ratio(
        _ federal: JSONNode,
        _ other: JSONNode
    ) throws(RPCError) -> Ratio? {
        guard let federal = try federal.percent(), let other = try other.percent() else {
            return nil
        }
        return Ratio(federal: federal, nonFederal: other)
    }

    private static func kind(_ word: String) -> String {
        word == "federal" ? "Federal" : "Non-federal"
    }

    private static func line(
        _ node: JSONNode,
        name: String,
        kind: String
    ) throws(RPCError) -> Line {
        Line(
            name: name,
            kind: kind,
            count: try node.word("count"),
            received: try node.amount("received"),
            voided: try node.amount("voided"),
            net: try node.amount("net"),
            percent: try node.percent() ?? "–"
        )
    }
}

extension JSONNode {
    fileprivate func member(_ key: String) throws(RPCError) -> JSONNode {
        guard let node = self[key] else { throw .internal }
        return node
    }

    /// A text, or a number as it is written.
    fileprivate func word(_ key: String) throws(RPCError) -> String {
        switch try member(key) {
        case .string(let text), .number(let text): return text
        default: throw .internal
        }
    }

    /// An amount with two decimals.
    fileprivate func amount(_ key: String) throws(RPCError) -> String {
        do {
            return try Amount(word(key)).fixedDecimal
        } catch {
            throw .internal
        }
    }

    /// As it is written, with two decimals; nil where there is no share.
    fileprivate func percent() throws(RPCError) -> String? {
        if case .null = try member("percent") { return nil }
        return try word("percent")
    }
}
