import Money
import Testing

@Suite("Reading amounts")
struct AmountReadingTests {
    @Test(
        "Amounts are exact to the cent (contract A1-5)",
        arguments: [
            ("0", 0), ("-0", 0), ("0.00", 0), ("0e9", 0), ("0.1", 10), ("1198.00", 119_800),
            ("1198.2", 119_820), ("6599.94", 659_994), ("-5", -500), ("1.10", 110), ("1.100", 110),
            ("1e2", 10_000), ("1E+2", 10_000), ("150e-2", 150), ("1.5e1", 1_500), ("1e-2", 1),
            ("12345678901234.56", 1_234_567_890_123_456),
            ("92233720368547758.07", Int64.max), ("-92233720368547758.07", -Int64.max),
            ("9007199254740993", 900_719_925_474_099_300), ("0.000000000000000000000001e24", 100),
            ("100000000000000000000000e-22", 1_000),
        ]
    )
    func exact(text: String, minorUnits: Int64) throws {
        #expect(try Amount(text).minorUnits == minorUnits)
    }

    @Test(
        "Every refusal has its own fault, the first in order of precedence",
        arguments: [
            ("", AmountFault.notANumber), ("-", .notANumber), ("+1", .notANumber),
            ("01", .notANumber), ("00", .notANumber), ("-01", .notANumber), ("1.", .notANumber),
            (".5", .notANumber), ("1e", .notANumber), ("1e+", .notANumber), ("--1", .notANumber),
            ("NaN", .notANumber), ("Infinity", .notANumber), ("\"5\"", .notANumber),
            ("1,5", .notANumber), (" 1", .notANumber), ("1 ", .notANumber), ("0x1", .notANumber),
            ("١", .notANumber), ("1.2.3", .notANumber),
            ("1.999", .moreThanTwoDecimals), ("0.001", .moreThanTwoDecimals),
            ("1e-3", .moreThanTwoDecimals), ("1E-400", .moreThanTwoDecimals),
            ("99999999999999999999.999", .moreThanTwoDecimals),
            ("1E400", .outOfRange), ("1e99999999999999999999", .outOfRange),
            ("9223372036854775808", .outOfRange), ("18446744073709551616", .outOfRange),
            ("92233720368547758.08", .outOfRange), ("-92233720368547758.08", .outOfRange),
            ("123456789012345678.9", .outOfRange),
        ]
    )
    func refused(text: String, fault: AmountFault) {
        #expect(throws: fault) { try Amount(text) }
    }

    @Test("A number of 1,000 bytes is read, a longer one refused")
    func length() throws {
        let longest = "1." + String(repeating: "0", count: Amount.maximumTextBytes - 2)
        #expect(try Amount(longest).minorUnits == 100)
        #expect(throws: AmountFault.tooLong) { try Amount(longest + "0") }
    }
}
