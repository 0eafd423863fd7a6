internal import Nacha

/// Compares odd lines with the records that were read from them.
///
/// A line's bytes are what is written, so that a record that was changed in the document beside its
/// odd line would come to nothing, and nobody would notice.
struct OddLineCheck {
    private let lines: [FileForm.OddLine]
    private var next = 0
    private var line = 1
    /// The places, in the list of odd lines, of those that are not their records.
    private(set) var wrong: [Int] = []

    init(_ lines: [FileForm.OddLine]) { self.lines = lines }

    /// Takes the next record of the file; nil for filler, which is not compared.
    mutating func take(_ record: Record?) {
        while next < lines.count, lines[next].line <= line {
            let odd = lines[next]
            next += 1
            line += 1
            guard odd.holdsRecord else { continue }
            if let record, !odd.reads(as: record) { wrong.append(next - 1) }
            return
        }
        line += 1
    }

    /// No record is left: no line may hold one.
    mutating func finish() {
        while next < lines.count {
            if lines[next].holdsRecord { wrong.append(next) }
            next += 1
        }
    }
}

extension DocumentReader {
    mutating func checkOddLines(of file: NachaFile) {
        guard !file.form.oddLines.isEmpty else { return }
        var check = OddLineCheck(file.form.oddLines)
        if let header = file.header { check.take(header) }
        for batch in file.batches {
            check.take(batch.header)
            for entry in batch.entries {
                check.take(entry.record)
                for addenda in entry.addenda { check.take(addenda.record) }
            }
            if let control = batch.control { check.take(control) }
        }
        if let control = file.control { check.take(control) }
        for _ in 0..<file.fillerCount { check.take(nil) }
        check.finish()
        for index in check.wrong {
            faults.add(
                .disagrees,
                .oddLine(index),
                "text",
                "The line is not the record that stands in its place.",
                "Remove the odd line: its record is then written as usual."
            )
        }
    }
}

extension FileForm.OddLine {
    /// Whether a reader finds this record in the line.
    fileprivate func reads(as record: Record) -> Bool {
        for end in FileForm.LineEnd.allCases.map(\.bytes) where bytes.ends(with: end) {
            let text = bytes.dropLast(end.count)
            if Record(text) == record { return true }
            // Characters that take more than a byte are read as one each.
            let string = String(validating: text, as: UTF8.self)
            let scalars = string?.unicodeScalars.map {
                $0.isASCII ? UInt8($0.value) : UInt8(ascii: "?")
            }
            if let scalars, scalars.count == RecordView.length, Record(scalars) == record {
                return true
            }
        }
        return false
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: [UInt8]) -> Bool { self.suffix(suffix.count) == suffix[...] }
}
