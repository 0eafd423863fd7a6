import Dates
import LedgerRules
import Testing

@Suite("Texts of amounts, dates, ids and reference data")
struct TextRuleTests {
    @Test("I-03: a GL total holds more than 64 bits, and its two columns give it back")
    func wideTotals() {
        var total = WideTotal()
        for _ in 0..<5 { total = total + Int64.max }
        #expect(total.fixedDecimal == "461168601842738790.35")
        #expect(WideTotal(high: total.high, low: total.low) == total)
        let negative = WideTotal() - total
        #expect(WideTotal(high: negative.high, low: negative.low) == negative)
        #expect(WideTotal(-5).fixedDecimal == "-0.05")
        #expect(WideTotal(-5).jsonNumber == "-0.05")
        #expect(WideTotal(119_820).jsonNumber == "1198.2")
        #expect(WideTotal().jsonNumber == "0.0")
    }

    @Test(
        "Dates are calendar dates, leap years included",
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (17_532, "2018-01-01"),
            (17_563, "2018-02-01"), (11_016, "2000-02-29"), (19_782, "2024-02-29"),
            (-719_468, "0000-03-01"), (2_932_896, "9999-12-31"), (-25_508, "1900-03-01"),
        ]
    )
    func dates(days: Int, expected: String) {
        #expect(CalendarDay(daysSince1970: days).text == expected)
    }

    @Test(
        "A1-4: an account id is trimmed and in upper case, its zeros stay",
        arguments: [
            ("33970n", "33970N"), (" 99999 ", "99999"), ("007", "007"), ("a b", "A B"),
            ("", nil), ("  ", nil), ("ÄÖ", nil), ("1\u{7}", nil),
            (String(repeating: "9", count: 65), nil),
        ] as [(String, String?)]
    )
    func accountIDs(text: String, expected: String?) {
        #expect(AccountID.canonical(text) == expected)
    }

    @Test("Imported texts are checked, and each refusal says why")
    func references() throws {
        #expect(throws: ReferenceFault.missing) { try ReferenceRules.accountID("") }
        #expect(throws: ReferenceFault.malformed) { try ReferenceRules.code(" A484") }
        #expect(throws: ReferenceFault.tooLong) {
            try ReferenceRules.code(String(repeating: "A", count: 65))
        }
        #expect(throws: ReferenceFault.tooLong) {
            try ReferenceRules.name(String(repeating: "ü", count: 201))
        }
        #expect(throws: ReferenceFault.unknownWord) {
            try ReferenceRules.truth("maybe", absent: true)
        }
        #expect(throws: ReferenceFault.unknownWord) { try ReferenceRules.detailCodeType("X") }
        #expect(try ReferenceRules.optionalCode("") == nil)
        #expect(try ReferenceRules.truth("", absent: true))
        #expect(try ReferenceRules.truth("No", absent: true) == false)
        #expect(try ReferenceRules.detailCodeType("c") == .charge)
        #expect(try ReferenceRules.detailCodeType("Payment") == .payment)
    }
}
