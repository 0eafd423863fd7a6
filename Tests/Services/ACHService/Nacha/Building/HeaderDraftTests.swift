import Nacha
import Testing
import TestSupport

@Suite struct HeaderDraftTests {
    @Test func theFileHeaderStandsAsTheContractHasIt() throws {
        var draft = Made.fileHeader()
        draft.reference = "REF 1"
        draft.modifier = try #require(FileIDModifier("B"))
        let line = try draft.record().line
        let fields: [(Int, Int, String)] = [
            (1, 1, "1"), (2, 3, "01"), (4, 13, " 076401251"), (14, 23, " 122000496"),
            (24, 29, "260601"), (30, 33, "0905"), (34, 34, "B"), (35, 37, "094"), (38, 39, "10"),
            (40, 40, "1"), (41, 63, "FIRST BANK             "),
            (64, 86, "CITY                   "), (87, 94, "REF 1   "),
        ]
        #expect(line == fields.map(\.2).joined())
        for (from, to, text) in fields { #expect(to - from + 1 == text.utf8.count) }
    }

    @Test func anAgreedOriginAndABlankTimeAreWritten() throws {
        var draft = Made.fileHeader()
        draft.origin = .agreed("1123456789")
        draft.creationTime = nil
        let record = try draft.record()
        #expect(record.text(14, 23) == "1123456789")
        #expect(record.text(30, 33) == "    ")
    }

    @Test func allFaultsOfAHeaderAreFoundAtOnce() throws {
        var draft = Made.fileHeader()
        draft.origin = .agreed("0000000000")
        draft.creationDate = .on("1969-12-31")
        draft.destinationName = "SPARKASSE MÜNCHEN"
        draft.originName = String(repeating: "X", count: 24)
        let faults = #expect(throws: BuildingFaults.self) { try draft.record() }
        #expect(
            faults?.faults == [
                .valueMissing(field: "immediate_origin"),
                .wrongForm(
                    field: "file_creation_date",
                    value: "1969-12-31",
                    form: "a day of 1970 to 2069"
                ),
                .textNotPrintable(field: "immediate_destination_name", value: "SPARKASSE MÜNCHEN"),
                .textTooLong(
                    field: "immediate_origin_name",
                    value: String(repeating: "X", count: 24),
                    limit: 23
                ),
            ]
        )
    }

    @Test func faultsNameTheirFieldAndRemedyAndKeepTheValueOutOfTheirText() {
        let fault = BuildingFault.textTooLong(
            field: "account_number",
            value: "SECRET",
            limit: 17
        )
        #expect(fault.description == "The account number is longer than 17 characters.")
        #expect(fault.remedy == "Shorten it to 17 characters.")
        #expect(fault.field == "account_number")
        #expect(fault.value == "SECRET")
    }

    @Test func theBatchHeaderStandsAsTheRulesHaveIt() throws {
        var draft = Made.batchHeader(.web, .debitsOnly)
        draft.discretionaryData = "DISC"
        draft.descriptiveDate = "SD1300"
        draft.settlementDay = 7
        #expect(
            try draft.record().line == "5225" + "CITY            " + "DISC                "
                + "1123456789" + "WEB" + "TUITION   " + "SD1300" + "260602" + "007" + "1"
                + "07640125" + "0000001"
        )
    }

    @Test func aBatchHeaderNeedsItsNamesAndAClassOfItsForm() throws {
        var draft = Made.batchHeader(.iat)
        draft.companyName = "0000"
        draft.companyID = " "
        draft.entryDescription = ""
        draft.settlementDay = 367
        let faults = #expect(throws: BuildingFaults.self) { try draft.record() }
        #expect(
            faults?.faults.map(\.field) == [
                "company_name", "company_identification", "standard_entry_class_code",
                "company_entry_description", "settlement_date",
            ]
        )
    }

    @Test func theInternationalHeaderStandsAsTheRulesHaveIt() throws {
        var draft = InternationalBatchHeaderDraft(
            serviceClass: .creditsOnly,
            foreignExchange: .fixedToVariable,
            foreignExchangeReference: .rate("1.0875"),
            destinationCountry: "DE",
            originatorID: "1123456789",
            entryDescription: "SUPPLIES",
            destinationCurrency: "EUR",
            effectiveDate: nil,
            odfi: Made.bank
        )
        #expect(
            try draft.record().line == "5220" + String(repeating: " ", count: 16) + "FV" + "1"
                + "1.0875         " + "DE" + "1123456789" + "IAT" + "SUPPLIES  " + "USD" + "EUR"
                + "      " + "   " + "1" + "07640125" + "0000001"
        )
        draft.isChange = true
        draft.foreignExchangeReference = .none
        let change = try draft.record()
        #expect(change.text(5, 20) == "IATCOR          ")
        #expect(change.text(23, 38) == "3               ")
        #expect(change.text(51, 53) == "COR")
        draft.destinationCountry = "de"
        draft.originatingCurrency = "US"
        let faults = #expect(throws: BuildingFaults.self) { try draft.record() }
        #expect(
            faults?.faults.map(\.field) == [
                "destination_country_code", "originating_currency_code",
            ]
        )
    }
}
