import Nacha
import Testing

@Suite("The limits of merging")
struct MergeLimitTests {
    private typealias Sample = TransformSample

    @Test(
        "A limit counts header, controls and filler",
        arguments: [(6, 1), (7, 2), (12, 2), (13, 3)]
    )
    func countsRecords(entries: UInt32, files: Int) throws {
        let input = try Sample.file([Sample.debits(1...entries)])
        let merged = try Merge(limits: MergeLimits(records: 10)).merge([input])
        #expect(merged.count == files)
        for file in merged {
            #expect(file.recordCount + file.fillerCount <= 10)
            #expect(Sample.errors(file).isEmpty)
        }
        #expect(Sample.census(merged) == Sample.census([input]))
        #expect(merged.map { $0.header?.text(34, 34) } == Array(["A", "B", "C"].prefix(files)))
    }

    @Test("A limit that is no multiple of ten leaves room for filler")
    func roundsTheLimitDown() throws {
        let input = try Sample.file([Sample.debits(1...20)])
        let merged = try Merge(limits: MergeLimits(records: 19)).merge([input])
        #expect(merged.map { $0.recordCount + $0.fillerCount } == [10, 10, 10, 10])
    }

    @Test("Ten thousand lines hold 9,996 entries of one batch")
    func standardLimit() throws {
        let full = try Sample.file([Sample.debits(1...9_996)])
        #expect(try Merge().merge([full]).map { $0.recordCount } == [10_000])
        let more = try Sample.file([Sample.debits(9_997...9_997)])
        #expect(try Merge().merge([full, more]).map { $0.batches[0].entries.count } == [9_996, 1])
    }

    @Test("A limit of the total counts each side for itself")
    func countsCents() throws {
        let batch = try Sample.batch(
            .ppd,
            serviceClass: .mixed,
            [
                Sample.entry(27, 600, 1), Sample.entry(22, 1_000, 2), Sample.entry(27, 400, 3),
                Sample.entry(27, 1, 4),
            ]
        )
        let input = try Sample.file([batch])
        let merged = try Merge(limits: MergeLimits(totalMinorUnits: 1_000)).merge([input])
        #expect(merged.map { $0.batches[0].entries.count } == [3, 1])
        #expect(merged.allSatisfy { Sample.errors($0).isEmpty })
    }

    @Test("Totals end at the width of their field: the last cent opens another file")
    func widestTotal() throws {
        let width = FileLimits.amountMinorUnits
        var entries = try (1...100).map { try Sample.entry(27, width, $0) }
        entries.append(try Sample.entry(27, 99, 101))
        let one = try Sample.file([Sample.batch(.ppd, entries)])
        #expect(try EntryTotals(of: one.batches[0]).debitMinorUnits == FileLimits.totalMinorUnits)
        #expect(try Merge(limits: MergeLimits(records: 1_000)).merge([one]).count == 1)
        let cent = try Sample.file([Sample.debits(102...102, 1)])
        #expect(try Merge(limits: MergeLimits(records: 1_000)).merge([one, cent]).count == 2)
    }

    @Test("An entry that no file can hold is a fault that names it")
    func refusesLargeEntries() throws {
        let input = try Sample.file([Sample.debits(1...1, 1_001)])
        let place = EntryPlace(batchNumber: 1, trace: "072000030000001")
        #expect(throws: TransformFault.entryExceedsLimits(place)) {
            try Merge(limits: MergeLimits(totalMinorUnits: 1_000)).merge([input])
        }
        let addenda = (1...5).map { AddendaDraft.payment("LINE \($0)") }
        let long = try Sample.file([
            Sample.batch(.ctx, [Sample.entry(27, 1, 1, .ctx, addenda: addenda)])
        ])
        #expect(try Merge(limits: MergeLimits(records: 10)).merge([long]).count == 1)
        let longer = try Sample.file([
            Sample.batch(.ctx, [Sample.entry(27, 1, 1, .ctx, addenda: addenda + [.payment("6")])])
        ])
        #expect(throws: TransformFault.entryExceedsLimits(place)) {
            try Merge(limits: MergeLimits(records: 10)).merge([longer])
        }
    }

    @Test("A day has 36 modifiers: the 37th file refuses all")
    func endsAtThirtySix() throws {
        let full = try Sample.file([Sample.debits(1...(36 * 6))])
        let merge = Merge(limits: try MergeLimits(records: 10))
        let merged = try merge.merge([full])
        #expect(merged.map { $0.header?.text(34, 34) } == FileIDModifier.allCases.map(\.text))
        let more = try Sample.file([Sample.debits(1...(36 * 6 + 1))])
        #expect(throws: TransformFault.modifiersExhausted(first: "A", left: 36)) {
            try merge.merge([more])
        }
    }

    @Test("From another first modifier on, fewer are left; two destinations share them")
    func sharesModifiers() throws {
        var merge = Merge(limits: try MergeLimits(records: 10), firstModifier: Sample.modifier("8"))
        let one = try Sample.file([Sample.debits(1...6)])
        let two = try Sample.file([Sample.debits(7...7)], destination: 12_100_035)
        #expect(try merge.merge([one, two]).map { $0.header?.text(34, 34) } == ["8", "9"])
        merge.firstModifier = Sample.modifier("9")
        #expect(throws: TransformFault.modifiersExhausted(first: "9", left: 1)) {
            try merge.merge([one, two])
        }
    }

    @Test("Limits outside what a file can hold are refused")
    func refusesLimits() {
        #expect(throws: TransformFault.recordLimitOutOfRange(given: 9, allowed: 10...9_999_990)) {
            try MergeLimits(records: 9)
        }
        #expect(throws: TransformFault.self) { try MergeLimits(records: 9_999_991) }
        #expect(throws: TransformFault.self) { try MergeLimits(totalMinorUnits: 0) }
        #expect(throws: TransformFault.self) {
            try MergeLimits(totalMinorUnits: FileLimits.totalMinorUnits + 1)
        }
    }
}
