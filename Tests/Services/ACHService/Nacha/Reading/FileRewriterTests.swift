import Nacha
import Testing

@Suite("Files written again while they are read")
struct FileRewriterTests {
    /// Reads in pieces of a size that cuts every record, and drains as a command does.
    private func rewrite(_ bytes: [UInt8], _ mode: FileRewriter.Mode) -> (FileReport, [UInt8]) {
        let rewriter = FileRewriter(mode)
        var out: [UInt8] = []
        var reader = FileReader(profile: .lenient) { rewriter.add($0, $1) }
        for start in stride(from: 0, to: bytes.count, by: 61) {
            reader.read(Array(bytes[start..<min(start + 61, bytes.count)]))
            out += rewriter.bytes
            rewriter.removeAll()
        }
        let report = reader.finish()
        rewriter.finish()
        return (report, out + rewriter.bytes)
    }

    private func sample(_ form: FileForm = FileForm()) throws -> [UInt8] {
        try SampleFile.make(SampleOptions(.ppd, entriesPerBatch: 3, form: form), seed: 1).bytes
    }

    @Test(
        "A valid file comes back to the byte, whatever its line ends",
        arguments: FileForm.LineEnd.allCases,
        [true, false]
    )
    func exact(lineEnd: FileForm.LineEnd, endsWithLineEnd: Bool) throws {
        let form = FileForm(lineEnd: lineEnd, endsWithLineEnd: endsWithLineEnd)
        let bytes = try sample(form)
        let (report, out) = rewrite(bytes, .exact)
        #expect(report.isValid)
        #expect(out == bytes)
        #expect(rewrite(bytes, .normal).1 == (try sample()))
    }

    @Test(
        "A byte-order mark, blank lines, short lines and missing filler come back, or are put right"
    )
    func oddities() throws {
        let normal = try sample()
        let lines = normal.split(separator: 10).map { Array($0) }
        var odd: [UInt8] = [0xEF, 0xBB, 0xBF]
        for line in lines where line.first != 0x39 || line[1] != 0x39 {
            let end = (line.lastIndex { $0 != 0x20 } ?? 0) + 1
            odd += line[..<end] + [13, 10] + (line.first == 0x38 ? [10] : [])
        }
        let (report, out) = rewrite(odd, .exact)
        #expect(report.isValid)
        #expect(report.warningCount > 3)
        #expect(out == odd)
        #expect(rewrite(odd, .normal).1 == normal)
    }
}
