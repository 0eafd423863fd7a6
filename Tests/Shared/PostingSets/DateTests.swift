import PostingSets
import Testing

@Suite("Dates")
struct DateTests {
    static let pointer = "/transactions/0/source_transaction_date"

    @Test(
        "The business date is the date part as written, in any zone (contract A1-9, S1-41)",
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2018-02-01", 17_563),
            ("2018-02-01T04:00:00Z", 17_563), ("2018-02-01t04:00:00z", 17_563),
            ("2018-02-01T23:59:59-12:00", 17_563), ("2018-02-01T00:00:00+14:00", 17_563),
            ("2018-02-01T04:00:00.123456789Z", 17_563), ("2016-12-31T23:59:60Z", 17_166),
            ("2016-02-29", 16_860), ("2000-02-29", 11_016), ("0001-01-01", -719_162),
            ("9999-12-31T23:59:59Z", 2_932_896),
        ]
    )
    func businessDates(text: String, day: Int32) throws {
        var document = SetDocument.field("source_transaction_date", "\"\(text)\"")
        document.header["accounting_date"] = "\"\(text)\""
        try set(document) { set in
            #expect(set.dates[0] == day)
            #expect(set.sourceTransactionDates[0].string == text)
            #expect(set.header.accountingDay == day)
            #expect(set.header.accountingDate == text)
        }
    }

    @Test(
        "I-08: what is no date is refused, in every place",
        arguments: [
            "", "0000-01-01", "0000-01-01T00:00:00Z", "2018-02-30", "2018-02-29", "1900-02-29",
            "2018-04-31", "2018-00-10", "2018-13-10", "2018-01-00", "2018-01-32", "10000-01-01",
            "18-02-01", "2018-2-1", "2018/02/01", "20180201", "2018-02-01T", "2018-02-01T04:00:00",
            "2018-02-01 04:00:00Z", "2018-02-01T04:00Z", "2018-02-01T24:00:00Z",
            "2018-02-01T04:60:00Z", "2018-02-01T04:00:61Z", "2018-02-01T04:00:00.Z",
            "2018-02-01T04:00:00+24:00", "2018-02-01T04:00:00+04:60", "2018-02-01T04:00:00+0400",
            "2018-02-01T04:00:00+04", "2018-02-01T04:00:00ZZ", " 2018-02-01", "2018-02-01 ",
            "2018-02-0１", "-018-02-01", "2018-02-01T04:00:0OZ",
        ]
    )
    func refused(text: String) throws {
        let value = "\"\(text)\""
        let inHeader = [Finding("/accounting_date", .invalidDate)]
        #expect(findings(.header("accounting_date", value)) == inHeader)
        // Behind a date of the same shape, which takes the short way through the reader.
        var document = SetDocument.with { $0.transactions.append(SetDocument.transaction) }
        document.transactions[1]["source_transaction_date"] = value
        let pointer = "/transactions/1/source_transaction_date"
        #expect(findings(document) == [Finding(pointer, .invalidDate)])
    }

    @Test("A date longer than 64 bytes is refused as too long")
    func tooLong() {
        let text = "2018-02-01T04:00:00.\(String(repeating: "0", count: 64))Z"
        let document = SetDocument.field("source_transaction_date", "\"\(text)\"")
        #expect(findings(document) == [Finding(Self.pointer, .tooLong)])
    }

    @Test("Every day of a leap cycle is taken, and no other")
    func everyDay() throws {
        var expected: Int32 = 10_957  // 2000-01-01
        for year in 2000..<2004 {
            for month in 1...12 {
                for day in 1...31 {
                    let text = "\(year)-\(padded(month))-\(padded(day))"
                    let document = SetDocument.field("source_transaction_date", "\"\(text)\"")
                    guard day <= length(of: month, in: year) else {
                        #expect(findings(document) == [Finding(Self.pointer, .invalidDate)])
                        continue
                    }
                    try set(document) { #expect($0.dates[0] == expected, "\(text)") }
                    expected += 1
                }
            }
        }
        #expect(expected == 10_957 + 1_461)
    }

    private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year == 2000 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
