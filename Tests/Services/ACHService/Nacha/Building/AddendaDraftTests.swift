import Nacha
import Testing
import TestSupport

@Suite struct AddendaDraftTests {
    private static let trace = Made.trace("076401250000042")
    private static let original = OriginalEntry(
        trace: Made.trace("122000490000007"),
        receivingBank: Made.bank
    )
    private static let answered = AnsweredReturn(
        trace: Made.trace("076401250000009"),
        settlementDay: 45,
        reason: Made.reason("R01")
    )
    private static let address = PartyAddressDraft(
        city: "ALBANY",
        state: "NY",
        country: "US",
        postalCode: "12207",
        dateOfBirth: "1970-01-31"
    )

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// Each variant, and the 94 characters that it is written as.
    private static let variants: [(AddendaDraft, String)] = [
        (
            .terminal(
                TerminalAddendaDraft(
                    reference1: "REF",
                    reference2: "B",
                    terminalID: "T1",
                    serialNumber: "100",
                    date: Made.day,
                    authorization: "AUTH",
                    location: "1 MAIN STREET",
                    city: "ALBANY",
                    state: "NY"
                )
            ),
            "702REF    B  T1    100   0601AUTH  1 MAIN STREET" + blanks(14) + "ALBANY"
                + blanks(9) + "NY076401250000042"
        ),
        (.payment("RMR*1\\"), "705RMR*1\\" + blanks(74) + "00030000042"),
        (
            .transaction(
                TransactionAddendaDraft(
                    reason: .pension,
                    foreignAmount: 12_345,
                    foreignTrace: "FT",
                    receiverName: "ADA"
                )
            ),
            "710PEN000000000000012345FT" + blanks(20) + "ADA" + blanks(38) + "0000042"
        ),
        (
            .originator(name: "CITY", street: "1 MAIN STREET"),
            "711CITY" + blanks(31) + "1 MAIN STREET" + blanks(36) + "0000042"
        ),
        (
            .originatorAddress(address),
            "712ALBANY*NY\\" + blanks(25) + "US*12207\\" + blanks(26) + "1970-01-31    0000042"
        ),
        (
            .originatingBank(EntryDraftTests.foreignBank),
            "713WESERBANK" + blanks(26) + "02WESRDE22" + blanks(26) + "DE " + blanks(10)
                + "0000042"
        ),
        (
            .receivingBank(EntryDraftTests.foreignBank),
            "714WESERBANK" + blanks(26) + "02WESRDE22" + blanks(26) + "DE " + blanks(10)
                + "0000042"
        ),
        (
            .receiver(identification: "ID", street: "2 LAKE DRIVE"),
            "715ID" + blanks(13) + "2 LAKE DRIVE" + blanks(57) + "0000042"
        ),
        (
            .receiverAddress(PartyAddressDraft(city: "MONACO", country: "MC")),
            "716MONACO*\\" + blanks(27) + "MC*\\" + blanks(45) + "0000042"
        ),
        (.remittance("FOR JUNE"), "717FOR JUNE" + blanks(72) + "00030000042"),
        (
            .correspondentBank(EntryDraftTests.foreignBank),
            "718WESERBANK" + blanks(26) + "02WESRDE22" + blanks(26) + "DE " + blanks(6)
                + "00030000042"
        ),
        (
            .change(
                ChangeDraft(code: Made.change("C01"), original: original, correctedData: "1234")
            ),
            "798C01122000490000007      076401251234" + blanks(40) + "076401250000042"
        ),
        (
            .refusedChange(
                RefusedChangeDraft(
                    code: Made.change("C62"),
                    original: original,
                    correctedData: "1234",
                    changeCode: Made.change("C01"),
                    changeSequence: 77
                )
            ),
            "798C62122000490000007      076401251234" + blanks(25)
                + "C010000077     076401250000042"
        ),
        (
            .returned(
                ReturnDraft(
                    reason: Made.reason("R15"),
                    original: original,
                    dateOfDeath: .on("2026-05-30"),
                    information: "INFO"
                )
            ),
            "799R1512200049000000726053007640125INFO" + blanks(40) + "076401250000042"
        ),
        (
            .dishonored(
                DishonoredReturnDraft(
                    reason: Made.reason("R68"),
                    original: original,
                    answered: answered,
                    information: "LATE"
                )
            ),
            "799R68122000490000007      07640125   07640125000000904501LATE" + blanks(17)
                + "076401250000042"
        ),
        (
            .contested(
                ContestedReturnDraft(
                    reason: Made.reason("R73"),
                    original: original,
                    dateReturned: .on("2026-02-13"),
                    originalSettlementDay: 42,
                    answered: answered,
                    dishonored: AnsweredReturn(
                        trace: Made.trace("122000490000008"),
                        settlementDay: 50,
                        reason: Made.reason("R68")
                    )
                )
            ),
            "799R7312200049000000726021307640125042076401250000009" + "04501"
                + "12200049000000805068 076401250000042"
        ),
    ]

    @Test(arguments: variants)
    func everyVariantStandsAsTheRulesHaveIt(draft: AddendaDraft, expected: String) throws {
        let addenda = try draft.addenda(sequence: 3, trace: Self.trace)
        #expect(addenda.record.line == expected)
        #expect(addenda.kind == draft.kind)
    }

    @Test func thereIsATestOfEveryVariant() {
        let kinds = RecordKind.allCases.filter(\.isAddenda)
        #expect(Set(Self.variants.map(\.0.kind)) == Set(kinds))
    }

    @Test func correctedDataOfAnInternationalChangeGoesOn() throws {
        let data = String(repeating: "A", count: 35)
        let draft = ChangeDraft(
            code: Made.change("C08"),
            original: Self.original,
            correctedData: data
        )
        let addenda = try AddendaDraft.change(draft).addenda(sequence: 1, trace: Self.trace)
        #expect(addenda.record.text(36, 70) == data)
    }

    @Test func reasonsOfAnotherAnswerAreRefused() throws {
        func field(_ draft: AddendaDraft) -> String? {
            let faults = #expect(throws: BuildingFaults.self) {
                try draft.addenda(sequence: 1, trace: Self.trace)
            }
            return faults?.faults.first?.field
        }
        let change = ChangeDraft(
            code: Made.change("C61"),
            original: Self.original,
            correctedData: "1"
        )
        #expect(field(.change(change)) == "change_code")
        let back = ReturnDraft(reason: Made.reason("R61"), original: Self.original)
        #expect(field(.returned(back)) == "return_reason_code")
        let dishonor = DishonoredReturnDraft(
            reason: Made.reason("R01"),
            original: Self.original,
            answered: Self.answered
        )
        #expect(field(.dishonored(dishonor)) == "dishonored_return_reason_code")
    }

    @Test func partsOfAnAddressKeepItsMarksOut() throws {
        for city in ["AL*BANY", "ALBANY\\", "", "  "] {
            let draft = PartyAddressDraft(city: city, state: "NY", country: "US")
            let faults = #expect(throws: BuildingFaults.self) {
                try AddendaDraft.receiverAddress(draft).addenda(sequence: 1, trace: Self.trace)
            }
            #expect(faults?.faults.map(\.field) == ["receiver_city_and_state"])
        }
    }
}
