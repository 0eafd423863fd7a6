import Nacha
import Testing

@Suite struct FileWriterTests {
    /// What a writer wrote, drained at once.
    private func bytes(_ writer: inout FileWriter) -> [UInt8] {
        var output: [UInt8] = []
        writer.drain(above: 0) { output += $0 }
        return output
    }

    @Test(arguments: FileForm.LineEnd.allCases, ["", "RMR*1\\", String(repeating: "P", count: 80)])
    func fastEntriesAreThoseOfTheModel(lineEnd: FileForm.LineEnd, payment: String) throws {
        let form = FileForm(lineEnd: lineEnd, endsWithLineEnd: false, hasByteOrderMark: true)
        var random = SplitMix64(seed: 7)
        var drafts: [EntryDraft] = []
        for length in 0...22 {
            var entry = Made.entry(
                random.pick([22, 23, 24, 27, 37, 48, 52, 55]),
                amount: random.next() % 10_000_000_000,
                receiver: random.bank(),
                account: random.text(1 + length % 17),
                addenda: payment.isEmpty ? [] : [.payment(payment)]
            )
            entry.details = .standard(
                identification: random.text(length % 16),
                name: random.text(length)
            )
            entry.discretionaryData = random.text(length % 3)
            drafts.append(entry)
        }
        var writer = FileWriter(header: try Made.fileHeader().record(), form: form)
        for _ in 1...2 {
            try writer.openBatch(Made.batchHeader().record())
            for draft in drafts { try writer.writeAsValues(draft) }
            try writer.closeBatch()
        }
        let totals = try writer.finish()

        var traces = TraceSequence(odfi: Made.bank)
        var file = try Made.file([])
        file.form = form
        for _ in 1...2 {
            file.batches.append(
                NachaBatch(
                    header: try Made.batchHeader().record(),
                    entries: try drafts.map { try $0.entry(trace: traces.next()) }
                )
            )
        }
        #expect(bytes(&writer) == (try file.closed().bytes))
        #expect(writer.upcomingTraceSequence == traces.upcoming)
        #expect(totals.entryAddendaCount == UInt64(payment.isEmpty ? 46 : 92))
    }

    @Test func accountsWithBlanksAndLongOnesAreWrittenAsTheModelDoes() throws {
        for account in ["12 34", " 1", "123456789012345678", "100000000000000000", "0001"] {
            var writer = FileWriter(header: try Made.fileHeader().record())
            try writer.openBatch(Made.batchHeader().record())
            try writer.writeAsValues(Made.entry(account: account))
            let lines = String(decoding: bytes(&writer), as: UTF8.self).split(separator: "\n")
            let model = try Made.entry(account: account)
                .entry(trace: Made.trace("076401250000001"))
            #expect(String(lines[2]) == model.record.line)
        }
    }

    @Test func everyCharacterIsLookedAtWhereverItStands() throws {
        var writer = FileWriter(header: try Made.fileHeader().record())
        try writer.openBatch(Made.batchHeader().record())
        let before = writer.bufferedByteCount
        for length in 1...80 {
            for position in [0, length / 3, length / 2, length - 1] {
                for wrong: UInt8 in [0x00, 0x1F, 0x7F, 0x80, 0xA0, 0xFF] {
                    var payment = [UInt8](repeating: UInt8(ascii: "A"), count: length)
                    payment[position] = wrong
                    let faults = writer.refusal(payment: payment)
                    #expect(faults.map(\.field) == ["payment_related_information"])
                }
            }
        }
        #expect(writer.bufferedByteCount == before)
        #expect(writer.upcomingTraceSequence == 1)
    }

    @Test func everyPrintableCharacterIsTaken() throws {
        var writer = FileWriter(header: try Made.fileHeader().record())
        try writer.openBatch(Made.batchHeader().record())
        for byte: UInt8 in 0x20...0x7E {
            for length in [1, 3, 7, 15, 80] {
                let payment = [UInt8](repeating: byte, count: length)
                #expect(writer.refusal(payment: payment).isEmpty)
            }
        }
    }

