import Nacha
import Testing

@Suite struct ChangeCodeTests {
    @Test func theListIsThatOfTheDesign() {
        #expect(ChangeCode.all.map(\.number) == Array(1...9) + [13, 14] + Array(61...69))
        #expect(ChangeCode.all.filter(\.isRefusal).map(\.number) == Array(61...69))
    }

    @Test func everyCodeReadsBackAsItself() {
        for code in ChangeCode.all {
            let bytes = Array(code.text.utf8)
            #expect(ChangeCode(bytes[0], bytes[1], bytes[2]) == code)
            #expect(ChangeCode(code.text) == code)
            #expect(ChangeCode(number: code.number) == code)
            #expect("\(code)" == code.text)
            #expect(!code.title.isEmpty)
        }
    }

    @Test(
        arguments: [
            "c01", "C1", "C001", "C00", "C10", "C11", "C12", "C15", "C60", "C70", "R01", "",
            "C0a",
        ])
    func anythingElseIsRefused(text: String) {
        #expect(ChangeCode(text) == nil)
    }

    @Test(arguments: [Int.min, 0, 10, 60, 70, 257, 269, Int.max])
    func numbersOutsideTheListAreRefused(number: Int) {
        #expect(ChangeCode(number: number) == nil)
    }

    @Test func onlyTheListedCodesAreAcceptedOfAllThreeByteWords() {
        var found: [ChangeCode] = []
        for second in UInt8.min...UInt8.max {
            for third in UInt8.min...UInt8.max {
                if let code = ChangeCode(UInt8(ascii: "C"), second, third) { found.append(code) }
            }
        }
        #expect(found == ChangeCode.all)
        #expect(MemoryLayout<ChangeCode>.size == 1)
    }
}
