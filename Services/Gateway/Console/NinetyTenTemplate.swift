extension NinetyTenPage {
    /// For screens, screen readers and paper, without scripts.
    static let template = PageTemplate(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>90/10 report, {{title}}</title>
        <style>\(style)</style>
        </head>
        <body>
        <main>
        <h1>90/10 report</h1>
        <p>{{title}}, {{firstDay}} to {{lastDay}}</p>
        {{#ratio}}
        <p>Federal sources brought <strong>{{federal}} %</strong>, non-federal sources \
        <strong>{{nonFederal}} %</strong> of the money that is tied to a source.</p>
        {{/ratio}}
        {{^ratio}}
        <p>There is no ratio: no money, or less than none, came from one side.</p>
        {{/ratio}}
        <table>
        <caption>Payments by fund source</caption>
        <thead><tr><th scope="col">Fund source</th><th scope="col">Kind</th>\
        <th scope="col" class="n">Payments</th><th scope="col" class="n">Received</th>\
        <th scope="col" class="n">Voided</th><th scope="col" class="n">Net</th>\
        <th scope="col" class="n">Percent</th></tr></thead>
        <tbody>
        {{#sources}}
        \(line)
        {{/sources}}
        </tbody>
        <tfoot>
        {{#sides}}
        \(line)
        {{/sides}}
        </tfoot>
        </table>
        {{^hasFindings}}
        <p>Every payment is tied to a fund source.</p>
        {{/hasFindings}}
        {{#hasFindings}}
        <p class="note">{{findingsCount}} payments have no fund source; they are not in \
        the percentages.</p>
        <table>
        <caption>Findings: payments without a fund source</caption>
        <thead><tr><th scope="col">Ledger entry</th><th scope="col">Account</th>\
        <th scope="col">Date</th><th scope="col" class="n">Amount</th></tr></thead>
        <tbody>
        {{#findings}}
        <tr><th scope="row">{{entry}}</th><td>{{account}}</td>\
        <td>{{date}}</td><td class="n">{{amount}}</td></tr>
        {{/findings}}
        </tbody>
        <tfoot><tr><th scope="row" colspan="3">Total</th>\
        <td class="n">{{findingsTotal}}</td></tr></tfoot>
        </table>
        {{/hasFindings}}
        <table>
        <caption>Reconciliation to the ledger</caption>
        <thead><tr><th scope="col">Source</th>\
        <th scope="col" class="n">Payments</th></tr></thead>
        <tbody>
        {{#reconciliation}}
        <tr><th scope="row">{{name}}</th><td class="n">{{amount}}</td></tr>
        {{/reconciliation}}
        </tbody>
        </table>
        </main>
        </body>
        </html>

        """
    )

    /// A row of the table of sources.
    private static let line = """
        <tr><th scope="row">{{name}}</th><td>{{kind}}</td><td class="n">{{count}}</td>\
        <td class="n">{{received}}</td><td class="n">{{voided}}</td><td class="n">{{net}}</td>\
        <td class="n">{{percent}}</td></tr>
        """

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
}
