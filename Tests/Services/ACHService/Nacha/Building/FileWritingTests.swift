import Nacha
import Testing

@Suite struct FileWritingTests {
    private func file() throws -> NachaFile {
        try Made.file([Made.batch(Made.batchHeader(), [Made.entry(addenda: [.payment("X")])])])
            .closed()
    }

    /// The file's records as lines, without filler.
    private func lines(_ file: NachaFile) -> [String] {
        var records: [Record] = []
        if let header = file.header { records.append(header) }
        for batch in file.batches {
            records.append(batch.header)
            for entry in batch.entries {
                records.append(entry.record)
                records += entry.addenda.map(\.record)
            }
            if let control = batch.control { records.append(control) }
        }
        if let control = file.control { records.append(control) }
        return records.map(\.line)
    }

    private let nines = String(repeating: "9", count: 94)

    @Test func recordsStandInOrderAndFillerCompletesTheBlock() throws {
        let file = try file()
        let expected = lines(file) + [nines, nines, nines, nines]
        #expect(
            String(decoding: file.bytes, as: UTF8.self) == expected.joined(separator: "\n") + "\n"
        )
        #expect(lines(file).map(\.first) == ["1", "5", "6", "7", "8", "9"])
    }

    @Test(arguments: FileForm.LineEnd.allCases, [true, false])
    func lineEndsAreThoseOfTheForm(lineEnd: FileForm.LineEnd, endsWithLineEnd: Bool) throws {
        var file = try file()
        file.form = FileForm(
            lineEnd: lineEnd,
            endsWithLineEnd: endsWithLineEnd,
            hasByteOrderMark: true,
            fillerCount: 1
        )
        let text = (lines(file) + [nines]).joined(separator: lineEnd.rawValue)
        let expected =
            [0xEF, 0xBB, 0xBF] + Array(text.utf8) + (endsWithLineEnd ? lineEnd.bytes : [])
        #expect(file.bytes == expected)
    }

    @Test func oddLinesStandVerbatimAtTheirPlaces() throws {
        var file = try file()
        let short = Array("8225 SHORT\r\n".utf8)
        file.form = FileForm(
            fillerCount: 1,
            oddLines: [
                FileForm.OddLine(line: 1, bytes: [0x0A], holdsRecord: false),
                FileForm.OddLine(line: 3, bytes: [0x20, 0x0A], holdsRecord: false),
                FileForm.OddLine(line: 7, bytes: short, holdsRecord: true),
                FileForm.OddLine(line: 9, bytes: Array("999".utf8), holdsRecord: true),
                FileForm.OddLine(line: 10, bytes: [0x1A], holdsRecord: false),
            ]
        )
        let records = lines(file)
        let expected =
            "\n" + records[0] + "\n" + " \n" + records[1] + "\n" + records[2] + "\n" + records[3]
            + "\n" + "8225 SHORT\r\n" + records[5] + "\n" + "999" + "\u{1A}"
        #expect(String(decoding: file.bytes, as: UTF8.self) == expected)
    }

    @Test func nothingIsComputedWhereNothingIsClosed() throws {
        let batch = try Made.batch(Made.batchHeader(), [Made.entry()])
        let file = NachaFile(header: nil, batches: [batch], form: FileForm(fillerCount: 0))
        #expect(file.bytes.count == 2 * 95)
    }

    @Test func bytesAreAppended() throws {
        var output: [UInt8] = [1, 2, 3]
        let file = try file()
        file.write(to: &output)
        #expect(output == [1, 2, 3] + file.bytes)
    }
}
