import Dates
import Testing

@Suite("Moments are RFC 3339")
struct RFC3339Tests {
    @Test(
        "Moments are written in UTC with milliseconds and read back",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_517_457_600_123, "2018-02-01T04:00:00.123Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (253_402_300_799_000, "9999-12-31T23:59:59.000Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func roundTrip(_ milliseconds: Int64, _ text: String) {
        #expect(RFC3339.text(milliseconds: milliseconds) == text)
        #expect(RFC3339.milliseconds(text) == milliseconds)
    }

    @Test(
        "Offsets, dates alone and short or long fractions are read",
        arguments: [
            ("2018-02-01T04:00:00Z", 1_517_457_600_000),
            ("2018-01-31T23:00:00-05:00", 1_517_457_600_000),
            ("2018-02-01t09:30:00+05:30", 1_517_457_600_000), ("2018-02-01", 1_517_443_200_000),
            ("2018-02-01T04:00:00.5Z", 1_517_457_600_500),
            ("2018-02-01T04:00:00.123456789Z", 1_517_457_600_123),
        ] as [(String, Int64)]
    )
    func forms(_ text: String, _ milliseconds: Int64) {
        #expect(RFC3339.milliseconds(text) == milliseconds)
    }

    @Test(
        "Whatever is no moment is refused",
        arguments: [
            "", "2018", "2018-02-30", "2019-02-29", "2100-02-29", "2018-13-01", "2018-00-10",
            "2018-02-01T", "2018-02-01T24:00:00Z", "2018-02-01T04:60:00Z", "2018-02-01T04:00:60Z",
            "2018-02-01T04:00:00", "2018-02-01T04:00:00.Z", "2018-02-01T04:00:00+24:00",
            "2018-02-01T04:00:00Zx", "+2018-02-01", "2018-2-1", "１２３４-02-01", "now",
        ]
    )
    func refused(_ text: String) {
        #expect(RFC3339.milliseconds(text) == nil)
    }

    @Test("A day keeps its date whatever its offset, and leniency is asked for")
    func leniency() throws {
        let late = try #require(RFC3339.read("2018-01-31T23:00:00-05:00"))
        #expect(late.day.text == "2018-01-31")
        #expect(late.milliseconds == 1_517_457_600_000)
        #expect(RFC3339.read("2018-02-01")?.milliseconds == nil)
        let blank = "2018-02-01T09:30:00 05:30"
        let leap = "2016-12-31T23:59:60Z"
        #expect(RFC3339.read(blank) == nil)
        #expect(RFC3339.read(leap) == nil)
        let read = RFC3339.read(blank, [.blankForPlus, .leapSecond])
        #expect(read?.milliseconds == 1_517_457_600_000)
        #expect(RFC3339.read(leap, .leapSecond)?.milliseconds == 1_483_228_800_000)
    }
}
