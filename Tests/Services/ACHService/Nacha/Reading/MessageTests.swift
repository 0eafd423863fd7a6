@testable import Nacha
import Testing

/// Rows I-06 and I-09 of the catalogue of faults: what a diagnostic tells of the bytes it is about.
@Suite("Messages")
struct MessageTests {
    @Test(
        "I-06: strings that attack whoever reads them are text like any other",
        arguments: [
            "'; DROP TABLE X;--", "=cmd|'/C calc'!A0", "<script>alert(1)</scr", "${jndi:ldap://x}",
            "%n%n%s", "../../etc/passwd", "\\\"}],", "$(reboot)",
        ]
    )
    func injectedText(_ attack: String) throws {
        var text = try NachaText(.plain(.ppd))
        text.write(attack, 3, at: 55)
        #expect(text.report().places == [])
        #expect(text.report().totals == (try NachaText(.plain(.ppd)).report().totals))
    }

    @Test("I-06: every message is one line of printable text, whatever byte stands in the file")
    func messagesAreOneLine() throws {
        let text = try NachaText(.plain(.ppd))
        var talkative: Set<RuleID> = []
        for byte: UInt8 in [0x00, 0x0D, 0x1B, 0x7F, 0x85, 0xFF] {
            for line in 1...10 {
                for position in stride(from: 1, through: 94, by: 3) {
                    var text = text
                    text.lines[line - 1][position - 1] = byte
                    talkative.formUnion(text.report().rulesWithBytesInMessages)
                }
            }
        }
        #expect(talkative == [])
    }

    @Test("I-09: no message tells an account number or a name", arguments: RuleTests.cases)
    func messagesKeepSecrets(_ example: RuleCase) throws {
        let text = try NachaText(example.base)
        var secrets: [String] = []
        for (index, kind) in text.kinds().enumerated() {
            for field in kind.layout?.fields ?? [] where field.privacy != .open {
                let words = text.text(index + 1, field.from, field.to).split(separator: "  ")
                secrets += words.map(String.init).filter { $0.count > 5 }
            }
        }
        for diagnostic in try example.report(.strict).diagnostics {
            let told = secrets.filter { diagnostic.message.contains($0) }
            #expect(told == [], "\(diagnostic.place)")
            #expect(!diagnostic.message.isEmpty && diagnostic.message.hasSuffix("."))
        }
    }
}

extension FileReport {
    /// Rules whose messages are not one line of printable text.
    var rulesWithBytesInMessages: Set<RuleID> {
        let talkative = diagnostics.filter { diagnostic in
            !diagnostic.message.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        }
        return Set(talkative.map(\.rule))
    }
}
