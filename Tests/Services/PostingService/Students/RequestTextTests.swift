import Dates
import LedgerRules
import Testing

@Suite("Texts of command requests")
struct RequestTextTests {
    @Test(
        "A date is one day, at midnight, in the forms of contract A2-4",
        arguments: [
            ("2024/09/01 00:00:00", "2024-09-01"), ("2024-09-01", "2024-09-01"),
            ("2024-09-01T00:00:00", "2024-09-01"), ("2024-09-01 00:00:00", "2024-09-01"),
            ("2024-02-29t00:00:00z", "2024-02-29"),
            ("2024-09-01T00:00:00.000+14:00", "2024-09-01"),
            ("2024/09/01", nil), ("2024/09-01 00:00:00", nil), ("2024-09/01", nil),
            ("2023-02-29", nil), ("2024-09-01T24:00:00", nil), ("2024-09-01T00:00", nil),
            ("2024-09-01T00:00:00.", nil), ("2024-09-01T00:00:00+5", nil),
            ("2024/09/01 00:00:00Z", nil), ("2024-9-1", nil), ("", nil), ("ééééé", nil),
        ] as [(String, String?)]
    )
    func date(text: String, expected: String?) throws {
        guard let expected else {
            let thrown = #expect(throws: CommandDate.Fault.self) { try CommandDate.day(text) }
            #expect(thrown == .malformed)
            return
        }
        let day = try CommandDate.day(text)
        #expect(day.text == expected)
        #expect(try CommandDate.day(CommandDate.text(day)) == day)
    }

    @Test(
        "Any other time is not midnight",
        arguments: [
            "2024/09/01 00:00:01", "2024-09-01T23:59:59Z", "2024-09-01T00:00:00.001",
            "2024-09-01 01:00:00",
        ]
    )
    func time(text: String) {
        let thrown = #expect(throws: CommandDate.Fault.self) { try CommandDate.day(text) }
        #expect(thrown == .notMidnight)
    }

    @Test(
        "An award year is two years that follow each other",
        arguments: [
            ("2023-24", nil), ("1999-00", nil), ("2099-00", nil), ("2023-25", .notConsecutive),
            ("2099-01", .notConsecutive), ("23-24", .malformed), ("2023-2024", .malformed),
            ("2023/24", .malformed), ("２０２３-24", .malformed), (" 2023-24", .malformed),
        ] as [(String, AwardYear.Fault?)]
    )
    func awardYear(text: String, expected: AwardYear.Fault?) throws {
        guard let expected else {
            #expect(try AwardYear(text).text == text)
            return
        }
        let thrown = #expect(throws: AwardYear.Fault.self) { try AwardYear(text) }
        #expect(thrown == expected)
    }
}
