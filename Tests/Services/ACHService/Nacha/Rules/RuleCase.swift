@testable import Nacha
import Testing

/// A valid file, one change that breaks one rule, and the one diagnostic that must come of it.
struct RuleCase: Sendable, CustomTestStringConvertible {
    /// Where the diagnostic lies: line, first and last position.
    struct Place: Sendable {
        let line: Int
        let from: Int
        let to: Int

        init(_ line: Int, _ from: Int, _ to: Int) {
            (self.line, self.from, self.to) = (line, from, to)
        }

        /// A whole record, or the place of one that is missing.
        init(_ line: Int) { self.init(line, 1, 94) }

        func text(_ rule: RuleID, _ severity: Severity) -> String {
            "\(rule) \(severity) \(line):\(from)-\(to)"
        }
    }

    /// Something done to the reader itself once it has read so many lines: what a test of reasonable
    /// length cannot reach by records alone.
    struct Intervention: Sendable {
        let line: Int
        let act: @Sendable (inout FileReader) -> Void
    }

    let rule: RuleID
    let base: SampleOptions
    let place: Place
    let strict: Severity
    let lenient: Severity
    let intervention: Intervention?
    let change: @Sendable (inout NachaText) -> Void

    init(
        _ rule: RuleID,
        _ base: SampleOptions,
        _ place: Place,
        strict: Severity = .error,
        lenient: Severity = .error,
        intervention: Intervention? = nil,
        change: @escaping @Sendable (inout NachaText) -> Void
    ) {
        self.rule = rule
        self.base = base
        self.place = place
        self.strict = strict
        self.lenient = lenient
        self.intervention = intervention
        self.change = change
    }

    var testDescription: String { "\(rule) in \(base.name) at \(place.line):\(place.from)" }

    /// What a reader says of the changed file.
    func report(_ profile: Profile) throws -> FileReport {
        var text = try NachaText(base)
        change(&text)
        var reader = FileReader(profile: profile)
        guard let intervention else {
            reader.read(text.bytes)
            return reader.finish()
        }
        let begin = intervention.line * (RecordView.length + text.lineEnd.bytes.count)
        reader.read(Array(text.bytes[..<begin]))
        intervention.act(&reader)
        reader.read(Array(text.bytes[begin...]))
        return reader.finish()
    }
}

extension SampleOptions {
    /// Two batches with two entries each, debits where the class leaves a choice, without addenda where
    /// it leaves that one: file header in line 1, batch headers in lines 2 and 6, entries in lines 3, 4,
    /// 7 and 8, batch controls in lines 5 and 9, the file control in line 10, and no filler.
    static func plain(_ entryClass: StandardEntryClass) -> SampleOptions {
        SampleOptions(
            entryClass,
            batchCount: 2,
            entriesPerBatch: 2,
            sides: .debits,
            addenda: .necessary
        )
    }

    /// The same with addenda: one behind every entry, the first in line 4, or five where several may
    /// be; those of IAT stand in lines 4 to 12.
    static func withAddenda(_ entryClass: StandardEntryClass) -> SampleOptions {
        var options = plain(entryClass)
        options.addenda = .all
        return options
    }

    /// Two batches with two answers each: an entry in line 3, its addenda in line 4.
    static func answers(_ answer: Answer, _ entryClass: StandardEntryClass) -> SampleOptions {
        var options = plain(entryClass)
        options.answer = answer
        return options
    }

    /// Two batches with one entry each: eight records and two of filler, in lines 9 and 10.
    static let withFiller: SampleOptions = {
        var options = plain(.ppd)
        options.entriesPerBatch = 1
        return options
    }()

    /// A small file of every class, and of every answer to PPD entries.
    static let everyClass =
        StandardEntryClass.allCases.map { plain($0) }
        + answers(to: .ppd).map { answers($0, .ppd) }
        + [answers(.returned, .iat), withAddenda(.ctx), withFiller]

    /// The class, and what answers its entries.
    var name: String {
        entryClass.rawValue + (answer.map { " \($0)" } ?? "")
    }
}
