import ACHRules
import Nacha
import TestSupport
import Testing

@Suite struct ReinitiationTests {
    let rules = Reinitiation()
    let first = CivilDate.on("2026-01-05")

    @Test(
        arguments: [
            ("R01", false, 0, "2026-02-05", nil), ("R09", false, 1, "2026-02-05", nil),
            ("R01", false, 2, "2026-02-05", Reinitiation.Refusal.tooManyAttempts),
            ("R01", false, 0, "2026-07-04", nil), ("R01", false, 0, "2026-07-05", .tooLate),
            ("R08", false, 0, "2026-02-05", .causeNotRemedied),
            ("R08", true, 0, "2026-02-05", nil), ("R03", true, 0, "2026-02-05", nil),
            ("R10", false, 5, "2027-02-05", .causeNotRemedied),
        ])
    func aReturnedDebitIsSentAgainOnlyWithinTheRules(
        code: String,
        remedied: Bool,
        attempts: Int,
        settlement: String,
        expected: Reinitiation.Refusal?
    ) throws {
        let refusal = rules.refusal(
            returned: try #require(ReturnCode(code)),
            remedied: remedied,
            attempts: attempts,
            firstSettlement: first,
            settlement: .on(settlement)
        )
        #expect(refusal == expected)
    }

    @Test func theLastDateIs180DaysOn() {
        #expect(rules.lastDate(firstSettlement: first) == .on("2026-07-04"))
    }

    @Test func aStricterBankAllowsLess() throws {
        let strict = Reinitiation(maximumAttempts: 1, days: 30)
        let code = try #require(ReturnCode("R01"))
        let late = strict.refusal(
            returned: code,
            attempts: 0,
            firstSettlement: first,
            settlement: .on("2026-02-05")
        )
        #expect(late == .tooLate)
        let often = strict.refusal(
            returned: code,
            attempts: 1,
            firstSettlement: first,
            settlement: .on("2026-01-15")
        )
        #expect(often == .tooManyAttempts)
    }
}
