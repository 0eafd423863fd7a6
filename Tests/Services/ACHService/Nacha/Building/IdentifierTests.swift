import Nacha
import Testing

@Suite struct FileIDModifierTests {
    @Test func aDayHasThirtySixFilesInOrder() {
        var all: [String] = []
        var modifier: FileIDModifier? = .first
        while let one = modifier {
            all.append(one.text)
            modifier = one.next
        }
        #expect(all.joined() == "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        #expect(FileIDModifier(index: 36) == nil)
        #expect(FileIDModifier(index: -1) == nil)
        #expect(FileIDModifier.allCases.map(\.text) == all)
    }

    @Test func modifiersAreReadAsTheyAreWritten() {
        for modifier in FileIDModifier.allCases {
            #expect(FileIDModifier(modifier.text) == modifier)
        }
        for text in ["a", "", "AA", " ", "É", "-"] { #expect(FileIDModifier(text) == nil) }
        #expect(FileIDModifier("Z")?.index == 25)
        #expect(FileIDModifier("0")?.index == 26)
    }
}

@Suite struct RoutingNumberTests {
    @Test func theCheckDigitIsThatOfTheRules() {
        #expect(RoutingNumber.checkDigit(of: 07_640_125) == 1)
        #expect(RoutingNumber(identification: 07_640_125)?.text == "076401251")
        #expect(RoutingNumber("076401251")?.identificationText == "07640125")
    }

    @Test func whatIsNoBankIsRefused() {
        for text in ["076401250", "07640125", "0764012511", "07640125 ", "000000000", ""] {
            #expect(RoutingNumber(text) == nil)
        }
        #expect(RoutingNumber(identification: 0) == nil)
        #expect(RoutingNumber(identification: 100_000_000) == nil)
        #expect(RoutingNumber(number: 4_294_967_295) == nil)
        #expect(RoutingNumber(identificationText: "7640125") == nil)
    }

    @Test func oneOfTenCheckDigitsIsRight() {
        for identification: UInt32 in [1, 12_345_678, 99_999_999, 31_000_503] {
            let right = (0...9).filter { RoutingNumber(number: identification * 10 + $0) != nil }
            #expect(right == [RoutingNumber.checkDigit(of: identification)])
        }
    }
}

@Suite struct TraceSequenceTests {
    @Test func tracesAscendFromTheODFI() throws {
        var traces = TraceSequence(odfi: Made.bank)
        #expect(try traces.next().text == "076401250000001")
        #expect(try traces.next().text == "076401250000002")
        #expect(traces.upcoming == 3)
    }

    @Test func noTraceFollowsTheLast() throws {
        var traces = TraceSequence(odfi: Made.bank, startingAt: 9_999_999)
        #expect(try traces.next().text == "076401259999999")
        #expect(throws: BuildingFault.traceNumbersExhausted(limit: 9_999_999)) {
            try traces.next()
        }
    }

    @Test func tracesAreReadAsTheyAreWritten() {
        #expect(TraceNumber("076401250000001")?.odfi == 07_640_125)
        #expect(TraceNumber("076401259999999")?.sequence == 9_999_999)
        for text in ["07640125000001", "07640125000000X", ""] { #expect(TraceNumber(text) == nil) }
        #expect(TraceNumber(odfi: 100_000_000, sequence: 1) == nil)
        #expect(TraceNumber(odfi: 1, sequence: 10_000_000) == nil)
    }
}
