import LedgerRules
import Money

/// The 90/10 report as CSV (RFC 4180): one table, whose first column says what a row is.
struct NinetyTenCSV {
    private static let header = [
        "section", "fund_source_id", "name", "kind", "entry_id", "account_id", "date", "count",
        "received", "voided", "net", "percent",
    ]

    let bytes: [UInt8]

    init(_ report: NinetyTenReport) {
        var rows = [Self.header]
        for (line, share) in zip(report.lines, report.shares) {
            rows.append([
                "fund_source", "\(line.fundSourceID)", Self.harmless(line.name),
                line.kind.rawValue, "", "", "", "\(line.count)", line.received.fixedDecimal,
                line.voided.fixedDecimal, line.net.fixedDecimal, share?.percent ?? "",
            ])
        }
        for side in [report.federal, report.nonFederal] {
            rows.append([
                "side", "", side.kind.name, side.kind.rawValue, "", "", "", "\(side.count)",
                side.received.fixedDecimal, side.voided.fixedDecimal, side.net.fixedDecimal,
                side.share?.percent ?? "",
            ])
        }
        for finding in report.findings {
            rows.append([
                "finding", "", "No fund source", "", "\(finding.entryID)",
                Self.harmless(finding.accountID), finding.date, "", "", "",
                finding.amount.fixedDecimal, "",
            ])
        }
        let totals = [
            ("report_total", report.total), ("ledger_total", report.ledgerTotal),
            ("difference", report.difference),
        ]
        for (section, amount) in totals {
            rows.append([section] + Array(repeating: "", count: 9) + [amount.fixedDecimal, ""])
        }
        bytes = Array(rows.map(Self.line).joined().utf8)
    }

    private static func line(_ fields: [String]) -> String {
        fields.map(quoted).joined(separator: ",") + "\r\n"
    }

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else {
            return field
        }
        return "\""
            + field.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    /// A text that a spreadsheet would take for a formula, marked as a text.
    private static func harmless(_ text: String) -> String {
        guard let first = text.utf8.first, "=+-@\t\r".utf8.contains(first) else { return text }
        return "'" + text
    }
}
