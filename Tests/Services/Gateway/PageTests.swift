import Console
import JSON
import Protocol
import Testing

@Suite("Pages of the console")
struct PageTests {
    /// A report, with a name for its campus, a fund source and an account.
    static func json(name: String, percent: String = "82.92", findings: Bool = true) -> String {
        var quoted: [UInt8] = []
        JSONText.append(name, to: &quoted)
        let name = String(decoding: quoted, as: UTF8.self)
        let finding = """
            {"entry_id":4,"account_id":\(name),"date":"2024-08-01","amount":12.34}
            """
        return """
            {"campus_id":1,"campus_name":\(name),"fiscal_year":2025,"from":"2024-07-01",\
            "to":"2025-06-30","fund_sources":[{"fund_source_id":11,"name":\(name),\
            "kind":"federal","count":2,"received":277.82,"voided":0.0,"net":277.82,\
            "percent":\(percent)}],"federal":{"count":2,"received":277.82,"voided":0.0,\
            "net":277.82,"percent":\(percent)},"non_federal":{"count":1,"received":57.2,\
            "voided":0.0,"net":57.2,"percent":17.08},"findings":[\(findings ? finding : "")],\
            "findings_total":12.34,"total":347.36,"reconciliation":{"ledger_total":347.36,\
            "report_total":347.36,"difference":0.0}}
            """
    }

    private func page(_ json: String) throws -> String {
        try NinetyTenPage(json: Array(json.utf8)).text
    }

    @Test("S3-18: the page has every figure of the report in its place")
    func figures() throws {
        let text = try page(Self.json(name: "North"))
        let wanted = [
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
            "<title>90/10 report, North (campus 1), fiscal year 2025</title>\n<style>body{",
            "<p>North (campus 1), fiscal year 2025, 2024-07-01 to 2025-06-30</p>\n<p>Federal "
                + "sources brought <strong>82.92 %</strong>, non-federal sources "
                + "<strong>17.08 %</strong> of the money that is tied to a source.</p>\n<table>\n",
            "<tbody>\n<tr><th scope=\"row\">North</th><td>Federal</td><td class=\"n\">2</td>"
                + "<td class=\"n\">277.82</td><td class=\"n\">0.00</td>"
                + "<td class=\"n\">277.82</td><td class=\"n\">82.92</td></tr>\n</tbody>\n<tfoot>\n"
                + "<tr><th scope=\"row\">All federal</th><td>Federal</td>",
            "<tr><th scope=\"row\">All non-federal</th><td>Non-federal</td><td class=\"n\">1</td>"
                + "<td class=\"n\">57.20</td>",
            "<p class=\"note\">1 payments have no fund source; they are not in the percentages.</p>",
            "<tr><th scope=\"row\">4</th><td>North</td><td>2024-08-01</td>"
                + "<td class=\"n\">12.34</td></tr>\n</tbody>",
            "<tr><th scope=\"row\">Difference</th><td class=\"n\">0.00</td></tr>\n</tbody>\n"
                + "</table>\n</main>\n</body>\n</html>\n",
            "@media print", "<caption>Payments by fund source</caption>",
        ]
        for part in wanted { #expect(text.contains(part), "\(part)") }
        #expect(!text.contains("{{"))
    }

    @Test("M-06: no ratio and no findings are said in words")
    func nothing() throws {
        let text = try page(Self.json(name: "N", percent: "null", findings: false))
        #expect(text.contains("<p>There is no ratio: no money, or less than none, came from"))
        #expect(text.contains("<p>Every payment is tied to a fund source.</p>"))
        #expect(text.contains("<td class=\"n\">–</td>"))
        #expect(!text.contains("<caption>Findings"))
    }

    @Test(
        "A hostile name is text: it opens no tag, ends no attribute and is no template",
        arguments: [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'onload='x",
            "</title><b>", "</style><svg/onload=x>", "&lt;b&gt;", "{{title}}", "{{{style}}}",
            "{{#sources}}x{{/sources}}", "<\u{338}b>", "\"\u{301} onload=\"x", "&\u{301}amp;",
            "<!--", "\u{202E}evil", "javascript:x",
        ]
    )
    func hostile(name: String) throws {
        let text = try page(Self.json(name: name))
        let plain = try page(Self.json(name: "N"))
        func count(_ byte: Character, _ text: String) -> Int {
            text.utf8.count { $0 == byte.asciiValue }
        }
        for byte: Character in ["<", ">", "\"", "'"] {
            #expect(count(byte, text) == count(byte, plain), "\(byte)")
        }
        var read = Array(text.utf8)
        for (escape, character) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            read = Array(
                read.split(separator: Array(escape.utf8), omittingEmptySubsequences: false)
                    .joined(separator: Array(character.utf8))
            )
        }
        // Title, heading, source and finding show it as it was given.
        let parts = read.split(separator: Array(name.utf8), omittingEmptySubsequences: false)
        #expect(parts.count == 5)
    }
}
