import ACHRules
import Nacha
import TestSupport
import Testing

@Suite struct EffectiveEntryDateTests {
    let rules = EffectiveEntryDate()

    @Test(
        arguments: [
            ("2026-06-18", EffectiveEntryDate.Direction.debit, "2026-06-22"),
            ("2026-06-18", .credit, "2026-06-23"), ("2026-07-02", .debit, "2026-07-03"),
            ("2026-07-02", .credit, "2026-07-06"), ("2026-06-20", .debit, "2026-06-23"),
        ])
    func theLatestDateDependsOnTheDirection(
        processing: String,
        direction: EffectiveEntryDate.Direction,
        expected: String
    ) {
        #expect(rules.latest(processing: .on(processing), direction: direction) == .on(expected))
    }

    @Test(
        arguments: [
            ("2026-06-18", EffectiveEntryDate.Direction.debit, nil, "inserted 2026-06-22"),
            ("2026-06-18", .debit, "2026-06-17", "inserted 2026-06-22"),
            ("2026-06-18", .debit, "2026-06-18", "sameDay 2026-06-18"),
            ("2026-06-18", .debit, "2026-06-19", "moved 2026-06-22"),
            ("2026-06-18", .debit, "2026-06-21", "moved 2026-06-22"),
            ("2026-06-18", .debit, "2026-06-22", "accepted 2026-06-22"),
            ("2026-06-18", .debit, "2026-06-23", "tooLate 2026-06-22"),
            ("2026-06-18", .credit, "2026-06-23", "accepted 2026-06-23"),
            ("2026-06-18", .credit, "2026-06-24", "tooLate 2026-06-23"),
            ("2026-06-20", .debit, nil, "inserted 2026-06-23"),
            ("2026-06-20", .debit, "2026-06-20", "moved 2026-06-22"),
            ("2026-06-20", .debit, "2026-06-22", "sameDay 2026-06-22"),
        ])
    func everyRequestedDateHasItsOutcome(
        processing: String,
        direction: EffectiveEntryDate.Direction,
        requested: String?,
        expected: String
    ) {
        let outcome = rules.outcome(
            requested: requested.map(CivilDate.on),
            processing: .on(processing),
            direction: direction
        )
        let text =
            switch outcome {
            case .sameDay(let day): "sameDay \(day)"
            case .accepted(let day): "accepted \(day)"
            case .moved(let day): "moved \(day)"
            case .inserted(let day): "inserted \(day)"
            case .tooLate(let day): "tooLate \(day)"
            }
        #expect(text == expected)
        let isTooLate = expected.hasPrefix("tooLate")
        #expect((outcome.settlement == nil) == isTooLate)
        #expect(outcome.returnCode?.text == (isTooLate ? "R18" : nil))
    }

    @Test func aSettlementIsABankingDayWithinTheLimitForEveryRequest() throws {
        for offset in 0..<400 {
            let processing = CivilDate.on("2026-01-01").adding(days: offset)
            for direction in EffectiveEntryDate.Direction.allCases {
                let latest = rules.latest(processing: processing, direction: direction)
                for distance in -3...9 {
                    let requested = processing.adding(days: distance)
                    let outcome = rules.outcome(
                        requested: requested,
                        processing: processing,
                        direction: direction
                    )
                    guard let day = outcome.settlement else {
                        try #require(requested > latest)
                        continue
                    }
                    try #require(rules.calendar.isBankingDay(day))
                    try #require(day >= processing && day <= latest)
                }
            }
        }
    }
}
