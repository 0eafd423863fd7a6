import Nacha
import Testing

@Suite("Merging with new trace numbers")
struct MergeNumberingTests {
    private typealias Sample = TransformSample

    private static func merge(from first: UInt32, records: Int = 10_000) throws -> Merge {
        var merge = Merge(limits: try MergeLimits(records: records))
        merge.traces = .numbered(from: first)
        return merge
    }

    /// The trace numbers of all entries, in the order of the files.
    private static func traces(_ files: [NachaFile]) -> [String] {
        files.flatMap(\.batches).flatMap(\.entries).map(\.trace)
    }

    @Test("F-02: no trace number stands twice in all files of a merge")
    func acrossFiles() throws {
        let inputs = [
            try Sample.file([Sample.debits(1...8)]),
            try Sample.file([Sample.debits(1...8), Sample.debits(3...5)]),
            try Sample.file([Sample.debits(1...2)], destination: 12_100_035),
        ]
        let merged = try Self.merge(from: 500, records: 10).merge(inputs)
        #expect(merged.map { $0.batches.count } == [1, 1, 1, 1, 1])
        #expect(Self.traces(merged) == (500...520).map { "072000030000\($0)" })
        #expect(merged.flatMap(Sample.errors) == [])
        #expect(try Sample.totals(merged) == Sample.totals(inputs))
    }

    @Test("F-02: each ODFI has a sequence of its own")
    func byODFI() throws {
        let odfi: UInt32 = 6_100_010
        let other = try Sample.batch(.ppd, odfi: odfi, [Sample.entry(27, 1, 7, odfi: odfi)])
        let inputs = try [
            Sample.file([Sample.debits([4]), other]), Sample.file([Sample.debits([4]), other]),
        ]
        let merged = try Self.merge(from: 1).merge(inputs)
        #expect(
            Self.traces(merged) == [
                "072000030000001", "072000030000002", "061000100000001", "061000100000002",
            ]
        )
        #expect(merged.flatMap(Sample.errors) == [])
    }

    @Test("F-02: addenda follow their entry", arguments: [StandardEntryClass.ctx, .pos, .iat])
    func addenda(entryClass: StandardEntryClass) throws {
        let payments = entryClass == .ctx ? [AddendaDraft.payment("A"), .payment("B")] : []
        let entry = try Sample.entry(27, 1, 9, entryClass, addenda: payments)
        let input = try Sample.file([Sample.batch(entryClass, [entry])])
        let merged = try Self.merge(from: 77).merge([input, input])
        let entries = merged.flatMap(\.batches).flatMap(\.entries)
        #expect(entries.map { $0.record.number(88, 94) } == [77, 78])
        for entry in entries {
            #expect(!entry.addenda.isEmpty)
            for addenda in entry.addenda {
                #expect(addenda.record.text(88, 94) == entry.record.text(88, 94))
            }
        }
        #expect(merged.flatMap(Sample.errors) == [])
    }

    @Test("F-02: advices are numbered within their batch, up to 9,999")
    func advices() throws {
        func input(_ sequences: ClosedRange<UInt32>) throws -> NachaFile {
            let entries = try sequences.map { try Sample.entry(81, 9, $0, .adv) }
            return try Sample.file([Sample.batch(.adv, entries)])
        }
        let merged = try Self.merge(from: 500).merge([input(3...4), input(4...5)])
        #expect(merged.map { $0.batches.count } == [1])
        #expect(
            merged[0].batches[0].entries.map { $0.record.number(91, 94) } == [1, 2, 3, 4]
        )
        #expect(merged.flatMap(Sample.errors) == [])
        let full = [try input(1...5_000), try input(1...5_000)]
        #expect(throws: TransformFault.building(.traceNumbersExhausted(limit: 9_999))) {
            try Self.merge(from: 1, records: 20_000).merge(full)
        }
    }

    @Test("F-02: a sequence that would pass its seven digits is refused, never wrapped")
    func exhausted() throws {
        let input = try Sample.file([Sample.debits(1...2)])
        #expect(try Self.merge(from: 9_999_998).merge([input]).count == 1)
        #expect(throws: TransformFault.building(.traceNumbersExhausted(limit: 9_999_999))) {
            try Self.merge(from: 9_999_999).merge([input])
        }
    }

    @Test("F-02: whatever is merged, no number is repeated and no cent is lost", arguments: 1...30)
    func anything(seed: Int) throws {
        var random = TransformRandom(seed: UInt64(seed))
        var inputs: [NachaFile] = []
        for _ in 0..<Int.random(in: 2...5, using: &random) { inputs.append(try random.file()) }
        let merged = try Self.merge(from: 1, records: 100).merge(inputs)
        #expect(merged.flatMap(Sample.errors) == [])
        #expect(try Sample.totals(merged) == Sample.totals(inputs))
        let traces = Self.traces(merged.filter { !$0.isAdvice })
        #expect(Set(traces).count == traces.count)
    }
}
