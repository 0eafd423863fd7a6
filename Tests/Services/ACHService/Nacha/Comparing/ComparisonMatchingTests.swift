import Nacha
import Testing

@Suite("Telling which batch and which entry is which")
struct ComparisonMatchingTests {
    private typealias Sample = TransformSample

    @Test("An entry put in front, all trace numbers after it moved, is one addition")
    func followsMovedTraces() throws {
        let accounts = (1...6).map { "ACCOUNT \($0)" }
        let file = try Sample.file([
            Sample.batch(
                .ppd,
                accounts.enumerated().map {
                    try Sample.entry(27, 100, UInt32($0 + 1), account: $1, addenda: [.payment("A")])
                }
            )
        ])
        let other = try Sample.file([
            Sample.batch(
                .ppd,
                (["NEW"] + accounts).enumerated().map {
                    try Sample.entry(27, 100, UInt32($0 + 1), account: $1, addenda: [.payment("A")])
                }
            )
        ])
        let comparison = FileComparison(old: file, new: other)
        #expect(comparison.differences.filter { $0.change == .added }.count == 1)
        #expect(
            ComparisonSample.meanings(comparison).filter { $0.contains("trace_number") }.count == 6
        )
        #expect(comparison.counts[.meaning] == 7)
        // The copies in the addenda follow, and so do the totals.
        #expect(
            comparison.differences.filter { $0.subject == .addenda }.map(\.weight)
                == Array(repeating: .consequence, count: 6)
        )
    }

    @Test("Two amounts that changed are not told as entries that moved")
    func prefersTraceNumbers() throws {
        func file(_ amounts: [UInt64]) throws -> NachaFile {
            try Sample.file([
                Sample.batch(
                    .ppd,
                    amounts.enumerated().map { try Sample.entry(27, $1, UInt32($0 + 1)) }
                )
            ])
        }
        let comparison = FileComparison(old: try file([10, 20]), new: try file([20, 30]))
        #expect(
            ComparisonSample.meanings(comparison) == [
                "entry amount_minor_units 0000000010>0000000020 3:3",
                "entry amount_minor_units 0000000020>0000000030 4:4",
            ]
        )
    }

    @Test("An entry that went to another company is a difference, under the same header order")
    func tellsMovesBetweenBatches() throws {
        let file = try ComparisonSample.sample()
        var other = file
        let moved = other.batches[0].entries.remove(at: 0)
        other.batches.append(try Sample.batch(.ppd, [moved]))
        #expect(FileComparison(old: file, new: try other.closed()).isSame)
        other.batches[2] = try Sample.batch(.ppd, company: "TOWN", [moved])
        let comparison = FileComparison(old: file, new: try other.closed())
        #expect(ComparisonSample.meanings(comparison) == ["entry moved 3:12", "batch added -:11"])
    }

    @Test("A batch is known by its entries where its company changed")
    func followsChangedCompanies() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.batches[1].header.write("9999999999", 41, 50)
        let comparison = FileComparison(old: file, new: try other.closed())
        #expect(
            ComparisonSample.meanings(comparison) == [
                "batch company_identification 1123456789>9999999999 8:8"
            ]
        )
    }

    @Test("A batch is known by its description where number and entries changed")
    func followsDescriptions() throws {
        func batch(_ description: String, _ company: String, _ account: Int) throws -> NachaBatch {
            let entry = try Sample.entry(27, 1, UInt32(account), account: "\(account)")
            return try Sample.batch(.ppd, company: company, description: description, [entry])
        }
        let old = try Sample.file([batch("RENT", "A", 1), batch("WATER", "A", 2)])
        let new = try Sample.file([batch("WATER", "B", 3), batch("RENT", "B", 4)])
        let meanings = ComparisonSample.meanings(FileComparison(old: old, new: new))
        #expect(meanings.filter { $0.contains("company_name") }.count == 2)
        #expect(!meanings.contains { $0.contains("company_entry_description") })
    }

    @Test("The same payments in two batches stay in theirs when trace numbers move")
    func keepsPaymentsInTheirBatch() throws {
        func batch(_ company: String, _ sequence: UInt32) throws -> NachaBatch {
            try Sample.batch(.ppd, company: company, [Sample.entry(27, 1, sequence)])
        }
        let old = try Sample.file([batch("A", 1), batch("B", 2)])
        let new = try Sample.file([batch("B", 3), batch("A", 4)])
        let meanings = ComparisonSample.meanings(FileComparison(old: old, new: new))
        #expect(meanings.count == 2)
        #expect(meanings.allSatisfy { $0.contains("trace_number") })
    }
}
