@testable import Nacha
import Testing

@Suite("Records")
struct RecordTests {
    private func record(_ text: String, at position: Int = 1) -> Record {
        var record = Record()
        record.write(text, position, 94)
        return record
    }

    @Test("A number of up to 19 digits is read wherever it stands")
    func numbers() {
        var random = SplitMix64(seed: 3)
        for length in 1...19 {
            for position in [1, 2, 7, 8, 9, 50, 95 - length] {
                let digits = random.digits(length)
                let number = record(digits, at: position).number(position, position + length - 1)
                #expect(number == UInt64(digits), "\(digits) at \(position)")
            }
        }
        #expect(record("0000000000000000000").number(1, 19) == 0)
        #expect(record("9999999999999999999").number(1, 19) == 9_999_999_999_999_999_999)
    }

    @Test("What is no digit gives some number and no trap")
    func notNumbers() {
        for byte in UInt8.min...UInt8.max {
            let record = Record(repeatElement(byte, count: 94))
            #expect(record.number(1, 19) <= .max)
            #expect(record.number(1, 94) <= .max)
            #expect(record.withView { $0.checkDigit(ofRoutingAt: 4) } <= 9)
        }
    }

    @Test("A total of twenty digits is read, and one beyond every sum is the largest number")
    func longAmounts() {
        #expect(record("00000000001234567890").withView { $0.amount(1, 20) } == 1_234_567_890)
        #expect(record("10000000000000000000").withView { $0.amount(1, 20) } == .max)
        #expect(record("000123456789").withView { $0.amount(1, 12) } == 123_456_789)
    }

    @Test(
        "The check digit makes the weighted sum a multiple of ten",
        arguments: [
            ("07640125", 1), ("05600507", 5), ("05140225", 9), ("11400065", 3), ("00000000", 0),
            ("99999999", 2), ("02100002", 1),
        ]
    )
    func checkDigits(_ routing: String, _ digit: UInt8) {
        for position in [1, 4, 5, 36, 87] {
            let found = record(routing, at: position).withView {
                $0.checkDigit(ofRoutingAt: position)
            }
            #expect(found == digit)
        }
    }

    @Test("The check digit of any number is that of the plain rule")
    func randomCheckDigits() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<2_000 {
            let routing = random.digits(8)
            let weights = [3, 7, 1, 3, 7, 1, 3, 7]
            let sum = zip(routing.utf8, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
            let found = record(routing).withView { $0.checkDigit(ofRoutingAt: 1) }
            #expect(Int(found) == (10 - sum % 10) % 10, "\(routing)")
        }
    }

    @Test(
        "Six digits are a date where there is such a day",
        arguments: [
            ("260228", true), ("260229", false), ("240229", true), ("000229", true),
            ("991231", true), ("260630", true), ("260631", false), ("261301", false),
            ("260001", false), ("260100", false), ("000000", false), ("2602 8", false),
            ("      ", false), ("26022X", false),
        ]
    )
    func dates(_ text: String, _ isDate: Bool) {
        #expect(record(text, at: 24).withView { $0.isDate(24) } == isDate)
    }

    @Test(
        "Four digits are a time from 0000 to 2359",
        arguments: [
            ("0000", true), ("2359", true), ("2400", false), ("2360", false), ("1260", false),
            (" 930", false), ("    ", false),
        ]
    )
    func times(_ text: String, _ isTime: Bool) {
        #expect(record(text, at: 30).withView { $0.isTime(30) } == isTime)
    }

    @Test("Blanks and zeros say nothing; anything else does")
    func silence() {
        let record = record("  00 0  1 00", at: 10)
        record.withView {
            #expect($0.saysNothing(10, 17) && !$0.saysNothing(10, 18) && $0.saysNothing(19, 94))
            #expect($0.isBlank(10, 11) && !$0.isBlank(10, 12) && $0.isBlank(30, 94))
            #expect($0.isDigits(12, 13) && !$0.isDigits(12, 14))
        }
    }

    @Test("A word is read with blanks behind it and with nothing else")
    func words() {
        let record = record("REVERSAL  REVERSALS Reversal  ", at: 1)
        record.withView {
            #expect($0.reads("REVERSAL", 1, 10))
            #expect($0.reads("REVERSAL", 1, 8))
            #expect(!$0.reads("REVERSAL", 1, 7))
            #expect(!$0.reads("REVERSAL", 11, 20))
            #expect(!$0.reads("REVERSAL", 21, 30))
            #expect($0.matches(1, 8, $0, at: 11))
            #expect(!$0.matches(1, 9, $0, at: 11))
        }
    }

    @Test("Texts come without the blanks behind them, and bytes that are no text do no harm")
    func texts() {
        var record = record("  AB C   ", at: 1)
        #expect(record.trimmedText(1, 9) == "  AB C")
        #expect(record.trimmedText(7, 9) == "")
        #expect(record.text(3, 6) == "AB C")
        record[4] = 0xFF
        #expect(record.text(3, 4) == "A\u{FFFD}")
    }

    @Test("Writing fills what is short and cuts what is long: of a number the first digits")
    func writing() {
        var record = Record(repeatElement(UInt8(ascii: "x"), count: 94))
        record.write("AB", 3, 6)
        record.write("ABCDEF", 7, 10)
        record.write(42, 11, 15)
        record.write(123_456_789_012, 16, 25)
        #expect(record.text(1, 26) == "xxAB  ABCD000423456789012x")
    }

    @Test("Records are equal by their characters; short ones are filled, long ones cut")
    func equality() {
        #expect(record("5200") == Record("5200".utf8))
        #expect(Record("5200".utf8) != Record("5201".utf8))
        #expect(Record(repeatElement(0x39, count: 500)) == .filler)
        #expect(Set([Record.filler, .filler, Record()]).count == 2)
        #expect(Record.filler.bytes == NachaText.filler)
    }
}
