import Dates
import JSON
import LedgerRules
import Money
import Protocol

/// The forms in which the 90/10 report is given; the edge makes a page of its JSON.
enum ReportFormat: String, CaseIterable {
    case json
    case csv

    var contentType: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv; charset=utf-8; header=present"
        }
    }

    func bytes(_ report: NinetyTenReport) -> [UInt8] {
        switch self {
        case .json: report.json
        case .csv: NinetyTenCSV(report).bytes
        }
    }
}

extension NinetyTenReport {
    /// The report as JSON; amounts and percentages are decimals.
    var json: [UInt8] {
        JSONWriter.object(reserving: 4_096) { json in
            json.member("campus_id", campusID)
            json.member("campus_name", campusName)
            json.member("fiscal_year", year.number)
            json.member("from", day: year.first)
            json.member("to", day: year.last)
            json.array("fund_sources") { json in
                for (line, share) in zip(lines, shares) { append(line, share, to: &json) }
            }
            json.object("federal") { append(federal, to: &$0) }
            json.object("non_federal") { append(nonFederal, to: &$0) }
            json.array("findings") { json in
                for finding in findings { append(finding, to: &json) }
            }
            json.member("findings_total", amount: unsourced)
            json.member("total", amount: total)
            json.object("reconciliation") { json in
                json.member("ledger_total", amount: ledgerTotal)
                json.member("report_total", amount: total)
                json.member("difference", amount: difference)
            }
        }
    }

    private func append(_ line: FundSourceLine, _ share: BasisPoints?, to json: inout JSONWriter) {
        json.object { json in
            json.member("fund_source_id", line.fundSourceID)
            json.member("name", line.name)
            json.member("kind", line.kind.rawValue)
            json.member("count", line.count)
            json.member("received", amount: line.received)
            json.member("voided", amount: line.voided)
            json.member("net", amount: line.net)
            json.member("percent", number: share?.percent)
        }
    }

    private func append(_ side: Side, to json: inout JSONWriter) {
        json.member("count", side.count)
        json.member("received", amount: side.received)
        json.member("voided", amount: side.voided)
        json.member("net", amount: side.net)
        json.member("percent", number: side.share?.percent)
    }

    private func append(_ finding: UnsourcedPayment, to json: inout JSONWriter) {
        json.object { json in
            json.member("entry_id", finding.entryID)
            json.member("account_id", finding.accountID)
            json.member("date", finding.date)
            json.member("amount", amount: finding.amount)
        }
    }
}
