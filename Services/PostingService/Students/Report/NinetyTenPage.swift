import Dates
import LedgerRules
import Money

/// The 90/10 report as a page that stands alone: for screens, screen readers and paper, without
/// scripts, and with every text escaped.
struct NinetyTenPage {
    let report: NinetyTenReport

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>90/10 report, \(title)</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <h1>90/10 report</h1>
        <p>\(title), \(report.year.first.text) to \(report.year.last.text)</p>
        \(ratio)
        \(sources)
        \(findings)
        \(reconciliation)
        </main>
        </body>
        </html>

        """
    }

    private var title: String {
        "\(Self.escaped(report.campusName)) (campus \(report.campusID)), fiscal year "
            + "\(report.year.number)"
    }

    private static let style = """
        body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;\
        color:#1a1a1a;background:#fff}\
        table{border-collapse:collapse;width:100%;margin:1.5rem 0}\
        caption{text-align:left;font-weight:bold;padding:.5rem 0}\
        th,td{border-bottom:1px solid #767676;padding:.35rem .5rem;text-align:left}\
        .n{text-align:right;font-variant-numeric:tabular-nums}\
        tfoot td,tfoot th{border-top:2px solid #1a1a1a;font-weight:bold}\
        .note{border-left:.3rem solid #9a0000;padding:.5rem 1rem}\
        @media print{body{margin:0;max-width:none;font-size:10pt}thead{display:table-header-group}\
        tr{break-inside:avoid}@page{margin:15mm}}
        """

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.append(character)
            }
        }
        return out
    }
}

extension NinetyTenPage {
    private var ratio: String {
        guard let federal = report.federal.share, let other = report.nonFederal.share else {
            return "<p>There is no ratio: no money, or less than none, came from one side.</p>"
        }
        return """
            <p>Federal sources brought <strong>\(federal.percent) %</strong>, non-federal sources \
            <strong>\(other.percent) %</strong> of the money that is tied to a source.</p>
            """
    }

    private var sources: String {
        let rows = zip(report.lines, report.shares).map { line, share in
            """
            <tr><th scope="row">\(Self.escaped(line.name))</th><td>\(line.kind.name)</td>\
            \(Self.figures(line.count, line.received, line.voided, line.net, share))</tr>
            """
        }
        let sides = [report.federal, report.nonFederal].map { side in
            """
            <tr><th scope="row">All \(side.kind.name.lowercased())</th><td>\(side.kind.name)</td>\
            \(Self.figures(side.count, side.received, side.voided, side.net, side.share))</tr>
            """
        }
        return """
            <table>
            <caption>Payments by fund source</caption>
            <thead><tr><th scope="col">Fund source</th><th scope="col">Kind</th>\
            <th scope="col" class="n">Payments</th><th scope="col" class="n">Received</th>\
            <th scope="col" class="n">Voided</th><th scope="col" class="n">Net</th>\
            <th scope="col" class="n">Percent</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            <tfoot>
            \(sides.joined(separator: "\n"))
            </tfoot>
            </table>
            """
    }

    private static func figures(
        _ count: Int64,
        _ received: Amount,
        _ voided: Amount,
        _ net: Amount,
        _ share: BasisPoints?
    ) -> String {
        let texts = [
            "\(count)", received.fixedDecimal, voided.fixedDecimal, net.fixedDecimal,
            share?.percent ?? "–",
        ]
        return texts.map { "<td class=\"n\">\($0)</td>" }.joined()
    }

    private var findings: String {
        guard !report.findings.isEmpty else {
            return "<p>Every payment is tied to a fund source.</p>"
        }
        let rows = report.findings.map { finding in
            """
            <tr><th scope="row">\(finding.entryID)</th><td>\(Self.escaped(finding.accountID))</td>\
            <td>\(finding.date)</td><td class="n">\(finding.amount.fixedDecimal)</td></tr>
            """
        }
        return """
            <p class="note">\(report.findings.count) payments have no fund source; they are not in \
            the percentages.</p>
            <table>
            <caption>Findings: payments without a fund source</caption>
            <thead><tr><th scope="col">Ledger entry</th><th scope="col">Account</th>\
            <th scope="col">Date</th><th scope="col" class="n">Amount</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            <tfoot><tr><th scope="row" colspan="3">Total</th>\
            <td class="n">\(report.unsourced.fixedDecimal)</td></tr></tfoot>
            </table>
            """
    }

    private var reconciliation: String {
        let rows = [
            ("This report", report.total), ("The ledger", report.ledgerTotal),
            ("Difference", report.difference),
        ].map { name, amount in
            "<tr><th scope=\"row\">\(name)</th><td class=\"n\">\(amount.fixedDecimal)</td></tr>"
        }
        return """
            <table>
            <caption>Reconciliation to the ledger</caption>
            <thead><tr><th scope="col">Source</th>\
            <th scope="col" class="n">Payments</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }
}
