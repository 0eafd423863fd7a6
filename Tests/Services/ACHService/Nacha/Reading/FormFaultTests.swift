@testable import Nacha
import Testing

/// Row F-06 of the catalogue of faults.
@Suite("Faults of the form of files")
struct FormFaultTests {
    @Test(
        "F-06: a line of another length than 94 is refused",
        arguments: [1, 2, 50, 93, 95, 188, 5_000]
    )
    func lineLengths(_ length: Int) throws {
        var text = try NachaText(.plain(.ppd))
        let line = text.lines[2] + repeatElement(UInt8(ascii: "X"), count: 5_000)
        text.lines[2] = Array(line.prefix(length))
        let report = text.report()
        #expect(report.places.count == 1)
        let isShort = length < 94
        #expect(report.diagnostics.first?.rule == (isShort ? .lineShort : .lineLong))
        #expect(report.diagnostics.first?.line == 3)
    }

    @Test("F-06: files with CR LF and LF mixed are read, and written again to the byte")
    func mixedLineEnds() throws {
        let text = try NachaText(.withFiller)
        var bytes: [UInt8] = []
        for (index, line) in text.lines.enumerated() {
            bytes += line + (index % 3 == 0 ? "\r\n" : "\n").utf8
        }
        let (file, report) = NachaFile.read(bytes, profile: .strict)
        #expect(report.places == [])
        #expect(try #require(file).bytes == bytes)
    }

    @Test("F-06: a file is filled to blocks of ten records", arguments: 0...12)
    func blocking(_ fillers: Int) throws {
        var text = try NachaText(.withFiller)
        text.lines.removeLast(2)
        text.lines += repeatElement(NachaText.filler, count: fillers)
        let expected: [String] =
            switch fillers {
            case 2: []
            case 0...1: ["fileBlocking error \(8 + fillers):1-94"]
            default: ["fileFillerSurplus error 11:1-94"]
            }
        #expect(text.report().places == expected)
    }

    @Test(
        "F-06: letters beyond ASCII are refused where they stand, small ones are not",
        arguments: [
            ("José Núñez", 58), ("Łukasz", 55), ("李小龍", 55), ("ANN\u{202E}A", 58),
            ("e\u{301}", 56), ("jane doe", nil),
        ]
    )
    func names(_ name: String, _ position: Int?) throws {
        var text = try NachaText(.plain(.ppd))
        let scalars = name.unicodeScalars.count
        text.lines[2].replaceSubrange(54..<(54 + scalars), with: name.utf8)
        let expected = position.map { ["recordCharacter error 3:\($0)-\($0)"] } ?? []
        #expect(text.report().places == expected)
    }

    @Test(
        "F-06: words that must be in capitals are",
        arguments: [(51, "ppd"), (54, "Reversal  "), (54, "no check  "), (54, "hcclaimpmt")]
    )
    func capitals(_ position: Int, _ word: String) throws {
        var text = try NachaText(.plain(.ppd))
        text.write(word, 2, at: position)
        #expect(text.report().errors.map(\.from) == [position])
    }
}
