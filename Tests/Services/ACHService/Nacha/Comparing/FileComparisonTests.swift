import Nacha
import Testing

@Suite("Comparing two files by meaning")
struct FileComparisonTests {
    private typealias Sample = TransformSample

    @Test("A file is the same as itself in whatever form it was written")
    func ignoresForm() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.form = FileForm(lineEnd: .carriageReturnLineFeed, fillerCount: 0)
        other.control?.write(9, 8, 13)
        let comparison = FileComparison(old: file, new: other)
        #expect(comparison.differences.isEmpty)
        #expect(comparison.isSame)
        #expect(comparison.oldTotals == comparison.newTotals)
        #expect(comparison.oldTotals.entries == 5)
        #expect(comparison.oldTotals.addenda == 1)
        #expect(comparison.oldTotals.debitMinorUnits == 600)
        #expect(comparison.oldTotals.creditMinorUnits == 900)
    }

    @Test("A changed amount is one difference; the totals that follow are consequences")
    func tellsAmounts() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.batches[0].entries[1].record.write(250, 30, 39)
        let comparison = FileComparison(old: file, new: try other.closed())
        #expect(
            ComparisonSample.meanings(comparison) == [
                "entry amount_minor_units 0000000200>0000000250 4:4"
            ]
        )
        #expect(
            comparison.differences.filter { $0.weight == .consequence }.map(\.subject)
                == [.batchControl, .fileControl]
        )
        #expect(comparison.newTotals.debitMinorUnits == 650)
        #expect(!comparison.isSame)
    }

    @Test("A control that the entries do not explain is a difference")
    func tellsControls() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.batches[0].control?.write(1, 11, 20)
        other.batches[1].control?.write("SEAL", 55, 73)
        other.control?.write(7, 14, 21)
        let comparison = FileComparison(old: file, new: other)
        #expect(
            comparison.differences.map { "\($0.subject) \($0.weight)" }
                == ["batchControl meaning", "batchControl meaning", "fileControl meaning"]
        )
        #expect(comparison.differences.map { $0.new?.line } == [7, 11, 12])
    }

    @Test("An altered account number is told with its privacy, whatever the totals say")
    func tellsAccounts() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.batches[0].entries[1].record.write("666", 13, 29)
        let comparison = FileComparison(old: file, new: other)
        let change = try #require(comparison.differences.first?.change)
        guard case .changed(let field) = change else {
            Issue.record("not a changed field")
            return
        }
        #expect(comparison.differences.count == 1)
        #expect(field.field == "account_number")
        #expect(field.privacy == .account)
        #expect(comparison.differences[0].old?.trace == "072000030000002")
    }

    @Test("Header fields are told one by one, a batch number as order")
    func tellsHeaders() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.header?.write("B", 34, 34)
        other.batches[1].header.write("RENT", 54, 63)
        other.batches[1].header.write(9, 88, 94)
        let comparison = FileComparison(old: file, new: other)
        #expect(
            ComparisonSample.meanings(comparison) == [
                "fileHeader file_id_modifier A>B 1:1",
                "batch company_entry_description TUITION   >RENT       8:8",
            ]
        )
        #expect(comparison.counts[.order] == 1)
    }

    @Test("Another order of batches and entries is told and is no difference")
    func tellsOrder() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.batches.reverse()
        other.batches[0].entries.reverse()
        let comparison = FileComparison(old: file, new: try other.closed())
        #expect(comparison.isSame)
        let moved = comparison.differences.filter { $0.change == .moved }
        #expect(moved.map { "\($0.subject) \($0.weight)" } == ["batch order", "entry order"])
        #expect(comparison.counts[.consequence] == nil)
    }

    @Test("Entries and batches on one side alone are told")
    func tellsAdditions() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.batches[0].entries.remove(at: 0)
        other.batches[1] = try Sample.batch(.web, company: "NEW", [Sample.entry(27, 9, 6, .web)])
        other = try other.closed()
        let comparison = FileComparison(old: file, new: other)
        #expect(
            ComparisonSample.meanings(comparison) == [
                "entry removed 3:-", "batch added -:7", "batch removed 8:-",
            ]
        )
        #expect(
            comparison.differences
                .filter { $0.subject == .entry && $0.weight == .consequence }.map(
                    ComparisonSample.short
                )
                == ["entry added -:8", "entry removed 9:-", "entry removed 10:-"]
        )
    }

    @Test("Addenda put in, taken out and changed are told as that")
    func tellsAddenda() throws {
        func file(_ lines: [String]) throws -> NachaFile {
            try Sample.file([
                Sample.batch(
                    .ctx,
                    [Sample.entry(27, 1, 1, .ctx, addenda: lines.map { .payment($0) })]
                )
            ])
        }
        let old = try file(["A", "B", "C"])
        func changes(_ lines: [String]) throws -> [String] {
            FileComparison(old: old, new: try file(lines)).differences
                .filter { $0.subject == .addenda && $0.weight == .meaning }
                .map { ComparisonSample.short($0).replacing(" ", with: "") }
        }
        #expect(try changes(["NEW", "A", "B", "C"]) == ["addendaadded-:4"])
        #expect(try changes(["A", "C"]) == ["addendaremoved5:-"])
        #expect(try changes(["A", "X", "C"]) == ["addendapayment_related_informationB>X5:5"])
        #expect(try changes(["A", "B", "C"]) == [])
    }

    @Test("Headers and controls that are missing are told; blank lines shift what follows")
    func tellsMissingRecords() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.header = nil
        other.control = nil
        other.batches[0].control = nil
        other.batches[1].entries[0].record.write(401, 30, 39)
        other.form.oddLines = [
            FileForm.OddLine(line: 1, bytes: [0x0A], holdsRecord: false),
            FileForm.OddLine(line: 4, bytes: [0x0A], holdsRecord: false),
        ]
        #expect(
            ComparisonSample.meanings(FileComparison(old: file, new: other)) == [
                "fileHeader removed 1:-", "batchControl removed 7:-",
                "entry amount_minor_units 0000000400>0000000401 9:9", "fileControl removed 12:-",
            ]
        )
    }

    @Test("Advices are compared in their own form")
    func comparesAdvices() throws {
        let file = try Sample.file([Sample.batch(.adv, [Sample.entry(81, 9, 1, .adv)])])
        var other = file
        other.batches[0].entries[0].record.write(8, 28, 39)
        let comparison = FileComparison(old: file, new: try other.closed())
        #expect(
            ComparisonSample.meanings(comparison) == [
                "entry amount_minor_units 000000000009>000000000008 3:3"
            ]
        )
        #expect(comparison.newTotals.creditMinorUnits == 8)
    }

    @Test("The record right behind a blank line stands a line later")
    func countsBlankLines() throws {
        let file = try ComparisonSample.sample()
        var other = file
        other.header?.write("B", 34, 34)
        other.form.oddLines = [FileForm.OddLine(line: 1, bytes: [0x0A], holdsRecord: false)]
        let meanings = ComparisonSample.meanings(FileComparison(old: file, new: other))
        #expect(meanings == ["fileHeader file_id_modifier A>B 1:2"])
    }

    @Test("A limit keeps the first differences and counts the rest")
    func keepsToTheLimit() throws {
        let entries = try (1...20).map { try Sample.entry(27, 1, $0) }
        let file = try Sample.file([Sample.batch(.ppd, entries)])
        var other = file
        for index in 0..<20 { other.batches[0].entries[index].record.write(2, 30, 39) }
        let comparison = FileComparison(old: file, new: other, limit: 5)
        #expect(comparison.differences.count == 5)
        #expect(comparison.counts[.meaning] == 20)
    }

    @Test("What merging and flattening leave is the same in meaning", arguments: 1...40)
    func findsTransformationsTheSame(seed: Int) throws {
        var random = TransformRandom(seed: UInt64(seed))
        let file = try random.file()
        #expect(
            ComparisonSample.meanings(FileComparison(old: file, new: try file.flattened())) == []
        )
        #expect(
            ComparisonSample.meanings(FileComparison(old: try file.flattened(), new: file)) == []
        )
    }

    @Test("One changed digit anywhere is found, once", arguments: 1...60)
    func findsOneDigit(seed: Int) throws {
        var random = TransformRandom(seed: UInt64(seed))
        let file = try random.file()
        var other = file
        let batch = Int.random(in: 0..<file.batches.count, using: &random)
        let entry = Int.random(in: 0..<file.batches[batch].entries.count, using: &random)
        let position = Int.random(in: 30...39, using: &random)
        let digit = other.batches[batch].entries[entry].record[position]
        other.batches[batch].entries[entry].record[position] = digit == 0x39 ? 0x30 : digit + 1
        let comparison = FileComparison(old: file, new: other)
        #expect(comparison.counts[.meaning] == 1)
        #expect(comparison.differences.map(\.subject) == [.entry])
        #expect(
            comparison.differences.first?.old?.trace == file.batches[batch].entries[entry].trace
        )
    }
}
