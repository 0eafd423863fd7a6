import Dates
import BatchRules
import Testing

private func bounds(_ day: CalendarDay) -> Range<Int64> {
    let start = Int64(day.daysSince1970) * 86_400_000
    return start..<start + 86_400_000
}

private func conditions(_ parameters: [String: [String]]) -> [HistoryFilter.Condition]? {
    guard case .filter(let filter) = HistoryFilter.read(parameters, bounds: bounds) else {
        return nil
    }
    return filter.conditions
}

private func faults(_ parameters: [String: [String]]) -> [FilterFault] {
    guard case .faults(let faults) = HistoryFilter.read(parameters, bounds: bounds) else {
        return []
    }
    return faults
}

@Suite("The filters of the history")
struct HistoryFilterTests {
    @Test(
        "S1-27: every text filter compares its own field",
        arguments: [
            HistoryFilter.TextField.sourceName, .sourceBatchID, .billingType, .postingType,
            .batchName,
            .status,
        ]
    )
    func texts(field: HistoryFilter.TextField) {
        #expect(conditions([field.rawValue: ["X"]]) == [.text(field, ["X"])])
    }

    @Test("A1-15: source_name given twice means either")
    func twice() {
        let parameters = ["source_name": ["A", "B"]]
        #expect(conditions(parameters) == [.text(.sourceName, ["A", "B"])])
    }

    @Test(
        "S1-27: numbers are compared exactly, however written",
        arguments: [
            ("record_count", "2", Int64(2)), ("record_count", "2.0", 2), ("record_count", "2e0", 2),
            ("total_amount", "7797.94", 779_794), ("total_amount", "7797.940", 779_794),
            ("total_amount", "-5", -500), ("total_amount", "1e2", 10_000), ("total_amount", "0", 0),
            ("total_amount", "12345678901234.56", 1_234_567_890_123_456),
            ("transactions_loaded", "100", 100),
        ]
    )
    func numbers(name: String, text: String, value: Int64) {
        guard case .number(let field, let values)? = conditions([name: [text]])?.first else {
            Issue.record("no number condition")
            return
        }
        #expect(field.rawValue == name)
        #expect(values == [value])
    }

    @Test(
        "a number that no set can hold matches nothing",
        arguments: [
            ("total_amount", "0.001"), ("record_count", "1.5"), ("total_amount", "1e400"),
            ("record_count", "99999999999999999999"),
        ]
    )
    func impossible(name: String, text: String) {
        guard case .number(_, let values)? = conditions([name: [text]])?.first else {
            Issue.record("no number condition")
            return
        }
        #expect(values.isEmpty)
    }

    @Test(
        "A1-16: a value of the wrong type is refused by its name",
        arguments: [
            ("record_count", "two"), ("total_amount", "1,5"), ("total_amount", ""),
            ("transactions_loaded", "NaN"), ("record_count", "0x10"), ("total_amount", "1e99999"),
            ("submit_date", "yesterday"), ("submit_date", "2018-02-30"),
            ("submit_date", "2018-2-1"),
            ("accounting_date", "0000-01-01"), ("accounting_date", "2018-02-01T25:00:00Z"),
            ("accounting_date", "2018-02-01T04:00:00"),
        ]
    )
    func wrongTypes(name: String, text: String) {
        #expect(faults([name: [text]]).map(\.field) == [name])
    }

    @Test("every fault of a query is reported at once")
    func allFaults() {
        let parameters = ["record_count": ["x"], "submit_date": ["y"], "source_name": ["A"]]
        #expect(faults(parameters).map(\.field) == ["record_count", "submit_date"])
    }

    @Test("A1-16: an unknown filter is ignored and named for the log")
    func unknown() {
        let outcome = HistoryFilter.read(["colour": ["red"]], bounds: bounds)
        #expect(outcome == .filter(HistoryFilter(conditions: [], ignored: ["colour"])))
    }

    @Test("A1-17: submit_date is a day in the zone, or one instant")
    func submitDate() {
        let day = Int64(17_563) * 86_400_000
        #expect(
            conditions(["submit_date": ["2018-02-01"]])
                == [.moment([.submitted(day..<day + 86_400_000)])]
        )
        let instant = day + 4 * 3_600_000 + 250
        for text in ["2018-02-01T04:00:00.250Z", "2018-01-31T23:00:00.25-05:00"] {
            #expect(
                conditions(["submit_date": [text]])
                    == [.moment([.submitted(instant..<instant + 1)])]
            )
        }
    }

    @Test("A1-9: accounting_date compares the day as written, or the instant")
    func accountingDate() {
        #expect(
            conditions(["accounting_date": ["2018-02-01"]])
                == [.moment([.accountingDay(CalendarDay(daysSince1970: 17_563))])]
        )
        let instant = Instant(milliseconds: Int64(17_563) * 86_400_000 + 4 * 3_600_000)
        for text in ["2018-02-01T04:00:00Z", "2018-02-01T05:00:00 01:00"] {
            #expect(
                conditions(["accounting_date": [text]]) == [.moment([.accountingInstant(instant)])]
            )
        }
    }

    @Test("A1-14: array filters take plain values; JSON values are ignored")
    func arrays() {
        #expect(conditions(["failures": ["WO1"]]) == [.element(.failures, ["WO1"])])
        #expect(conditions(["transactions": ["[1]", "{}"]]) == [])
        let outcome = HistoryFilter.read(["transactions": ["99999"]], bounds: bounds)
        guard case .filter(let filter) = outcome else { return }
        #expect(filter.readsBodies)
    }

    @Test("batch_id matches a number as printed and nothing else")
    func batchID() {
        #expect(conditions(["batch_id": ["15839"]]) == [.batchID([15_839])])
        #expect(conditions(["batch_id": ["015839", "x", "-1"]]) == [.batchID([])])
    }

    @Test("filters have limits")
    func limits() {
        let long = String(repeating: "x", count: HistoryFilter.maximumValueBytes + 1)
        #expect(faults(["batch_name": [long]]).map(\.field) == ["batch_name"])
        let many = Array(repeating: "x", count: HistoryFilter.maximumValues + 1)
        #expect(faults(["batch_name": many]).count == 1)
    }

    @Test("I-08: calendar days are those of the calendar")
    func calendar() {
        #expect(CalendarDay(year: 1970, month: 1, day: 1)?.daysSince1970 == 0)
        #expect(CalendarDay(year: 2000, month: 2, day: 29)?.daysSince1970 == 11_016)
        #expect(CalendarDay(year: 1900, month: 2, day: 29) == nil)
        #expect(CalendarDay(year: 9999, month: 12, day: 31)?.daysSince1970 == 2_932_896)
        #expect(CalendarDay(year: 1, month: 1, day: 1)?.daysSince1970 == -719_162)
    }
}
