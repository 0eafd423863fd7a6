import Nacha
import Testing

@Suite struct CorrectedDataTests {
    /// The parts found, in a fixed order, with a mark for a displaced one.
    private func summary(_ code: String, _ field: String) throws -> String {
        let data = CorrectedData(code: try #require(ChangeCode(code)), text: field)
        var parts: [String] = []
        if let routing = data.routingNumber { parts.append("routing=\(routing)") }
        if let account = data.accountNumber { parts.append("account=\(account)") }
        if let name = data.name { parts.append("name=\(name)") }
        if let number = data.transactionCode { parts.append("code=\(number)") }
        if let id = data.individualIdentification { parts.append("id=\(id)") }
        if let bank = data.foreignBank { parts.append("bank=\(bank)") }
        if data.isDisplaced { parts.append("displaced") }
        if !data.isComplete { parts.append("incomplete") }
        return parts.joined(separator: "|")
    }

    @Test(
        arguments: [
            ("C01", "1918171614                   ", "account=1918171614"),
            ("C01", "1918171614", "account=1918171614"),
            ("C01", "123 456-78901234 ", "account=123 456-78901234"),
            ("C02", "076401251                    ", "routing=076401251"),
            ("C03", "076401251   12345678901234567", "routing=076401251|account=12345678901234567"),
            ("C03", "076401251   12 34            ", "routing=076401251|account=12 34"),
            ("C04", "DOE JANE                     ", "name=DOE JANE"),
            ("C05", "37                           ", "code=37"),
            ("C06", "12345678901234567   22       ", "account=12345678901234567|code=22"),
            ("C06", "123456789 111       22       ", "account=123456789 111|code=22"),
            (
                "C07", "0764012511234567890123456737 ",
                "routing=076401251|account=12345678901234567|code=37"
            ),
            ("C07", "07640125112 45            37 ", "routing=076401251|account=12 45|code=37"),
            ("C08", "FR7630006000011234567890189        ", "bank=FR7630006000011234567890189"),
            ("C09", "ID-1234567890123456789       ", "id=ID-1234567890123456789"),
        ])
    func everyCodesPartsStandInTheirColumns(code: String, field: String, expected: String) throws {
        #expect(try summary(code, field) == expected)
    }

    @Test(
        arguments: [
            // The layout of a live notification that another reader lost for its inner blank.
            ("C06", "123456789 111            22  ", "account=123456789 111|code=22|displaced"),
            ("C06", "12345678901234567          22", "account=12345678901234567|code=22|displaced"),
            ("C06", "12345678901234567 22         ", "account=12345678901234567|code=22|displaced"),
            (
                "C07", "076401251123456789         27",
                "routing=076401251|account=123456789|code=27|displaced"
            ),
            ("C03", "076401251           123456789", "routing=076401251|account=123456789"),
            (
                "C03", "07640125112345678901234567   ",
                "routing=076401251|account=12345678901234567|displaced"
            ),
            (
                "C03", "076401251 123456789          ",
                "routing=076401251|account=123456789|displaced"
            ),
            ("C01", "                   1918171614", "account=1918171614|displaced"),
            ("C02", "   076401251                 ", "routing=076401251|displaced"),
            ("C05", "                           37", "code=37|displaced"),
        ])
    func aPartBesideItsColumnsIsFoundAndMarked(
        code: String,
        field: String,
        expected: String
    ) throws {
        #expect(try summary(code, field) == expected)
    }

    @Test(
        arguments: [
            ("C01", "", "incomplete"), ("C01", "123456789012345678", "incomplete"),
            ("C02", "07640125", "incomplete"), ("C02", "0764012511", "incomplete"),
            ("C02", "07640125X", "incomplete"),
            ("C03", "076401251", "routing=076401251|incomplete"),
            ("C03", "            123456789", "account=123456789|incomplete"),
            ("C03", "0764012511  123456789", "routing=076401251|incomplete"),
            ("C05", "1 37", "incomplete"), ("C05", "137", "incomplete"), ("C05", "3", "incomplete"),
            ("C05", "3X", "incomplete"),
            ("C06", "123456789", "account=123456789|incomplete"),
            ("C06", "1234567 22", "incomplete"),
            ("C07", "0764012511234567        27", "routing=076401251|incomplete"),
            ("C06", "                    22", "code=22|incomplete"),
            ("C06", "1234567890123456722", "incomplete"),
            ("C06", "     12345678901234567", "account=12345678901234567|displaced|incomplete"),
            ("C06", "123456789           222", "incomplete"),
            ("C07", "076401251", "routing=076401251|incomplete"),
            ("C07", "          123456789       27", "account=123456789|code=27|incomplete"),
            ("C09", "", "incomplete"), ("C09", "12345678901234567890123", "incomplete"),
            ("C13", "ADDENDA", "incomplete"), ("C14", "IAT", "incomplete"),
            ("C65", "076401251", "incomplete"),
        ])
    func whatIsMissingOrDoubtfulStaysOut(code: String, field: String, expected: String) throws {
        #expect(try summary(code, field) == expected)
    }

    @Test func theMissingPartsAreNamed() throws {
        let code = try #require(ChangeCode("C07"))
        let data = CorrectedData(code: code, text: "076401251")
        #expect(data.found == .routingNumber)
        #expect(data.missing == [.accountNumber, .transactionCode])
        #expect(CorrectedData(code: code, text: "").missing == code.correctedParts)
    }

    @Test func aLongNameIsCutToTheFieldOfAnEntry() throws {
        #expect(try summary("C04", "MAXIMILIANA ALEXANDRA SMITHS") == "name=MAXIMILIANA ALEXANDRA")
    }

    @Test func bytesThatAreNotPrintableNeverBecomeAPart() throws {
        let code = try #require(ChangeCode("C01"))
        #expect(CorrectedData(code: code, field: [0x31, 0xFF, 0x32]).accountNumber == nil)
        #expect(CorrectedData(code: code, field: [0x31, 0x09, 0x32]).accountNumber == nil)
        #expect(CorrectedData(code: code, field: []).accountNumber == nil)
    }

    @Test func noFieldOfAnyBytesIsReadOutsideItsBounds() {
        var state: UInt64 = 88_172_645_463_325_252
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        for _ in 0..<20_000 {
            let field = (0..<next(60)).map { _ in
                [0x20, 0x20, 0x31, 0x41, UInt8(next(256))][next(5)]
            }
            let code = ChangeCode.all[next(ChangeCode.all.count)]
            let data = CorrectedData(code: code, field: field)
            #expect(data.found.isSubset(of: code.correctedParts))
            #expect((data.accountNumber?.utf8.count ?? 1) <= 17)
            #expect((data.name?.utf8.count ?? 1) <= 22)
        }
    }
}
