import Nacha
import Testing

@Suite struct ClosingTests {
    @Test func aClosedBatchSaysWhatItHolds() throws {
        let open = try Made.batch(
            Made.batchHeader(),
            [Made.entry(22, amount: 100), Made.entry(27, amount: 250, addenda: [.payment("X")])]
        )
        let closed = try open.closed(number: 42)
        #expect(closed.number == 42)
        #expect(
            closed.control?.line == "8200000003" + "0024400098" + "000000000250" + "000000000100"
                + "1123456789" + String(repeating: " ", count: 25) + "07640125" + "0000042"
        )
    }

    @Test func anAdviceBatchHasWideTotalsAndKeepsItsOperatorsData() throws {
        var batch = NachaBatch(header: try Made.batchHeader(.adv, .advices).record())
        batch.entries = [
            try Made.advice(81, amount: 999_999_999_999).entry(
                trace: Made.trace("076401250000001")
            ),
            try Made.advice(82, amount: 5).entry(trace: Made.trace("076401250000002")),
        ]
        var control = Record()
        control.write("FED DATA", 61, 79)
        batch.control = control
        let closed = try #require(try batch.closed(number: 1).control)
        #expect(
            closed.line == "8280000002" + "0024400098" + "00000000000000000005"
                + "00000000999999999999" + "FED DATA           " + "07640125" + "0000001"
        )
    }

    @Test func numbersOutsideSevenDigitsAndEmptyBatchesAreRefused() throws {
        let batch = try Made.batch(Made.batchHeader(), [Made.entry()])
        #expect(throws: BuildingFault.valueMissing(field: "batch_number")) {
            try batch.closed(number: 0)
        }
        #expect(
            throws: BuildingFault.numberTooLarge(
                field: "batch_number",
                value: 10_000_000,
                limit: 9_999_999
            )
        ) { try batch.closed(number: 10_000_000) }
        let empty = try Made.batch(Made.batchHeader(), [])
        #expect(throws: BuildingFault.batchHasNoEntries) { try empty.closed(number: 1) }
    }

    @Test(
        arguments: [
            ([22, 27], 200), ([22, 33], 220), ([27, 38, 26], 225), ([21], 220),
        ] as [([Int], Int)]
    )
    func theServiceClassFollowsFromTheEntries(codes: [Int], expected: Int) throws {
        let batch = try Made.batch(Made.batchHeader(), codes.map { Made.entry($0) })
        let classed = try batch.closed(number: 1).withServiceClassOfEntries()
        #expect(classed.serviceClass?.rawValue == expected)
        #expect(classed.control?.number(2, 4) == UInt64(expected))
    }

    @Test func theServiceClassOfAdvicesIsTheirOwn() throws {
        var batch = NachaBatch(header: try Made.batchHeader(.adv, .mixed).record())
        let entry = try Made.advice(81, amount: 1).entry(trace: Made.trace("076401250000001"))
        batch.entries = [entry]
        #expect(try batch.withServiceClassOfEntries().serviceClass == .advices)
    }

    @Test func aClosedFileNumbersItsBatchesAndSumsThem() throws {
        let batch = try Made.batch(Made.batchHeader(), [Made.entry(27, amount: 7)])
        var file = try Made.file([batch, batch, batch])
        file.form = FileForm(
            lineEnd: .carriageReturnLineFeed,
            endsWithLineEnd: false,
            fillerCount: 40,
            oddLines: [FileForm.OddLine(line: 1, bytes: [0x0A], holdsRecord: false)]
        )
        let closed = try file.closed()
        #expect(closed.batches.map(\.number) == [1, 2, 3])
        #expect(
            closed.control?.line == "9000003" + "000002" + "00000003" + "0036600147"
                + "000000000021" + "000000000000" + String(repeating: " ", count: 39)
        )
        #expect(closed.form == FileForm(lineEnd: .carriageReturnLineFeed, endsWithLineEnd: false))
        #expect(closed.recordCount == 11)
        #expect(closed.fillerCount == 9)
    }

    @Test func aFileOfAdvicesHasAControlOfItsOwn() throws {
        var batch = NachaBatch(header: try Made.batchHeader(.adv, .advices).record())
        let entry = Made.advice(82, amount: 123_456_789_012)
        batch.entries = [try entry.entry(trace: Made.trace("076401250000001"))]
        let closed = try Made.file([batch]).closed()
        #expect(
            closed.control?.line == "9000001" + "000001" + "00000001" + "0012200049"
                + "00000000123456789012" + "00000000000000000000"
                + String(repeating: " ", count: 23)
        )
        let other = try Made.batch(Made.batchHeader(), [Made.entry()])
        #expect(throws: BuildingFault.fileMixesAdvices) { try Made.file([batch, other]).closed() }
        #expect(throws: BuildingFault.fileMixesAdvices) { try Made.file([other, batch]).closed() }
    }

    @Test func aFileWithoutBatchesIsRefusedAndOneWithoutHeaderStaysSo() throws {
        #expect(throws: BuildingFault.fileHasNoBatches) { try Made.file([]).closed() }
        var file = try Made.file([Made.batch(Made.batchHeader(), [Made.entry()])])
        file.header = nil
        let closed = try file.closed()
        #expect(closed.header == nil)
        #expect(closed.control?.number(8, 13) == 1)
    }

    @Test func totalsOfBatchesTooLargeForTheFileAreRefused() throws {
        let entries = (0..<60).map { _ in Made.entry(27, amount: 9_999_999_999) }
        let batch = try Made.batch(Made.batchHeader(), entries)
        #expect(
            throws: BuildingFault.totalTooLarge(field: "total_debit_minor_units", digits: 12)
        ) { try Made.file([batch, batch]).closed() }
    }
}

extension Made {
    static func advice(_ number: Int, amount: UInt64) -> EntryDraft {
        EntryDraft(
            transactionCode: code(number),
            receiver: other,
            accountNumber: "987654",
            amountMinorUnits: amount,
            details: .advice(
                EntryDraft.Advice(
                    adviceRouting: bank,
                    fileIdentification: "F1234",
                    operatorData: "X",
                    name: "ADVICE",
                    dayOfYear: 9
                )
            )
        )
    }
}
