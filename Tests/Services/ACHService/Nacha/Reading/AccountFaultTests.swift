@testable import Nacha
import Testing

/// Rows I-05 and F-10 of the catalogue of faults: what can be seen of an account, and what cannot.
@Suite("Faults of accounts")
struct AccountFaultTests {
    @Test(
        "I-05: a routing number that is none is refused",
        arguments: [
            ("076401252", "entryCheckDigit error 3:12-12"),
            ("706401251", "entryCheckDigit error 3:12-12"),
            (" 76401251", "entryReceivingDFI error 3:4-11"),
            ("0764012 1", "entryReceivingDFI error 3:4-11"),
            ("07640l251", "entryReceivingDFI error 3:4-11"),
            ("0764-1251", "entryReceivingDFI error 3:4-11"),
            ("07640125 ", "entryCheckDigit error 3:12-12"),
            ("000000000", "entryReceivingDFI error 3:4-11"),
            ("07640125١", "recordCharacter error 3:12-12"),
            ("0７6401251", "recordCharacter error 3:5-5"),
        ]
    )
    func routingNumbers(_ number: String, _ expected: String) throws {
        var text = try NachaText(.plain(.ppd))
        text.write("076401251", 3, at: 4)
        text = text.resealed()
        text.lines[2].replaceSubrange(3..<12, with: number.utf8)
        #expect(text.report().places == [expected])
    }

    @Test(
        "I-05: an account number is text of seventeen characters that says something",
        arguments: [
            ("                 ", "entryAccount error 3:13-29"),
            ("00000000000000000", "entryAccount error 3:13-29"),
            ("1234567890123456١", "recordCharacter error 3:29-29"),
            ("123456789\0       ", "recordCharacter error 3:22-22"),
            ("12-34 567 AB     ", nil), ("      12345678901", nil),
        ]
    )
    func accountNumbers(_ number: String, _ expected: String?) throws {
        var text = try NachaText(.plain(.ppd))
        text.lines[2].replaceSubrange(12..<29, with: number.utf8)
        #expect(text.report().places == (expected.map { [$0] } ?? []))
    }

    @Test("I-05: an account number of 18 characters makes the line too long, or spoils the amount")
    func longAccountNumber() throws {
        var text = try NachaText(.plain(.ppd))
        var over = text
        text.lines[2].replaceSubrange(12..<29, with: "123456789012345678".utf8)
        #expect(text.report().places == ["lineLong error 3:95-95"])
        over.write("123456789012345678", 3, at: 13)
        #expect(over.report().places == ["batchControlDebits error 5:21-32"])
    }

    @Test(
        "F-10: an altered account number, name or kind of account shows in no rule and no total",
        arguments: [13, 40, 55, 2]
    )
    func alteredText(_ position: Int) throws {
        let text = try NachaText(.plain(.ppd))
        var altered = text
        let old = text.text(3, position, position)
        // 27 becomes 37, savings for checking, or the other way round.
        altered.write(position == 2 ? (old == "2" ? "3" : "2") : "#", 3, at: position)
        #expect(altered.report().places == [])
        #expect(altered.report().totals == text.report().totals)
    }

    @Test("F-10: an altered bank, amount, code or trace number shows")
    func alteredMoney() throws {
        let text = try NachaText(.plain(.ppd))
        for position in [3, 4, 11, 12, 30, 39, 79, 80] {
            var altered = text
            altered.count(3, at: position)
            #expect(altered.report().errorCount == 1, "\(position)")
        }
    }
}
