import Nacha
import NachaJSON
import Testing

@Suite("A file comes back from its document to the byte")
struct RoundTripTests {
    @Test("A sample of every class and answer", arguments: Documents.samples)
    func everyClass(options: SampleOptions) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let file = try SampleFile.make(options, seed: seed)
            let written = Documents.streamed(file.bytes)
            #expect(written.refusal == nil)
            #expect(file.json(isMasked: false) == written.json)
            #expect(try NachaFile(json: written.json).bytes == file.bytes)
        }
    }

    @Test("Every form of line ends and filler")
    func everyForm() throws {
        for lineEnd in FileForm.LineEnd.allCases {
            for (endsWithLineEnd, hasMark) in [(true, false), (false, false), (true, true)] {
                for filler in [nil, 0, 3, 25] as [Int?] {
                    var file = try SampleFile.make(SampleOptions(.ppd), seed: 1)
                    file.form = FileForm(
                        lineEnd: lineEnd,
                        endsWithLineEnd: endsWithLineEnd,
                        hasByteOrderMark: hasMark,
                        fillerCount: filler
                    )
                    try expectRoundTrip(file.bytes)
                }
            }
        }
    }

    @Test(
        "Lines that are not just their record and the usual line end",
        arguments: [
            ("\n", "\r\n"), ("\n", "\n\n"), ("\n", "   \n"), ("\n", " \t\n"), (" \n", "\n"),
            ("   ", ""), ("1\n", "12\n"), ("SAMPLE", "S\u{E9}MPLE"), ("9999999\n", "99\n"),
            ("\n9", "\n\n9"), ("9\n", "8\n"),
        ]
    )
    func oddLines(part: String, other: String) throws {
        let text = try Documents.sample()
        try expectRoundTrip(Array(text.changing(part, to: other).utf8))
        let reversed = text.split(separator: part, omittingEmptySubsequences: false)
        try expectRoundTrip(Array(reversed.joined(separator: other).utf8))
    }

    @Test("A file without its header, its controls, its batches")
    func missingRecords() throws {
        let lines = try Documents.sample().split(separator: "\n")
        for first in ["1", "8", "9", "5"] {
            let kept = lines.filter { !$0.hasPrefix(first) }
            try expectRoundTrip(Array(kept.joined(separator: "\n").utf8))
        }
        try expectRoundTrip(Array(lines.prefix(1).joined().utf8))
    }

    @Test("Fields with letters for digits, reserved areas that are not blank, bytes of any value")
    func records() throws {
        let bytes = Array(try Documents.sample().utf8)
        for value in [0, 7, 0x22, 0x5C, 0x7F, 0x80, 0xFF, 0x41, 0x20] as [UInt8] {
            for position in 1..<94 {
                for line in 0..<4 {
                    var changed = bytes
                    changed[line * 95 + position] = value
                    try expectRoundTrip(changed)
                }
            }
        }
    }

    @Test("Filler in the wrong place and with other characters is kept as it is")
    func strayFiller() throws {
        let text = try Documents.sample()
        let nines = String(repeating: "9", count: 94)
        for place in ["\n5", "\n6", "\n8"] {
            let changed = text.changing(place, to: "\n" + nines + "\n\n" + nines + place)
            let written = Documents.streamed(Array(changed.utf8))
            #expect(try NachaFile(json: written.json).bytes == Array(changed.utf8))
        }
    }

    @Test("A record out of place is kept, and refused")
    func misplacedRecord() throws {
        let text = try Documents.sample()
        let addenda = try #require(text.split(separator: "\n").first { $0.hasPrefix("7") })
        let changed = text.changing("\n5", to: "\n" + addenda + "\n5")
        let written = Documents.streamed(Array(changed.utf8))
        #expect(written.refusal == .recordIsMisplaced(line: 2))
        #expect(try NachaFile(json: written.json).bytes == Array(changed.utf8))
    }

    @Test("A document from which the file does not come back says so")
    func refusals() throws {
        let options = SampleOptions(.ppd, form: FileForm(lineEnd: .none))
        let bytes = try SampleFile.make(options, seed: 1).bytes
        #expect(Documents.streamed(bytes).refusal == nil)
        #expect(Documents.streamed(bytes + [0x39]).refusal == .lengthIsNoMultiple)
        #expect(Documents.streamed([]).refusal == .fileIsEmpty)
        #expect(Documents.streamed(Array("no Nacha file".utf8)).refusal == .fileIsEmpty)
        let long = try Documents.sample() + String(repeating: "9", count: 5_000) + "\n"
        let lines = long.utf8.split(separator: 0x0A).count
        #expect(Documents.streamed(Array(long.utf8)).refusal == .lineIsTooLong(line: lines))
        let writer = DocumentWriter(isMasked: false, oddLineBytes: 1_000)
        var reader = FileReader(profile: .lenient) { writer.add($0, $1) }
        reader.read(Array(try Documents.sample().utf8))
        reader.read(Array(repeating: 0x0A, count: 1_000))
        writer.finish(reader.finish())
        #expect(writer.refusal == .oddLinesAreTooMany(limit: 1_000))
    }

    @Test("Random changes to bytes and lines", arguments: 0..<40 as Range<UInt64>)
    func mutations(seed: UInt64) throws {
        var mutator = Mutator(seed: seed)
        let options = mutator.pick(Documents.samples)
        let file = try SampleFile.make(options, seed: seed)
        for _ in 0..<25 { try expectRoundTrip(mutator.mutated(file.bytes)) }
    }

    /// A file that assembles comes back; chunks and the way of writing make no difference.
    private func expectRoundTrip(_ bytes: [UInt8]) throws {
        guard let file = NachaFile.read(bytes, profile: .lenient).file else { return }
        let written = Documents.streamed(bytes)
        #expect(Documents.streamed(bytes, chunk: 61).json == written.json)
        let rules = Set(written.report.diagnostics.map(\.rule))
        // The assembler keeps of filler only how much there is.
        let isFillerUsual = rules.isDisjoint(with: [.fileFillerMisplaced, .fileFillerContent])
        if isFillerUsual, written.refusal == nil, file.bytes == bytes {
            #expect(file.json(isMasked: false) == written.json)
        }
        // A return that is all that ends the last line is not seen by the reader.
        if bytes.last == 0x0D, written.report.form.lineEnd != .carriageReturn { return }
        switch written.refusal {
        case .lineIsTooLong, .lengthIsNoMultiple, .oddLinesAreTooMany: return
        case .fileIsEmpty, .recordIsMisplaced, nil: break
        }
        #expect(try NachaFile(json: written.json).bytes == bytes)
    }
}