    @Test func allFaultsAreThrownAndNothingIsWritten() throws {
        var writer = FileWriter(header: try Made.fileHeader().record())
        try writer.openBatch(Made.batchHeader().record())
        let before = writer.bufferedByteCount
        let name = String(repeating: "N", count: 23)
        let faults = #expect(throws: BuildingFaults.self) {
            try writer.write(
                Made.code(27),
                receiver: 76_401_250,
                accountNumber: "000",
                amountMinorUnits: 10_000_000_000,
                identification: "ID",
                name: name,
                discretionaryData: "ABC"
            )
        }
        #expect(
            faults?.faults.map(\.field) == [
                "receiving_dfi_identification", "account_number", "amount_minor_units",
                "receiver_name", "discretionary_data",
            ]
        )
        #expect(writer.bufferedByteCount == before)
        try writer.writeAsValues(Made.entry())
        #expect(try writer.closeBatch().entryAddendaCount == 1)
    }

    @Test func aSideThatIsFullTakesNoMoreButTheFileCanBeEnded() throws {
        var writer = FileWriter(header: try Made.fileHeader().record())
        try writer.openBatch(Made.batchHeader().record())
        for _ in 0..<100 { try writer.writeAsValues(Made.entry(amount: 9_999_999_999)) }
        try writer.writeAsValues(Made.entry(amount: 99))
        let full = BuildingFaults([
            .totalTooLarge(field: "total_debit_minor_units", digits: 12)
        ])
        #expect(throws: full) { try writer.writeAsValues(Made.entry(amount: 1)) }
        try writer.writeAsValues(Made.entry(22, amount: 1))
        try writer.closeBatch()
        try writer.openBatch(Made.batchHeader().record())
        #expect(throws: full) { try writer.writeAsValues(Made.entry(amount: 1)) }
        try writer.writeAsValues(Made.entry(22, amount: 1))
        try writer.closeBatch()
        #expect(try writer.finish().debitMinorUnits == 999_999_999_999)
    }

    @Test func aBatchIsFullAfter999999Records() throws {
        var writer = FileWriter(header: try Made.fileHeader().record())
        try writer.openBatch(Made.batchHeader().record())
        let entry = EntryDetail(
            record: try Made.entry(amount: 1).entry(trace: Made.trace("076401250000001")).record,
            addenda: Array(
                repeating: try AddendaDraft.payment("X")
                    .addenda(sequence: 1, trace: Made.trace("076401250000001")),
                count: 99_999
            )
        )
        for _ in 0..<9 {
            try writer.write(entry)
            writer.drain { _ in }
        }
        #expect(throws: BuildingFault.batchHasTooManyRecords) {
            try writer.write(
                EntryDetail(record: entry.record, addenda: entry.addenda + entry.addenda)
            )
        }
        let rest = EntryDetail(record: entry.record, addenda: Array(entry.addenda.dropLast(2)))
        try writer.write(rest)
        try writer.writeAsValues(Made.entry(amount: 1))
        let full = BuildingFaults([.batchHasTooManyRecords])
        #expect(throws: full) { try writer.writeAsValues(Made.entry(amount: 1)) }
        #expect(try writer.closeBatch().entryAddendaCount == 999_999)
    }

    @Test func tracesEndAtSevenDigits() throws {
        var writer = FileWriter(
            header: try Made.fileHeader().record(),
            firstTraceSequence: 9_999_999
        )
        try writer.openBatch(Made.batchHeader().record())
        try writer.writeAsValues(Made.entry())
        let exhausted = BuildingFaults([.traceNumbersExhausted(limit: 9_999_999)])
        #expect(throws: exhausted) { try writer.writeAsValues(Made.entry()) }
        #expect(throws: exhausted) { try writer.write(Made.entry()) }
    }

    @Test func bytesThatWereNotTakenAreHandedOverAgain() throws {
        struct DiskFull: Error {}
        var writer = FileWriter(header: try Made.fileHeader().record())
        #expect(throws: DiskFull.self) {
            try writer.drain(above: 0) { _ throws(DiskFull) in throw DiskFull() }
        }
        #expect(bytes(&writer).count == 95)
        #expect(bytes(&writer).isEmpty)
    }

    @Test func shapeIsGuarded() throws {
        var writer = FileWriter(header: try Made.fileHeader().record())
        #expect(throws: BuildingFault.fileHasNoBatches) { try writer.finish() }
        var header = try Made.batchHeader().record()
        header.write("0764012X", 80, 87)
        let fault = BuildingFault.notDigits(
            field: "originating_dfi_identification",
            value: "0764012X"
        )
        #expect(throws: fault) { try writer.openBatch(header) }
        try writer.openBatch(Made.batchHeader().record())
        #expect(throws: BuildingFault.batchHasNoEntries) { try writer.closeBatch() }
        try writer.writeAsValues(Made.entry())
        try writer.closeBatch()
        #expect(throws: BuildingFault.fileMixesAdvices) {
            try writer.openBatch(Made.batchHeader(.adv, .advices).record())
        }
    }
}

extension FileWriter {
    /// Writes an entry of the standard form through the call that takes values.
    fileprivate mutating func writeAsValues(_ draft: EntryDraft) throws {
        guard case .standard(let identification, let name) = draft.details else { return }
        var payment = ""
        if case .payment(let text)? = draft.addenda.first { payment = text }
        try write(
            draft.transactionCode,
            receiver: draft.receiver.number,
            accountNumber: draft.accountNumber,
            amountMinorUnits: draft.amountMinorUnits,
            identification: identification,
            name: name,
            discretionaryData: draft.discretionaryData,
            payment: payment
        )
    }

    /// The faults of an entry with a payment text.
    fileprivate mutating func refusal(payment: [UInt8]) -> [BuildingFault] {
        let account = Array("123".utf8)
        let none: [UInt8] = []
        do {
            try write(
                Made.code(27),
                receiver: Made.other.number,
                accountNumber: account.span,
                amountMinorUnits: 1,
                identification: none.span,
                name: none.span,
                discretionaryData: none.span,
                payment: payment.span
            )
            return []
        } catch {
            return error.faults
        }
    }
}

extension SplitMix64 {
    /// Printable characters without a blank or a zero in front.
    fileprivate mutating func text(_ length: Int) -> String {
        String(
            decoding: (0..<length).map { _ in UInt8(number(in: 0x31...0x7E)) },
            as: UTF8.self
        )
    }

    fileprivate mutating func bank() -> RoutingNumber {
        let identification = UInt32(number(in: 1...99_999_999))
        return RoutingNumber(identification: identification) ?? Made.bank
    }
}
