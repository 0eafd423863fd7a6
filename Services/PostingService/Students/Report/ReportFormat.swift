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
        var out = Array("{\"campus_id\":\(campusID),\"campus_name\":".utf8)
        JSONText.append(campusName, to: &out)
        out.append(
            contentsOf: """
                ,"fiscal_year":\(year.number),"from":"\(year.first.text)","to":"\(year.last.text)",\
                "fund_sources":[
                """.utf8
        )
        for (index, line) in lines.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            append(line, shares[index], to: &out)
        }
        out.append(contentsOf: "],\"federal\":\(Self.json(federal))".utf8)
        out.append(contentsOf: ",\"non_federal\":\(Self.json(nonFederal))".utf8)
        out.append(contentsOf: ",\"findings\":[".utf8)
        for (index, finding) in findings.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            append(finding, to: &out)
        }
        out.append(
            contentsOf: """
                ],"findings_total":\(unsourced.jsonNumber),"total":\(total.jsonNumber),\
                "reconciliation":{"ledger_total":\(ledgerTotal.jsonNumber),\
                "report_total":\(total.jsonNumber),"difference":\(difference.jsonNumber)}}
                """.utf8
        )
        return out
    }

    private func append(_ line: FundSourceLine, _ share: BasisPoints?, to out: inout [UInt8]) {
        out.append(contentsOf: "{\"fund_source_id\":\(line.fundSourceID),\"name\":".utf8)
        JSONText.append(line.name, to: &out)
        out.append(
            contentsOf: """
                ,"kind":"\(line.kind.rawValue)","count":\(line.count),\
                "received":\(line.received.jsonNumber),"voided":\(line.voided.jsonNumber),\
                "net":\(line.net.jsonNumber),"percent":\(share?.percent ?? "null")}
                """.utf8
        )
    }

    private static func json(_ side: Side) -> String {
        """
        {"count":\(side.count),"received":\(side.received.jsonNumber),\
        "voided":\(side.voided.jsonNumber),"net":\(side.net.jsonNumber),\
        "percent":\(side.share?.percent ?? "null")}
        """
    }

    private func append(_ finding: UnsourcedPayment, to out: inout [UInt8]) {
        out.append(contentsOf: "{\"entry_id\":\(finding.entryID),\"account_id\":".utf8)
        JSONText.append(finding.accountID, to: &out)
        out.append(
            contentsOf: ",\"date\":\"\(finding.date)\",\"amount\":\(finding.amount.jsonNumber)}"
                .utf8
        )
    }
}
