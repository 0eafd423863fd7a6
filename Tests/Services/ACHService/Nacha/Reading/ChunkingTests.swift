@testable import Nacha
import Testing

@Suite("Bytes in chunks")
struct ChunkingTests {
    static let sizes = [1, 7, 93, 94, 95, 96, 4_096]

    /// Every way of ending lines, and some without an end behind the last one.
    static func forms(of text: NachaText) -> [NachaText] {
        let forms: [(FileForm.LineEnd, Bool)] = [
            (.lineFeed, true), (.lineFeed, false), (.carriageReturnLineFeed, true),
            (.carriageReturnLineFeed, false), (.carriageReturn, true), (.none, false),
        ]
        return forms.map { lineEnd, endsWithLineEnd in
            var text = text
            text.lineEnd = lineEnd
            text.endsWithLineEnd = endsWithLineEnd
            return text
        }
    }

    @Test("A valid file is valid in every form and any chunks", arguments: SampleOptions.everyClass)
    func validFiles(_ options: SampleOptions) throws {
        let text = try NachaText(options)
        let usual = text.report()
        for form in Self.forms(of: text) {
            let whole = form.report()
            #expect(whole.places == [])
            #expect(whole.form.lineEnd == form.lineEnd)
            #expect(whole.form.endsWithLineEnd == form.endsWithLineEnd)
            #expect(whole.totals == usual.totals)
            for size in Self.sizes {
                let report = FileReport(of: form.bytes, chunk: size)
                let isSame = report.isSame(as: whole)
                #expect(isSame, "\(form.lineEnd) in chunks of \(size)")
            }
        }
    }

    @Test("A file gives the same report wherever it is split in two", arguments: OddFile.small)
    func everySplit(_ file: OddFile) throws {
        for form in Self.forms(of: try file.text()) {
            let bytes = form.bytes
            let whole = FileReport(of: bytes)
            for position in 0...bytes.count {
                let report = FileReport(of: bytes, splitAt: position)
                if report.isSame(as: whole) { continue }
                Issue.record("\(form.lineEnd) at \(position): \(report.places), \(whole.places)")
                break
            }
        }
    }

    @Test("An odd file gives the same report in chunks of any size", arguments: OddFile.all)
    func oddFiles(_ file: OddFile) throws {
        for form in Self.forms(of: try file.text()) {
            let whole = FileReport(of: form.bytes)
            for size in Self.sizes {
                let report = FileReport(of: form.bytes, chunk: size)
                if report.isSame(as: whole) { continue }
                Issue.record("\(form.lineEnd), \(size): \(report.places), \(whole.places)")
            }
        }
    }

    @Test("A line end behind records without any ends the file", arguments: ["\n", "\r\n", "\r"])
    func endOfUnbrokenFile(_ end: String) throws {
        var text = try NachaText(.plain(.ppd))
        text.lineEnd = .none
        let bytes = text.bytes + end.utf8
        #expect(FileReport(of: bytes).places == [])
        for size in Self.sizes { #expect(FileReport(of: bytes, chunk: size).places == []) }
    }

    @Test("Lines that end differently are read as lines, and nothing is said of it")
    func mixedLineEnds() throws {
        let text = try NachaText(.plain(.ppd))
        var bytes: [UInt8] = []
        for (index, line) in text.lines.enumerated() {
            bytes += line + (index % 2 == 0 ? "\n" : "\r\n").utf8
        }
        for size in Self.sizes { #expect(FileReport(of: bytes, chunk: size).places == []) }
    }
}

/// Files that are hard to cut into lines.
struct OddFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout NachaText) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout NachaText) -> Void) {
        testDescription = name
        self.change = change
    }

    func text() throws -> NachaText {
        var options = SampleOptions.withFiller
        options.batchCount = 1
        var text = try NachaText(options)
        // One record of filler, not five: tests read it many thousand times.
        text.lines.removeLast(4)
        change(&text)
        return text
    }

    static let small = [
        OddFile("as it is") { _ in },
        OddFile("faults in many lines") {
            $0.count(3, at: 12)
            $0.lines[3] += [0x20]
            $0.lines[1][40] = 0xC3
            $0.insert([], at: 5)
            $0.lines[5].removeLast()
        },
        OddFile("two records in the first line") { $0.lines[0] += $0.lines.remove(at: 1) },
        OddFile("a byte-order mark") { $0.lines[0] = [0xEF, 0xBB, 0xBF] + $0.lines[0] },
    ]

    static let all =
        small + [
            OddFile("nothing") { $0.lines = [] },
            OddFile("one character") { $0.lines = [[0x31]] },
            OddFile("a byte-order mark alone") { $0.lines = [[0xEF, 0xBB, 0xBF]] },
            OddFile("empty lines") { $0.lines = [[], [], []] },
            OddFile("carriage returns inside a line") { $0.write("\r\r", 3, at: 50) },
            OddFile("a first line of 4,095 characters") {
                $0.lines[0] += repeatElement(0x31, count: 4_001)
            },
            OddFile("a first line of many records") {
                $0.lines[0] = Array(repeatElement($0.lines[0], count: 60).joined())
            },
            OddFile("a line of 9,000 characters") {
                $0.lines[3] += repeatElement(0x58, count: 8_906)
            },
            OddFile("a line of 5,000 blanks behind its record") {
                $0.lines[3] += repeatElement(0x20, count: 5_000)
            },
            OddFile("characters of several bytes") {
                $0.lines[2].replaceSubrange(60..<62, with: "ÉŁ".utf8)
            },
        ]
}

extension FileReport {
    /// What a reader says of bytes that it is given in two parts.
    init(of bytes: [UInt8], splitAt position: Int) {
        var reader = FileReader(profile: .strict)
        bytes.withUnsafeBytes { bytes in
            reader.read(UnsafeRawBufferPointer(rebasing: bytes[..<position]))
            reader.read(UnsafeRawBufferPointer(rebasing: bytes[position...]))
        }
        self = reader.finish()
    }

    /// What was counted, in one line.
    var totals: [UInt64] {
        [records, batches, entries, addenda].map(UInt64.init) + [debitMinorUnits, creditMinorUnits]
    }

    func isSame(as other: FileReport) -> Bool {
        diagnostics == other.diagnostics && dropped == other.dropped && totals == other.totals
            && form == other.form && errorCount == other.errorCount
            && warningCount == other.warningCount
    }
}
