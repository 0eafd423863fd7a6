import Dates
import JSON
import LedgerRules
import Money
import Protocol
import Storage
import Testing

@testable import Bookkeeping
@testable import Students

@Suite("The 90/10 report")
struct NinetyTenTests {
    @Test("M-06: shares add up to 100.00, and sums of parts are the whole")
    func shares() {
        let thirds = BasisPoints.shares(of: Array(repeating: Amount(minorUnits: 10_000), count: 3))
        #expect(thirds?.map(\.percent) == ["33.34", "33.33", "33.33"])
        let parts = Amount(minorUnits: 10_000).allocated(over: [1, 1, 1])
        #expect(parts?.map(\.fixedDecimal) == ["33.34", "33.33", "33.33"])
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let amounts = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
                Amount(minorUnits: Int64.random(in: 0...Int64.max / 16, using: &generator))
            }
            guard let shares = BasisPoints.shares(of: amounts) else { continue }
            #expect(shares.reduce(0) { $0 + $1.count } == 10_000)
        }
        #expect(BasisPoints.shares(of: [.zero, .zero]) == nil)
        #expect(BasisPoints.shares(of: [Amount(minorUnits: -1), Amount(minorUnits: 2)]) == nil)
    }

    @Test(
        "A fiscal year begins in the year before, unless it begins in January",
        arguments: [
            (2_025, 7, "2024-07-01", "2025-06-30"), (2_024, 1, "2024-01-01", "2024-12-31"),
            (2_024, 3, "2023-03-01", "2024-02-29"), (2_024, 12, "2023-12-01", "2024-11-30"),
        ]
    )
    func fiscalYear(number: Int, month: Int, first: String, last: String) throws {
        let year = try #require(FiscalYear(number, startingIn: month))
        #expect(year.first.text == first)
        #expect(year.last.text == last)
        #expect(FiscalYear(0, startingIn: 7) == nil)
        #expect(FiscalYear(2_024, startingIn: 13) == nil)
    }

    /// Payments of every kind, and what they come to, added up here by hand.
    private func filled() async throws -> StudentDesk {
        let desk = try await StudentDesk.make()
        _ = try await desk.posted(["transactionAmount": "100", "fundSourceId": "11"])
        _ = try await desk.posted(["transactionAmount": "200.05", "fundSourceId": "12"])
        _ = try await desk.posted(["transactionAmount": "300", "fundSourceId": "13"])
        let voided = try await desk.posted(["transactionAmount": "77.77", "fundSourceId": "12"])
        let answer = try await desk.void(
            """
            {"studentAccountTransactionId": \(voided), "studentId": 50090,
            "studentEnrollmentPeriodId": 264, "note": "n"}
            """
        )
        #expect(answer.status == 200)
        // The first day of the year is in it, the day before and the day after it are not.
        for (date, amount) in [
            ("2024-07-01", "1"), ("2024-06-30", "1000"), ("2025-06-30", "2"),
            ("2025-07-01", "2000"),
        ] {
            _ = try await desk.posted([
                "transactionAmount": amount, "transactionDate": "\"\(date)\"",
            ])
        }
        // Another campus.
        _ = try await desk.posted(
            Sample.south.merging(["transactionAmount": "5000"]) { $1 }
        )
        // Without a source: a set's payment and one of a clerk; a charge is no payment.
        try await desk.test.post(
            TestSet([
                .init(
                    account: "99999",
                    code: "PMT1",
                    amount: 1_234,
                    id: "s1",
                    date: "2024-12-31T12:00:00Z"
                ),
                .init(
                    account: "99999",
                    code: "A484",
                    amount: 9_999,
                    id: "s2",
                    date: "2024-12-31T12:00:00Z"
                ),
            ])
        )
        let day = try #require(CalendarDay(text: "2025-01-15"))
        _ = try await desk.ledger.apply([
            PaymentOperation(
                paymentID: 90,
                kind: .record,
                batchID: 8,
                accountID: "99999",
                amountMinorUnits: 55,
                paymentType: .cash,
                date: Int64(day.daysSince1970),
                description: "counter"
            )
        ])
        try await desk.test.put(#"{"name":"fiscal_year_start_month","value":7}"#)
        return desk
    }

    @Test("The report equals a sum made by hand, and the ledger to the cent")
    func sum() async throws {
        let desk = try await filled()
        let report = try #require(try await desk.ledger.ninetyTen(campus: 1, year: 2_025))
        #expect(report.lines.map(\.fundSourceID) == [12, 13, 11])
        #expect(report.lines.map(\.count) == [2, 1, 3])
        #expect(report.lines.map(\.received.minorUnits) == [27_782, 30_000, 10_300])
        #expect(report.lines.map(\.voided.minorUnits) == [7_777, 0, 0])
        #expect(report.lines.map(\.net.minorUnits) == [20_005, 30_000, 10_300])
        #expect(report.federal.net.minorUnits == 50_005)
        #expect(report.nonFederal.net.minorUnits == 10_300)
        // 50005 / 60305 = 82.9201…
        #expect(report.federal.share?.percent == "82.92")
        #expect(report.nonFederal.share?.percent == "17.08")
        #expect(report.shares.compactMap { $0?.count }.reduce(0, +) == 10_000)
        #expect(report.findings.map(\.amount.minorUnits) == [1_234, 55])
        #expect(report.findings.map(\.date) == ["2024-12-31", "2025-01-15"])
        #expect(report.total.minorUnits == 50_005 + 10_300 + 1_289)
        #expect(report.ledgerTotal == report.total)
        #expect(report.difference == .zero)
        let south = try #require(try await desk.ledger.ninetyTen(campus: 2, year: 2_025))
        #expect(south.total.minorUnits == 500_000)
        #expect(south.federal.share?.percent == "0.00")
        #expect(try await desk.ledger.ninetyTen(campus: 9, year: 2_025) == nil)
    }

    @Test("A row that the ledger does not know shows as a difference")
    func difference() async throws {
        let desk = try await filled()
        try await desk.ledger.store.write {
            try $0.execute("UPDATE student_transaction SET amount = amount + 1 WHERE entry_id = 1")
        }
        let report = try #require(try await desk.ledger.ninetyTen(campus: 1, year: 2_025))
        #expect(report.difference.minorUnits == -1)
    }

    @Test("JSON has amounts and percentages as decimals")
    func json() async throws {
        let desk = try await filled()
        let report = try #require(try await desk.ledger.ninetyTen(campus: 1, year: 2_025))
        let node = try #require(JSONNode(report.json))
        #expect(node["from"] == .string("2024-07-01"))
        #expect(node["federal"]?["percent"] == .number("82.92"))
        #expect(node["fund_sources"]?.elements.first?["received"] == .number("277.82"))
        #expect(node["findings"]?.elements.first?["amount"] == .number("12.34"))
        #expect(node["reconciliation"]?["difference"] == .number("0.0"))
    }

    @Test("CSV has the same fields in every row, ends lines with CR LF and defuses formulas")
    func csv() async throws {
        let desk = try await filled()
        let report = try #require(try await desk.ledger.ninetyTen(campus: 1, year: 2_025))
        let text = String(decoding: ReportFormat.csv.bytes(report), as: UTF8.self)
        #expect(text.hasSuffix("\r\n"))
        #expect(text.contains("\"'=Loan, <b>federal</b>\",federal"))
        #expect(text.contains("difference,,,,,,,,,,0.00,\r\n"))
    }

    @Test("What a report is asked for is read from texts, and every fault is told")
    func query() throws {
        func read(_ text: String) throws -> ReportQuery {
            try Array(text.utf8).withUnsafeBytes { try ReportQuery($0) }
        }
        let query = try read(#"{"campus_id":"1","fiscal_year":"2025","format":"csv"}"#)
        #expect(query.campus == 1 && query.year == 2_025 && query.format == .csv)
        #expect(try read(#"{"campus_id":"1","fiscal_year":"2025"}"#).format == .json)
        let thrown = #expect(throws: RPCError.self) {
            try read(#"{"campus_id":"x","format":"pdf","colour":"1"}"#)
        }
        #expect(
            thrown?.details.map(\.code) == [
                "malformed", "missing", "unknown_value", "unknown_field",
            ]
        )
    }
}
