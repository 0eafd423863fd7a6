import Nacha
import Testing

@Suite("Transformations of every class and every answer")
struct EveryClassTests {
    private typealias Sample = TransformSample

    /// A class and what answers its entries.
    struct Kind: Sendable, CustomStringConvertible {
        let entryClass: StandardEntryClass
        let answer: SampleOptions.Answer?

        var description: String { "\(entryClass.rawValue) \(answer?.rawValue ?? "forward")" }

        /// All that samples exist of.
        static let all = StandardEntryClass.allCases.flatMap { entryClass in
            ([nil] + SampleOptions.answers(to: entryClass)).map {
                Kind(entryClass: entryClass, answer: $0)
            }
        }
    }

    /// Three files whose trace numbers collide; the second is the first with other entries.
    private static func files(_ kind: Kind) throws -> [NachaFile] {
        let options = SampleOptions(
            kind.entryClass,
            answer: kind.answer,
            batchCount: 3,
            entriesPerBatch: 7,
            addenda: .all,
            hasPrenotes: true,
            hasZeroDollarEntries: true
        )
        var files = try (1...3).map { try SampleFile.make(options, seed: UInt64($0)) }
        files[1].header = files[0].header
        for index in files[1].batches.indices {
            let odfi = files[1].batches[index].odfi
            files[1].batches[index].header = files[0].batches[index].header
            guard kind.entryClass != .adv, odfi != files[0].batches[index].odfi else { continue }
            let own = UInt32(files[0].batches[index].header.number(80, 87))
            files[1].batches[index].entries = try files[1].batches[index].entries.map { entry in
                try Self.entry(entry, under: own)
            }
        }
        files[1] = try files[1].closed()
        return files
    }

    /// The entry with the trace number of another bank, its addenda too.
    private static func entry(_ entry: EntryDetail, under odfi: UInt32) throws -> EntryDetail {
        var entry = entry
        entry.record.write(odfi, 80, 87)
        for index in entry.addenda.indices {
            let kind = entry.addenda[index].kind
            let hasTrace = kind.layout?.fields.contains { $0.name == "trace_number" } ?? false
            if hasTrace { entry.addenda[index].record.write(odfi, 80, 87) }
        }
        return entry
    }

    @Test("Merging loses nothing and gives valid files", arguments: Kind.all)
    func merges(kind: Kind) throws {
        let files = try Self.files(kind)
        #expect(files.flatMap(Sample.errors) == [])
        let limits = try MergeLimits(records: 100)
        let merged = try Merge(limits: limits).merge(files)
        #expect(merged.flatMap(Sample.errors) == [])
        #expect(Sample.census(merged) == Sample.census(files))
    }

    @Test("Flattening loses nothing and is no difference in meaning", arguments: Kind.all)
    func flattens(kind: Kind) throws {
        var file = try Self.files(kind)[0]
        file.batches += try Self.files(kind)[1].batches
        file = try file.closed()
        let flat = try file.flattened()
        #expect(Sample.errors(flat) == [])
        #expect(Sample.census([flat]) == Sample.census([file]))
        #expect(FileComparison(old: file, new: flat).isSame)
    }

    @Test("Splitting loses nothing and gives valid files", arguments: Kind.all)
    func splits(kind: Kind) throws {
        let file = try Self.files(kind)[0]
        let split = try file.splitBySide()
        #expect(split.all.flatMap(Sample.errors) == [])
        #expect(Sample.census(split.all) == Sample.census([file]))
    }

    @Test("Reversing gives a valid file, or says that nothing can be reversed", arguments: Kind.all)
    func reverses(kind: Kind) throws {
        let file = try Self.files(kind)[0]
        var reversal = Reversal(
            effectiveEntryDate: Sample.day(2026, 6, 22),
            creation: Sample.creation,
            modifier: .first
        )
        reversal.skipsIrreversible = true
        let takesReversal =
            kind.answer == nil && kind.entryClass != .adv && kind.entryClass != .cie
            && !kind.entryClass.isAlwaysZero
        guard takesReversal else {
            #expect(throws: TransformFault.nothingToReverse) { try reversal.reverse(file) }
            return
        }
        let outcome = try reversal.reverse(file)
        #expect(Sample.errors(outcome.file) == [])
        let (before, after) = (try Sample.totals([file]), try Sample.totals([outcome.file]))
        #expect(before.debitMinorUnits == after.creditMinorUnits)
        #expect(before.creditMinorUnits == after.debitMinorUnits)
    }
}
