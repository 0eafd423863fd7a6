import Nacha
import Testing

@Suite struct ReturnCodeTests {
    @Test func theListIsThatOfTheDesign() {
        let expected =
            Array(1...47) + Array(50...53) + [61, 62] + Array(67...77) + Array(80...85) + [90]
        #expect(ReturnCode.all.map(\.number) == expected)
        #expect(ReturnCode.all.count == 71)
    }

    @Test func everyCodeReadsBackAsItself() {
        for code in ReturnCode.all {
            let bytes = Array(code.text.utf8)
            #expect(bytes.count == 3)
            #expect(ReturnCode(bytes[0], bytes[1], bytes[2]) == code)
            #expect(ReturnCode(code.text) == code)
            #expect(ReturnCode(number: code.number) == code)
            #expect("\(code)" == code.text)
        }
    }

    @Test func everyCodeHasATitleOfItsOwn() {
        let titles = ReturnCode.all.map(\.title)
        #expect(Set(titles).count == titles.count)
        #expect(zip(ReturnCode.all, titles).allSatisfy { $0.text != $1 })
        #expect(titles.allSatisfy { title in title.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
    }

    @Test(
        arguments: [
            "r01", "R1", "R001", "R 1", "R1 ", "R00", "R48", "R49", "R54", "R60", "R63", "R66",
            "R78", "R79", "R86", "R89", "R91", "R99", "C01", "", "   ", "R0a", "R0/", "R:0", "Ŕ1",
        ])
    func anythingElseIsRefused(text: String) {
        #expect(ReturnCode(text) == nil)
    }

    @Test func onlyTheListedCodesAreAcceptedOfAllThreeByteWords() {
        var found: [ReturnCode] = []
        for first in UInt8.min...UInt8.max where first != UInt8(ascii: "R") {
            #expect(ReturnCode(first, 0x30, 0x31) == nil)
        }
        for second in UInt8.min...UInt8.max {
            for third in UInt8.min...UInt8.max {
                if let code = ReturnCode(UInt8(ascii: "R"), second, third) { found.append(code) }
            }
        }
        #expect(found == ReturnCode.all)
    }

    @Test(arguments: [Int.min, -1, 0, 48, 86, 100, 256, 257, Int.max])
    func numbersOutsideTheListAreRefused(number: Int) {
        #expect(ReturnCode(number: number) == nil)
    }

    @Test func everyCodeIsOfOneKind() {
        let byKind = Dictionary(grouping: ReturnCode.all, by: \.kind)
        #expect(byKind[.dishonored]?.map(\.text) == ["R61", "R62", "R67", "R68", "R69", "R70"])
        #expect(byKind[.contested]?.map(\.number) == Array(71...77))
        #expect(byKind[.gateway]?.map(\.number) == Array(80...85) + [90])
        #expect(byKind[.return]?.count == 51)
    }

    @Test func theRatesCountTheDesignsCodes() {
        func numbers(_ counts: (ReturnCode) -> Bool) -> [Int] {
            ReturnCode.all.filter(counts).map(\.number)
        }
        #expect(numbers(\.countsAsUnauthorized) == [5, 7, 10, 11, 29, 51])
        #expect(numbers(\.countsAsAdministrative) == [2, 3, 4])
        #expect(numbers(\.mayBeReinitiated) == [1, 9])
        #expect(numbers(\.isEnrollmentOnly) == Array(40...47))
    }

    @Test func theTimeFramesAreTheDesigns() {
        let byFrame = Dictionary(grouping: ReturnCode.all, by: \.timeFrame)
        #expect(
            byFrame[.calendarDays(60)]?.map(\.number) == [5, 7, 10, 11, 33, 37, 38, 51, 52, 53]
        )
        #expect(byFrame[.bankingDays(5)]?.allSatisfy { $0.kind == .dishonored } == true)
        #expect(byFrame[.bankingDays(5)]?.count == 6)
        #expect(byFrame[.unlimited]?.map(\.number) == [6, 31])
        #expect(byFrame[.bankingDays(2)]?.count == 71 - 10 - 6 - 2)
    }

    @Test func codesAreOneByteAndOrdered() {
        #expect(MemoryLayout<ReturnCode>.size == 1)
        #expect(ReturnCode.all.shuffled().sorted() == ReturnCode.all)
    }
}
