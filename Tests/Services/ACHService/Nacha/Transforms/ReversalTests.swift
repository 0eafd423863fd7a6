import Nacha
import Testing

@Suite("Reversing a file")
struct ReversalTests {
    private typealias Sample = TransformSample

    private static let reversal = Reversal(
        effectiveEntryDate: Sample.day(2026, 6, 22),
        creation: FileCreation(date: Sample.day(2026, 6, 18), time: Sample.time(14, 5)),
        modifier: Sample.modifier("C")
    )

    private static func place(_ sequence: Int, batch: Int = 1) -> EntryPlace {
        EntryPlace(batchNumber: batch, trace: "07200003000000\(sequence)")
    }

    @Test(
        "A code becomes the one that moves the money back",
        arguments: [
            (22, "27"), (27, "22"), (32, "37"), (37, "32"), (42, "47"), (47, "42"), (52, "55"),
        ]
    )
    func reversesCodes(code: Int, reversed: String) throws {
        let file = try Sample.file([Sample.batch(.ppd, [Sample.entry(code, 700, 1)])])
        let outcome = try Self.reversal.reverse(file)
        let batch = outcome.file.batches[0]
        let wasCredit = file.batches[0].serviceClass == .creditsOnly
        #expect(batch.entries[0].record.text(2, 3) == reversed)
        #expect(batch.serviceClass == (wasCredit ? .debitsOnly : .creditsOnly))
        #expect(Sample.errors(outcome.file) == [])
        #expect(outcome.skipped.isEmpty)
    }

    @Test("A loan debit, 55, is reversed by a credit in class 220, and the file is valid")
    func reversesLoanDebits() throws {
        let file = try Sample.file([Sample.batch(.ppd, [Sample.entry(52, 700, 1)])])
        let debit = try Self.reversal.reverse(file).file
        let credit = try Self.reversal.reverse(debit).file
        #expect(credit.batches[0].serviceClass == .creditsOnly)
        #expect(credit.batches[0].entries[0].record.text(2, 3) == "52")
        #expect(Sample.errors(credit) == [])
    }

    @Test("Header fields: REVERSAL, the given date, moment and modifier; company and SEC code stay")
    func writesHeaders() throws {
        let file = try Sample.file([
            Sample.batch(.web, descriptiveDate: "SD1300", [Sample.entry(27, 700, 1, .web)])
        ])
        let reversed = try Self.reversal.reverse(file).file
        let header = reversed.batches[0].header
        #expect(header.text(5, 53) == file.batches[0].header.text(5, 53))
        #expect(header.text(54, 79) == "REVERSAL        260622   1")
        #expect(reversed.header?.text(24, 34) == "2606181405C")
    }

    @Test(
        "Debit-only classes are credited back under their own code",
        arguments: [StandardEntryClass.arc, .boc, .pop, .rck, .tel, .trx, .xck]
    )
    func reversesDebitOnlyClasses(entryClass: StandardEntryClass) throws {
        let entry = try Sample.entry(27, 700, 1, entryClass)
        let file = try Sample.file([Sample.batch(entryClass, [entry])])
        #expect(Sample.errors(file) == [])
        let reversed = try Self.reversal.reverse(file).file
        #expect(Sample.errors(reversed) == [])
        #expect(reversed.batches[0].serviceClass == .creditsOnly)
        #expect(throws: TransformFault.entriesIrreversible([.init(Self.place(1), .reversedDebit)]))
        {
            try Self.reversal.reverse(reversed)
        }
    }

    @Test(
        "Classes of both sides are reversed with all addenda",
        arguments: [StandardEntryClass.ppd, .ccd, .ctx, .iat, .mte, .pos, .shr, .trc, .web]
    )
    func reversesOtherClasses(entryClass: StandardEntryClass) throws {
        let entries = [
            try Sample.entry(27, 700, 1, entryClass), try Sample.entry(32, 50, 2, entryClass),
        ]
        let file = try Sample.file([Sample.batch(entryClass, entries)])
        #expect(Sample.errors(file) == [])
        let reversed = try Self.reversal.reverse(file).file
        #expect(Sample.errors(reversed) == [])
        let totals = try EntryTotals(of: reversed.batches[0])
        #expect(totals.debitMinorUnits == 50 && totals.creditMinorUnits == 700)
        #expect(reversed.batches[0].entries.map(\.addenda) == entries.map(\.addenda))
    }

