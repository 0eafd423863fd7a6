extension NachaFile {
    /// The file as bytes, in its form.
    package var bytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    /// Appends the file's bytes: header, batches, control, filler, line ends and odd lines as its
    /// form has them.
    ///
    /// Nothing is computed or judged: counts and totals stand as the records have them, so that a
    /// file that was read is written as it was (design 3.9). What is to be right is closed before.
    package func write(to output: inout [UInt8]) {
        let count = recordCount + fillerCount
        output.reserveCapacity(
            output.count + count * (RecordView.length + form.lineEnd.bytes.count) + 3
        )
        if form.hasByteOrderMark { output += [0xEF, 0xBB, 0xBF] }
        var lines = LineWriter(form: form)
        if let header { lines.write(header, to: &output) }
        for batch in batches {
            lines.write(batch.header, to: &output)
            for entry in batch.entries {
                lines.write(entry.record, to: &output)
                for addenda in entry.addenda { lines.write(addenda.record, to: &output) }
            }
            if let control = batch.control { lines.write(control, to: &output) }
        }
        if let control { lines.write(control, to: &output) }
        for _ in 0..<fillerCount { lines.write(.filler, to: &output) }
        lines.finish(&output)
    }

    /// The number of filler records: the form's, or as many as complete the last block of ten.
    package var fillerCount: Int { form.fillerCount ?? (10 - recordCount % 10) % 10 }
}

/// Writes records as the lines of a file, odd lines among them.
private struct LineWriter {
    private let lineEnd: [UInt8]
    private let endsWithLineEnd: Bool
    private var oddLines: ArraySlice<FileForm.OddLine>
    /// The number of the next line, from 1.
    private var line = 1
    /// Whether the last line is a record and the usual line end.
    private var lastIsUsual = false

    init(form: FileForm) {
        lineEnd = form.lineEnd.bytes
        endsWithLineEnd = form.endsWithLineEnd
        oddLines = form.oddLines[...]
    }

    mutating func write(_ record: Record, to output: inout [UInt8]) {
        while let odd = oddLines.first, odd.line <= line {
            appendFirstOddLine(to: &output)
            if odd.holdsRecord { return }
        }
        record.withView { output.append(contentsOf: $0.bytes) }
        output += lineEnd
        line += 1
        lastIsUsual = true
    }

    /// Appends the odd lines behind the last record, and takes the last line end away where the
    /// form has none.
    mutating func finish(_ output: inout [UInt8]) {
        while !oddLines.isEmpty { appendFirstOddLine(to: &output) }
        if lastIsUsual && !endsWithLineEnd { output.removeLast(lineEnd.count) }
    }

    private mutating func appendFirstOddLine(to output: inout [UInt8]) {
        output += oddLines.removeFirst().bytes
        line += 1
        lastIsUsual = false
    }
}
