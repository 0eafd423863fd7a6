import ACHRules
import Nacha
import TestSupport
import Testing

@Suite struct SameDayWindowsTests {
    let rules = SameDayWindows()

    @Test(
        arguments: [
            ("0000", "1300"), ("1030", "1300"), ("1031", "1700"), ("1445", "1700"),
            ("1446", "1800"), ("1645", "1800"),
        ])
    func anEntrySettlesThroughTheNextWindow(time: String, settlement: String) {
        let placement = rules.placement(
            processing: .on("2026-06-18"),
            at: .at(time),
            amount: 100_000_000,
            isIAT: false
        )
        #expect(placement.isSameDay)
        #expect(placement.window?.settlement == .at(settlement))
        #expect(placement.effective == .on("2026-06-18"))
        #expect(placement.delay == nil)
    }

    @Test(
        arguments: [
            ("2026-06-18", "1646", 1, false, SameDayWindows.Delay.afterLastCutoff, "2026-06-22"),
            ("2026-06-18", "0900", 100_000_001, false, .overLimit, "2026-06-22"),
            ("2026-07-02", "0900", 100_000_001, false, .overLimit, "2026-07-03"),
            ("2026-06-18", "0900", 1, true, .international, "2026-06-22"),
            ("2026-06-19", "0900", 1, false, .closedDay, "2026-06-22"),
            ("2026-06-20", "0900", 1, false, .closedDay, "2026-06-22"),
            ("2026-06-18", "2300", 100_000_001, true, .international, "2026-06-22"),
        ])
    func anEntryThatMayNotWaitsForTheNextBankingDay(
        date: String,
        time: String,
        amount: Int64,
        isIAT: Bool,
        delay: SameDayWindows.Delay,
        effective: String
    ) {
        let placement = rules.placement(
            processing: .on(date),
            at: .at(time),
            amount: amount,
            isIAT: isIAT
        )
        #expect(!placement.isSameDay)
        #expect(placement.delay == delay)
        #expect(placement.effective == .on(effective))
    }

    @Test func theLimitAndTheWindowsAreTheDeployments() {
        let bank = SameDayWindows(
            limit: 1_000_000_000,
            windows: [
                .init(cutoff: .at("1400"), settlement: .at("1800")),
                .init(cutoff: .at("0930"), settlement: .at("1300")),
            ]
        )
        let day = CivilDate.on("2026-06-18")
        let early = bank.placement(
            processing: day,
            at: .at("0900"),
            amount: 1_000_000_000,
            isIAT: false
        )
        #expect(early.window?.settlement == .at("1300"))
        let late = bank.placement(processing: day, at: .at("1401"), amount: 1, isIAT: false)
        #expect(late.delay == .afterLastCutoff)
        let none = SameDayWindows(windows: [])
        let placement = none.placement(processing: day, at: .at("0000"), amount: 1, isIAT: false)
        #expect(placement.delay == .afterLastCutoff)
    }

    @Test func everyMinuteOfTheDayIsPlacedOnce() {
        let day = CivilDate.on("2026-06-18")
        var settlements: [Int: Int] = [:]
        for minute in 0..<1440 {
            guard let time = TimeOfDay(minutes: minute) else { continue }
            let placement = rules.placement(processing: day, at: time, amount: 1, isIAT: false)
            settlements[placement.window?.settlement.minutes ?? -1, default: 0] += 1
            if let window = placement.window { #expect(time <= window.cutoff) }
        }
        #expect(settlements == [780: 631, 1020: 255, 1080: 120, -1: 434])
    }
}