    @Test("What moves no money, answers and credit-only classes are refused in one list")
    func refusesIrreversible() throws {
        let file = try Self.fileWithIrreversible()
        let expected: [IrreversibleEntry] = [
            .init(Self.place(1), .prenote), .init(Self.place(3, batch: 2), .noMoney),
            .init(Self.place(4, batch: 3), .creditOnlyClass),
        ]
        #expect(throws: TransformFault.entriesIrreversible(expected)) {
            try Self.reversal.reverse(file)
        }
        var reversal = Self.reversal
        reversal.skipsIrreversible = true
        let outcome = try reversal.reverse(file)
        #expect(outcome.skipped == expected)
        #expect(outcome.file.batches.map(\.entries.count) == [1])
        #expect(Sample.errors(outcome.file) == [])
    }

    private static func fileWithIrreversible() throws -> NachaFile {
        try Sample.file([
            Sample.batch(.ppd, [Sample.entry(28, 0, 1), Sample.entry(27, 700, 2)]),
            Sample.batch(.ccd, [Sample.entry(29, 0, 3, .ccd, addenda: [.payment("A")])]),
            Sample.batch(.cie, [Sample.entry(22, 700, 4, .cie)]),
        ])
    }

    @Test("Returns are refused as answers, and advices as advices")
    func refusesAnswers() throws {
        var file = try Sample.file([Sample.batch(.ppd, [Sample.entry(27, 700, 1)])])
        file.batches[0].entries[0].record.write("26", 2, 3)
        #expect(throws: TransformFault.entriesIrreversible([.init(Self.place(1), .answer)])) {
            try Self.reversal.reverse(file)
        }
        let advices = try Sample.file([Sample.batch(.adv, [Sample.entry(81, 700, 1, .adv)])])
        var reversal = Self.reversal
        reversal.skipsIrreversible = true
        #expect(throws: TransformFault.nothingToReverse) { try reversal.reverse(advices) }
    }

    @Test("A return under a live code is an answer too, by its addenda")
    func knowsReturnsByAddenda() throws {
        var file = try Sample.file([Sample.batch(.ppd, [Sample.entry(27, 700, 1)])])
        let addenda = Addenda(record: Record(Array("799R01072000030000009".utf8)))
        file.batches[0].entries[0].addenda = [addenda]
        #expect(throws: TransformFault.entriesIrreversible([.init(Self.place(1), .answer)])) {
            try Self.reversal.reverse(file)
        }
    }

    @Test("Sudanese pounds are no wish for settlement on the same day")
    func keepsCurrencies() throws {
        var file = try Sample.file([Sample.batch(.iat, [Sample.entry(27, 700, 1, .iat)])])
        file.batches[0].header.write("SDGUSD", 64, 69)
        let reversed = try Self.reversal.reverse(file).file
        #expect(reversed.batches[0].header.text(64, 69) == "SDGUSD")
    }

    @Test("Chosen entries alone are reversed")
    func reversesChosenEntries() throws {
        let entries = try (1...5).map { try Sample.entry(27, 100 * UInt64($0), $0) }
        let file = try Sample.file([Sample.batch(.ppd, entries)])
        let chosen = ["072000030000004", "072000030000002"].map { EntrySelector(trace: $0) }
        let reversed = try Self.reversal.reverse(file, only: chosen).file
        #expect(reversed.batches[0].entries.map { $0.record.number(30, 39) } == [200, 400])
        let missing = EntrySelector(trace: "072000030000009")
        #expect(throws: TransformFault.entriesNotFound([missing])) {
            try Self.reversal.reverse(file, only: chosen + [missing])
        }
        #expect(throws: TransformFault.nothingToReverse) {
            try Self.reversal.reverse(file, only: [])
        }
    }

    @Test("A trace number that stands in two batches needs the batch's number")
    func asksForTheBatch() throws {
        let file = try Sample.file([
            Sample.batch(.ppd, [Sample.entry(27, 100, 1)]),
            Sample.batch(.ppd, company: "TOWN", [Sample.entry(27, 200, 1)]),
        ])
        let trace = Self.place(1).trace ?? ""
        let places = [Self.place(1), Self.place(1, batch: 2)]
        #expect(throws: TransformFault.entriesAmbiguous(places)) {
            try Self.reversal.reverse(file, only: [EntrySelector(trace: trace)])
        }
        let chosen = EntrySelector(trace: trace, batchNumber: 2)
        let reversed = try Self.reversal.reverse(file, only: [chosen]).file
        #expect(reversed.batches.map { $0.entries[0].record.number(30, 39) } == [200])
    }

    @Test("New trace numbers go into addenda too, until the sequence ends")
    func renumbers() throws {
        var reversal = Self.reversal
        reversal.traces = .numbered(from: 500)
        let file = try Sample.file([
            Sample.batch(.ctx, [Sample.entry(27, 1, 7, .ctx, addenda: [.payment("A")])]),
            Sample.batch(.pos, [Sample.entry(27, 1, 8, .pos)]),
            Sample.batch(.iat, [Sample.entry(27, 1, 9, .iat)]),
        ])
        let reversed = try reversal.reverse(file).file
        #expect(reversed.batches.map { $0.entries[0].record.number(88, 94) } == [500, 501, 502])
        #expect(Sample.errors(reversed) == [])
        reversal.traces = .numbered(from: 9_999_998)
        #expect(throws: TransformFault.building(.traceNumbersExhausted(limit: 9_999_999))) {
            try reversal.reverse(file)
        }
    }

    @Test("A date that two digits of a year cannot say is refused")
    func refusesDates() throws {
        var reversal = Self.reversal
        reversal.effectiveEntryDate = Sample.day(2070, 1, 1)
        let file = try Sample.file([Sample.batch(.ppd, [Sample.entry(27, 1, 1)])])
        #expect(throws: TransformFault.dateOutOfRange(Sample.day(2070, 1, 1))) {
            try reversal.reverse(file)
        }
    }

    @Test("Reversing twice moves the same money as once not", arguments: 1...40)
    func reversesTwice(seed: Int) throws {
        var random = TransformRandom(seed: UInt64(seed))
        let file = try random.file()
        var reversal = Self.reversal
        reversal.skipsIrreversible = true
        let hasLive = file.batches.contains { batch in
            batch.entries.contains { $0.transactionCode?.purpose == .live }
        }
        guard hasLive else { return }
        let outcome = try reversal.reverse(file)
        #expect(Sample.errors(outcome.file) == [])
        let (before, after) = (try Sample.totals([file]), try Sample.totals([outcome.file]))
        #expect(before.debitMinorUnits == after.creditMinorUnits)
        #expect(before.creditMinorUnits == after.debitMinorUnits)
        let reversed = outcome.file.batches.reduce(0) { $0 + $1.entries.count }
        let entries = file.batches.reduce(0) { $0 + $1.entries.count }
        #expect(reversed + outcome.skipped.count == entries)
        let back = try reversal.reverse(outcome.file).file
        #expect(try Sample.totals([back]).debitMinorUnits == before.debitMinorUnits)
        #expect(Sample.errors(back) == [])
    }
}
