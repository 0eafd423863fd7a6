@testable import Nacha
import Testing

@Suite("The log of diagnostics")
struct DiagnosticLogTests {
    /// A file of one batch with a fault of the same kind in many entries.
    private func report(
        _ count: Int,
        of entries: Int,
        limit: Int = 1_000,
        _ change: (inout NachaText, Int) -> Void
    ) throws -> FileReport {
        var options = SampleOptions.plain(.ppd)
        options.batchCount = 1
        options.entriesPerBatch = entries
        var text = try NachaText(options)
        for line in 3..<(3 + count) { change(&text, line) }
        var reader = FileReader(profile: .strict, diagnosticsPerRule: limit)
        reader.read(text.bytes)
        return reader.finish()
    }

    @Test("Of one rule the first diagnostics are kept and the rest are counted")
    func keptAndCounted() throws {
        let report = try report(500, of: 500, limit: 10) { $0.count($1, at: 12) }
        #expect(report.diagnostics.map(\.line) == Array(3...12))
        #expect(report.dropped == [.entryCheckDigit: 490])
        #expect(report.errorCount == 500)
    }

    @Test("A rule that fills its part leaves that of others alone")
    func eachRuleHasItsPart() throws {
        let report = try report(50, of: 60, limit: 5) {
            $0.count($1, at: 12)
            $0.fill(" ", $1, 55, 76)
        }
        #expect(report.diagnostics.filter { $0.rule == .entryName }.count == 5)
        #expect(report.dropped == [.entryCheckDigit: 45, .entryName: 45])
        #expect(report.errorCount == 100)
    }

    @Test("Faults that wait for the batch control are counted like all others")
    func heldFaultsAreCounted() throws {
        let report = try report(150, of: 400) { $0.count($1, at: 87) }
        #expect(report.errorCount == 150)
        #expect(report.diagnostics.allSatisfy { $0.rule == .entryTraceODFI })
    }

    @Test("Diagnostics stand in the order of their lines and positions")
    func order() throws {
        var text = try NachaText(.plain(.ppd))
        text.fill(" ", 4, 55, 76)
        text.count(4, at: 12)
        text.write("02", 1, at: 2)
        // Held until the control has come, and still in front.
        text.count(3, at: 87)
        #expect(
            text.report().diagnostics.map(\.rule)
                == [.fileHeaderPriorityCode, .entryTraceODFI, .entryCheckDigit, .entryName]
        )
    }

    @Test("Each diagnostic says whom its value tells something about")
    func privacy() throws {
        var text = try NachaText(.plain(.ppd))
        text.fill("0", 3, 13, 29)
        text.fill(" ", 4, 55, 76)
        text.count(7, at: 12)
        let found = text.report().diagnostics
        #expect(found.map(\.privacy) == [.account, .name, .open])
        #expect(
            found.map(\.value) == [
                String(repeating: "0", count: 17), String(repeating: " ", count: 22),
                text.text(7, 12, 12),
            ]
        )
        #expect(found.map(\.returnCode) == ["R04", "R26", "R28"])
    }
}
