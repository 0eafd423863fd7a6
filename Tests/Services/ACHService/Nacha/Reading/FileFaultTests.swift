@testable import Nacha
import Testing

/// Rows of the catalogue of faults that concern files, as far as reading one can answer them.
///
/// What needs a memory of other files (F-03, duplicates over days) is not here: a reader knows one.
@Suite("Faults of files")
struct FileFaultTests {
    // MARK: F-01, control totals

    @Test("F-01: an independent count gives every total of a file", arguments: MutatedSample.all)
    func totalsAgree(_ sample: MutatedSample) throws {
        let text = try NachaText(sample.options)
        #expect(text.resealed() == text)
        let report = text.report()
        let control = text.lines.lastIndex { $0 != NachaText.filler }.map { $0 + 1 } ?? 0
        let isAdvice = sample.options.entryClass == .adv
        #expect(report.batches == text.number(control, 2, 7))
        #expect((report.records + 9) / 10 == text.number(control, 8, 13))
        #expect(report.entries + report.addenda == text.number(control, 14, 21))
        #expect(Int(report.debitMinorUnits) == text.number(control, 32, isAdvice ? 51 : 43))
        let credits = isAdvice ? text.number(control, 52, 71) : text.number(control, 44, 55)
        #expect(Int(report.creditMinorUnits) == credits)
    }

    @Test(
        "F-01: a wrong digit anywhere in a control is refused once, there",
        arguments: [5, 9, 10]
    )
    func everyDigitOfAControl(_ line: Int) throws {
        let text = try NachaText(.plain(.ppd))
        let positions = line == 10 ? Array(2...55) : Array(2...54) + Array(80...94)
        for position in positions {
            var text = text
            text.count(line, at: position)
            let report = text.report()
            let isThere = report.errors.first.map {
                $0.line == line && $0.from <= position && $0.to >= position
            }
            #expect(report.errorCount == 1 && isThere == true, "\(position): \(report.places)")
        }
    }

    @Test("F-01: the hash is the sum of positions 4 to 11, as the rules compute it")
    func hashVector() throws {
        var options = SampleOptions.plain(.ppd)
        options.batchCount = 1
        options.entriesPerBatch = 3
        var text = try NachaText(options)
        for (line, bank) in [(3, "056005075"), (4, "051402259"), (5, "114000653")] {
            text.write(bank, line, at: 4)
        }
        text = text.resealed()
        #expect(text.text(6, 11, 20) == "0022140797")
        #expect(text.report().places == [])
    }

    @Test("F-01: of a hash beyond ten digits the last ten count, in batch and file")
    func hashOverflow() throws {
        var options = SampleOptions.plain(.ppd)
        options.entriesPerBatch = 60
        var text = try NachaText(options)
        for line in 1...text.lines.count where text.type(line) == UInt8(ascii: "6") {
            text.write("999999992", line, at: 4)
        }
        text = text.resealed()
        // 60 times 99,999,999 is 5,999,999,940; twice that has eleven digits.
        #expect(text.text(63, 11, 20) == "5999999940")
        #expect(text.text(126, 22, 31) == "1999999880")
        #expect(text.report().places == [])
    }

    // MARK: F-02, trace numbers

    @Test("F-02: a trace number twice in a batch is refused, and in two batches warned of")
    func repeatedTraces() throws {
        let text = try NachaText(.plain(.ppd))
        var twice = text
        twice.write(text.text(3, 80, 94), 4, at: 80)
        #expect(twice.report().places == ["entryTraceOrder error 4:80-94"])
        var apart = text
        apart.write(text.text(4, 80, 94), 8, at: 80)
        apart.write(text.text(3, 80, 94), 7, at: 80)
        #expect(
            apart.report().places
                == ["entryTraceRepeated warning 7:80-94", "entryTraceRepeated warning 8:80-94"]
        )
    }

    @Test("F-02: after a careless merge every repeated trace number is named")
    func mergedTraces() throws {
        var text = try NachaText(.plain(.ppd))
        // The same batches once more, with numbers of their own.
        text.lines.insert(contentsOf: text.lines[1..<9], at: 9)
        for (line, number) in [(10, 3), (13, 3), (14, 4), (17, 4)] {
            text.write(number, line, 88, 94)
        }
        text = text.resealed()
        #expect(text.report().diagnostics.map(\.line) == [11, 12, 15, 16])
        #expect(text.report().diagnostics.allSatisfy { $0.rule == .entryTraceRepeated })
    }

    // MARK: F-05, fields that are too small

    @Test("F-05: a batch total cut to its last twelve digits is refused")
    func batchTotalOverflow() throws {
        var options = SampleOptions.plain(.ppd)
        options.batchCount = 1
        options.entriesPerBatch = 101
        var text = try NachaText(options)
        for line in 3...103 { text.fill("9", line, 30, 39) }
        text = text.resealed()
        #expect(text.report().places == ["batchControlDebits error 104:21-32"])
        #expect(text.report().debitMinorUnits == 1_009_999_999_899)
    }

    @Test("F-05: a file total cut to its last twelve digits is refused")
    func fileTotalOverflow() throws {
        var options = SampleOptions.plain(.ppd)
        options.entriesPerBatch = 60
        var text = try NachaText(options)
        for line in 1...text.lines.count where text.type(line) == UInt8(ascii: "6") {
            text.fill("9", line, 30, 39)
        }
        text = text.resealed()
        #expect(text.report().places == ["fileControlDebits error 126:32-43"])
    }

    @Test("F-05: totals of advices have room for twenty digits")
    func adviceTotals() throws {
        var options = SampleOptions.plain(.adv)
        options.batchCount = 1
        options.entriesPerBatch = 40
        var text = try NachaText(options)
        for line in 3...42 { text.fill("9", line, 28, 39) }
        text = text.resealed()
        #expect(text.report().places == [])
        let report = text.report()
        #expect(report.debitMinorUnits + report.creditMinorUnits == 39_999_999_999_960)
    }

    @Test("F-05: a trace sequence that wraps is refused, and so is one that is carried")
    func sequenceWrap() throws {
        var text = try NachaText(.plain(.ppd))
        text.write("9999999", 3, at: 88)
        text.write("0000000", 4, at: 88)
        #expect(text.report().places == ["entryTraceOrder error 4:80-94"])
        text.write(text.number(3, 80, 94) + 1, 4, 80, 94)
        #expect(text.report().places == ["entryTraceODFI error 4:80-87"])
    }

    @Test("F-05: counts above six digits are refused, never taken for their last six")
    func countOverflow() throws {
        let text = try NachaText(.plain(.ppd))
        var reader = FileReader(profile: .strict)
        reader.read(Array(text.bytes[..<95]))
        reader.file.batches = 1_000_000
        reader.read(Array(text.bytes[95...]))
        #expect(reader.finish().places == ["fileControlBatchCount error 10:2-7"])
    }
}
