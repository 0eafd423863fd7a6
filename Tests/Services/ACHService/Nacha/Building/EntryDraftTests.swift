import Nacha
import Testing

@Suite struct EntryDraftTests {
    private let trace = Made.trace("076401250000042")

    private func line(
        _ details: EntryDraft.Details,
        discretionary: String = "",
        addenda: [AddendaDraft] = []
    ) throws -> String {
        var draft = Made.entry(addenda: addenda)
        draft.details = details
        draft.discretionaryData = discretionary
        return try draft.entry(trace: trace).record.line
    }

    private let start = "627122000496123456789        0000012345"

    @Test func theStandardFormStandsAsTheRulesHaveIt() throws {
        let line = try line(
            .standard(identification: "ID 1", name: "ADA ADAMS"),
            discretionary: "R"
        )
        #expect(line == start + "ID 1           ADA ADAMS             R 0076401250000042")
    }

    @Test func checksHaveTheirSerialNumber() throws {
        let line = try line(.check(serial: "1001", name: "ADA ADAMS"))
        #expect(line == start + "1001           ADA ADAMS               0076401250000042")
    }

    @Test func pointOfPurchaseHasItsPlace() throws {
        let line = try line(
            .pointOfPurchase(serial: "1001", city: "ALBA", state: "NY", name: "ADA ADAMS")
        )
        #expect(line == start + "1001     ALBANYADA ADAMS               0076401250000042")
    }

    @Test func sharedNetworkHasItsCard() throws {
        let expiry = try #require(EntryDraft.CardExpiry(year: 2029, month: 3))
        let line = try line(
            .sharedNetwork(
                expiry: expiry,
                documentReference: "DOC1",
                cardAccount: "4111111111111111"
            ),
            discretionary: "01"
        )
        #expect(line == start + "0329DOC1       4111111111111111      010076401250000042")
        #expect(EntryDraft.CardExpiry(year: 2029, month: 13) == nil)
    }

    @Test func nameAndIdentificationChangePlaces() throws {
        let line = try line(.nameFirst(name: "ADA ADAMS", identification: "BILL 7"))
        #expect(line == start + "ADA ADAMS      BILL 7                  0076401250000042")
    }

    @Test func exchangesCountTheirAddenda() throws {
        let line = try line(
            .exchange(identification: "ID 1", name: "ACME"),
            addenda: [.payment("A"), .payment("B")]
        )
        #expect(line == start + "ID 1           0002ACME                1076401250000042")
    }

    @Test func internationalEntriesHaveTheirAccountElsewhere() throws {
        var draft = Made.entry(account: "DE 89 3704 0044")
        draft.details = .international(isListedByGateway: false, isListedBySecondary: nil)
        draft.addenda = [.remittance("A"), .correspondentBank(Self.foreignBank)]
        let entry = try draft.entry(trace: trace)
        #expect(
            entry.record.line == "627122000496" + "0002" + String(repeating: " ", count: 13)
                + "0000012345" + "DE8937040044" + String(repeating: " ", count: 25)
                + "0 1076401250000042"
        )
        #expect(entry.addenda.map { $0.record.number(84, 87) } == [1, 1])
    }

    @Test func advicesHaveOperatorAndDayForATrace() throws {
        let line = try Made.advice(81, amount: 999_999_999_999).entry(trace: trace).record.line
        #expect(
            line == "681122000496" + "987654         " + "999999999999" + "076401251" + "F1234"
                + "X" + "ADVICE                " + "  " + "0" + "07640125" + "009" + "0042"
        )
        let late = Made.trace("076401250010000")
        let faults = #expect(throws: BuildingFaults.self) {
            try Made.advice(81, amount: 1_000_000_000_000).entry(trace: late)
        }
        #expect(faults?.faults.map(\.field) == ["amount_minor_units", "sequence_number"])
    }

    @Test(
        arguments: [
            ("12 34 56", "123456           "), ("12-34-56", "12-34-56         "),
            ("123456789012345678901", "12345678901234567"), (" 007", "007              "),
        ]
    )
    func accountNumbersLoseTheirBlanksAndTheirTail(given: String, written: String) throws {
        let entry = try Made.entry(account: given).entry(trace: trace)
        #expect(entry.record.text(13, 29) == written)
    }

    @Test func allFaultsOfAnEntryAndItsAddendaAreFoundAtOnce() throws {
        var draft = Made.entry(amount: 10_000_000_000, account: "0 0 0")
        draft.details = .standard(
            identification: "TAB\t",
            name: String(repeating: "N", count: 23)
        )
        draft.discretionaryData = "ABC"
        draft.addenda = [.payment("fine"), .payment("é"), .payment("\u{7F}")]
        let faults = #expect(throws: BuildingFaults.self) { try draft.entry(trace: trace) }
        #expect(
            faults?.faults == [
                .valueMissing(field: "account_number"),
                .numberTooLarge(
                    field: "amount_minor_units",
                    value: 10_000_000_000,
                    limit: 9_999_999_999
                ),
                .textNotPrintable(field: "identification_number", value: "TAB\t"),
                .textTooLong(
                    field: "receiver_name",
                    value: String(repeating: "N", count: 23),
                    limit: 22
                ),
                .textTooLong(field: "discretionary_data", value: "ABC", limit: 2),
                .textNotPrintable(field: "payment_related_information", value: "é"),
                .textNotPrintable(field: "payment_related_information", value: "\u{7F}"),
            ]
        )
    }

    @Test func anEntryCarriesAtMostAsManyAddendaAsItCanCount() throws {
        var draft = Made.entry()
        draft.addenda = Array(repeating: .payment("X"), count: 10_000)
        let faults = #expect(throws: BuildingFaults.self) { try draft.entry(trace: trace) }
        #expect(faults?.faults == [.entryHasTooManyAddenda(limit: 9_999)])
    }

    @Test func addendaAreNumberedAndNameTheirEntry() throws {
        let entry = try Made.entry(addenda: [.payment("A"), .payment("B")]).entry(trace: trace)
        #expect(entry.record[79] == UInt8(ascii: "1"))
        #expect(entry.addenda.map { $0.record.text(84, 94) } == ["00010000042", "00020000042"])
    }

    static let foreignBank = ForeignBankDraft(
        name: "WESERBANK",
        qualifier: .bic,
        identification: "WESRDE22",
        branchCountry: "DE"
    )
}
