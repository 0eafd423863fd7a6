import JSON
import Nacha
import Protocol
import Testing

@testable import BursarCommands

@Suite("bursar ach")
struct ACHTests {
    @Test(
        "Several results are named after the one that was asked for",
        arguments: [
            ("tuition.ach", "tuition-debits.ach"), ("out/tuition", "out/tuition-debits"),
            ("v1.2/tuition", "v1.2/tuition-debits"), (".ach", ".ach-debits"),
            ("a.b.ach", "a.b-debits.ach"),
        ]
    )
    func names(output: String, name: String) {
        #expect(TransformOutput.name(output, "debits") == name)
    }

    private func diagnostic() throws -> Diagnostic {
        var file = try SampleFile.make(SampleOptions(.ppd, entriesPerBatch: 1), seed: 1)
        let digit = file.batches[0].entries[0].record[12]
        file.batches[0].entries[0].record[12] = digit == 0x39 ? 0x30 : digit + 1
        let report = NachaFile.read(file.bytes, profile: .strict).report
        return try #require(report.diagnostics.first)
    }

    @Test("A diagnostic shows the rule, the masked record and a mark below the position")
    func text() throws {
        let diagnostic = try diagnostic()
        let record = try #require(diagnostic.record)
        let lines = DiagnosticText(reveal: false).lines(diagnostic)
        #expect(lines[0] == "error entryCheckDigit: line 3, position 12, would earn R28")
        #expect(lines[1] == "  3 | " + Masking.mask(record, .entry))
        #expect(lines[2] == "    | " + String(repeating: " ", count: 11) + "^")
        #expect(lines[3].contains("check digit"))
        #expect(lines[4] == "  Correct the routing number or its ninth digit.")
        #expect(!lines.joined().contains(record.trimmedText(13, 29)))
        #expect(DiagnosticText(reveal: true).lines(diagnostic)[1].contains(record.text(1, 94)))
    }

    @Test("The JSON of a report has the names that others rely on")
    func json() throws {
        var file = try SampleFile.make(SampleOptions(.ppd, entriesPerBatch: 1), seed: 1)
        file.batches[0].header.write("XYZ", 51, 53)
        let report = NachaFile.read(file.bytes, profile: .strict).report
        let document = DiagnosticJSON.document(report, file: nil, reveal: false)
        #expect(document["valid"] == .boolean(false))
        let node = try #require(document["diagnostics"]?.elements.first)
        guard case .object(let members) = node else {
            Issue.record("a diagnostic is no object")
            return
        }
        #expect(
            members.map(\.key) == [
                "rule", "severity", "line", "from", "to", "value", "message", "return_code",
            ]
        )
        #expect(node["rule"] == .string("batchEntryClass"))
        #expect(node["from"] == .number("51"))
        #expect(node["return_code"] == .null)
    }

    @Test("A bank's profile takes the rest from another; every fault of it is named")
    func profile() throws {
        let folder = try TemporaryFolder()
        let good = folder.path + "/bank.json"
        let text = #"{"name": "First", "base": "lenient", "rules": {"entryName": "warning"}}"#
        try folder.write(text, to: "bank.json")
        let profile = try ProfileFile.read(good)
        #expect(profile.name == "First")
        #expect(profile.severity(.entryName) == .warning)
        #expect(profile.severity(.lineShort) == .warning)
        #expect(profile.severity(.entryCheckDigit) == .error)

        let bad = folder.path + "/bad.json"
        try folder.write(
            #"{"base": "x", "rules": {"a": "off", "entryName": "no"}}"#,
            to: "bad.json"
        )
        let failure = #expect(throws: CommandFailure.self) { try ProfileFile.read(bad) }
        #expect(failure?.details.count == 3)
        #expect(failure?.status == .trouble)
    }
}
