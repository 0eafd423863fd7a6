import Nacha
import Testing

@Suite("Merging files")
struct MergeTests {
    private typealias Sample = TransformSample

    @Test("Files for one bank become one, batches with equal headers too")
    func joins() throws {
        let one = try Sample.file([Sample.debits(1...3)])
        let two = try Sample.file([
            Sample.debits(4...5), Sample.batch(.ccd, [Sample.entry(27, 5, 6, .ccd)]),
        ])
        let merged = try Merge().merge([one, two])
        #expect(merged.count == 1)
        #expect(merged[0].batches.map(\.entries.count) == [5, 1])
        #expect(merged[0].batches.map(\.number) == [1, 2])
        #expect(Sample.errors(merged[0]).isEmpty)
        #expect(Sample.census(merged) == Sample.census([one, two]))
    }

    @Test("Other origins and destinations stay apart, each with modifiers of its own")
    func keepsApart() throws {
        let files = [
            try Sample.file([Sample.debits(1...1)], modifier: "C"),
            try Sample.file([Sample.debits(2...2)], destination: 12_100_035),
            try Sample.file([Sample.debits(3...3)], origin: 6_100_010),
            try Sample.file([Sample.debits(4...4)], modifier: "D"),
        ]
        let merged = try Merge().merge(files)
        #expect(merged.map { $0.header?.text(34, 34) } == ["C", "D", "A"])
        #expect(merged.map { $0.batches[0].entries.count } == [2, 1, 1])
    }

    @Test("Entries ascend by trace number wherever they came from")
    func ascends() throws {
        let merged = try Merge().merge([
            Sample.file([Sample.debits(5...8)]), Sample.file([Sample.debits(1...4)]),
        ])
        #expect(merged[0].batches[0].entries.map(\.trace.last) == Array("12345678"))
    }

    @Test("A trace number that is taken goes to another batch with the same header")
    func separatesCollisions() throws {
        let files = [
            try Sample.file([Sample.debits(1...3)]), try Sample.file([Sample.debits(2...4, 7)]),
            try Sample.file([Sample.debits(3...3, 9)]),
        ]
        let merged = try Merge().merge(files)
        #expect(merged.count == 1)
        #expect(merged[0].batches.map(\.entries.count) == [4, 2, 1])
        #expect(Set(merged[0].batches.map { $0.header.text(1, 87) }).count == 1)
        #expect(Sample.errors(merged[0]).isEmpty)
        #expect(Sample.census(merged) == Sample.census(files))
    }

    @Test("A given moment goes into every header")
    func stampsHeaders() throws {
        let creation = FileCreation(date: Sample.day(2027, 1, 2), time: Sample.time(23, 59))
        let merged = try Merge(creation: creation).merge([Sample.file([Sample.debits(1...1)])])
        #expect(merged[0].header?.text(24, 33) == "2701022359")
        #expect(Sample.errors(merged[0]).isEmpty)
    }

    @Test("IAT batches are joined with all their addenda")
    func joinsInternational() throws {
        let files = try (1...2).map {
            try Sample.file([Sample.batch(.iat, [Sample.entry(22, 500, UInt32($0), .iat)])])
        }
        let merged = try Merge().merge(files)
        #expect(merged[0].batches.count == 1)
        #expect(merged[0].batches[0].entries.map(\.addenda.count) == [7, 7])
        #expect(Sample.errors(merged[0]).isEmpty)
    }

    @Test("ADV batches are joined in files of their own, sequences that collide apart")
    func separatesAdvices() throws {
        func advices(_ sequences: [UInt32], _ code: Int) throws -> NachaFile {
            try Sample.file([
                Sample.batch(.adv, try sequences.map { try Sample.entry(code, 9, $0, .adv) })
            ])
        }
        let files = [
            try advices([1, 3], 81), try Sample.file([Sample.debits(1...1)]),
            try advices([2, 3], 82),
        ]
        let merged = try Merge().merge(files)
        #expect(merged.map(\.isAdvice) == [true, false])
        #expect(merged[0].batches.map(\.entries.count) == [3, 1])
        #expect(merged.map { $0.header?.text(34, 34) } == ["A", "B"])
        #expect(merged.flatMap(Sample.errors) == [])
        #expect(Sample.census(merged) == Sample.census(files))
    }

    @Test("Operators' data of ADV controls keeps batches apart and is kept")
    func keepsOperatorData() throws {
        var files: [NachaFile] = []
        for (sequence, data) in [(UInt32(1), "ONE"), (2, "TWO")] {
            var file = try Sample.file([Sample.batch(.adv, [Sample.entry(81, 9, sequence, .adv)])])
            file.batches[0].control?.write(data, 61, 79)
            files.append(file)
        }
        let merged = try Merge().merge(files)
        #expect(merged[0].batches.map { $0.control?.trimmedText(61, 79) } == ["ONE", "TWO"])
    }

    @Test("Returns and forward entries stay in batches of their own")
    func keepsReturnsApart() throws {
        var answer = try Sample.entry(27, 1_000, 2)
        answer.record.write("26", 2, 3)
        answer.record.write("1", 79, 79)
        var addenda = Record(Array("799R01072000030000009".utf8))
        addenda.write("02100002", 28, 35)
        addenda.write(answer.trace, 80, 94)
        answer.addenda = [Addenda(record: addenda)]
        let files = [
            try Sample.file([Sample.debits(1...1)]),
            try Sample.file([Sample.batch(.ppd, [answer])]),
        ]
        let merged = try Merge().merge(files)
        #expect(merged[0].batches.count == 2)
        #expect(Sample.errors(merged[0]) == [])
    }

    @Test("A file without a header cannot be merged; nothing gives nothing")
    func wantsHeaders() throws {
        var file = try Sample.file([Sample.debits(1...1)])
        file.header = nil
        #expect(throws: TransformFault.headerMissing(file: 2)) {
            try Merge().merge([Sample.file([Sample.debits(1...1)]), file])
        }
        #expect(try Merge().merge([]).isEmpty)
    }

    @Test("Whatever is merged, nothing is lost and all results are valid", arguments: 1...60)
    func losesNothing(seed: Int) throws {
        var random = TransformRandom(seed: UInt64(seed))
        var files: [NachaFile] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let origin: UInt32 = Bool.random(using: &random) ? 7_200_003 : 6_100_010
            files.append(try random.file(origin: origin))
        }
        #expect(files.flatMap(Sample.errors) == [])
        let limits = try MergeLimits(
            records: Int.random(in: 30...200, using: &random),
            totalMinorUnits: UInt64.random(in: 3_000_000...90_000_000, using: &random)
        )
        let merged = try Merge(limits: limits).merge(files)
        #expect(merged.flatMap(Sample.errors) == [])
        #expect(Sample.census(merged) == Sample.census(files))
        let (before, after) = (try Sample.totals(files), try Sample.totals(merged))
        #expect(before == after)
        for file in merged {
            let totals = try Sample.totals([file])
            #expect(file.recordCount + file.fillerCount <= limits.records)
            #expect(totals.debitMinorUnits <= limits.totalMinorUnits)
            #expect(totals.creditMinorUnits <= limits.totalMinorUnits)
        }
        #expect(try Merge(limits: limits).merge(files).map(\.bytes) == merged.map(\.bytes))
    }
}
