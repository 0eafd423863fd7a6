import ACHRules
import Nacha
import TestSupport
import Testing

@Suite struct RuleClocksTests {
    let clocks = RuleClocks()
    let wait = PrenoteWait()

    @Test(
        arguments: [
            ("2026-06-15", "2026-06-18"), ("2026-06-17", "2026-06-23"),
            ("2026-12-22", "2026-12-28"),
        ])
    func liveEntriesStartOnTheThirdBankingDayAfterAPrenote(settlement: String, live: String) {
        #expect(wait.firstLiveDate(settlement: .on(settlement)) == .on(live))
        #expect(
            wait.verdict(settlement: .on(settlement), firstAnswer: nil) == .live(from: .on(live))
        )
    }

    @Test(arguments: [("2026-06-18", false), ("2026-06-22", false), ("2026-06-23", true)])
    func anAnswerInTimeStopsTheAccountUntilItIsCorrected(answer: String, isLive: Bool) {
        let verdict = wait.verdict(settlement: .on("2026-06-17"), firstAnswer: .on(answer))
        #expect(wait.silenceEnds(settlement: .on("2026-06-17")) == .on("2026-06-22"))
        #expect(verdict == (isLive ? .live(from: .on("2026-06-23")) : .correctFirst))
    }

    @Test func everyClockSkipsTheHoliday() {
        let start = CivilDate.on("2026-06-17")
        #expect(clocks.returnDue(settlement: start) == .on("2026-06-22"))
        #expect(clocks.changeSentDue(settlement: start) == .on("2026-06-22"))
        #expect(clocks.contestDue(settlement: start) == .on("2026-06-22"))
        #expect(clocks.dishonorDue(settlement: start) == .on("2026-06-25"))
        #expect(clocks.reversalDue(settlement: start) == .on("2026-06-25"))
        #expect(clocks.changeApplied(received: start, nextEntry: nil) == .on("2026-06-26"))
    }

    @Test func aChangeMayWaitForTheNextEntryIfThatIsLater() {
        let start = CivilDate.on("2026-06-17")
        let later = CivilDate.on("2026-07-15")
        #expect(clocks.changeApplied(received: start, nextEntry: later) == later)
        #expect(
            clocks.changeApplied(received: start, nextEntry: .on("2026-06-18")) == .on("2026-06-26")
        )
    }

    @Test(
        arguments: [
            // Sixty days from 2026-04-20 is Friday 19 June, a holiday; from 2026-04-15 a Sunday.
            ("2026-04-20", "2026-06-22"), ("2026-04-15", "2026-06-15"),
            ("2026-04-16", "2026-06-16"),
        ])
    func anUnauthorizedDebitComesBackAfterSixtyCalendarDays(settlement: String, due: String) {
        #expect(clocks.unauthorizedReturnDue(settlement: .on(settlement)) == .on(due))
    }

    @Test(
        arguments: [
            ("R01", "2026-06-22"), ("R29", "2026-06-22"), ("R10", "2026-08-17"),
            ("R51", "2026-08-17"), ("R68", "2026-06-25"), ("R73", "2026-06-22"),
            ("R80", "2026-06-22"), ("R06", nil), ("R31", nil),
        ])
    func aCodeRunsOnItsOwnClock(code: String, due: String?) throws {
        let code = try #require(ReturnCode(code))
        #expect(clocks.due(code, start: .on("2026-06-17"))?.iso == due)
    }

    @Test func aDeploymentMayChangeTheLengths() {
        var lengths = RuleClocks.Lengths()
        lengths.returned = 1
        lengths.unauthorized = 61
        let own = RuleClocks(lengths: lengths)
        #expect(own.returnDue(settlement: .on("2026-06-17")) == .on("2026-06-18"))
        #expect(own.unauthorizedReturnDue(settlement: .on("2026-04-16")) == .on("2026-06-17"))
    }
}
