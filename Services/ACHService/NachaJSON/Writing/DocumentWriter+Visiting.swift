package import Nacha

extension DocumentWriter {
    /// Takes the next record, or the next line that holds none: the visitor of a `FileReader`.
    package func add(_ record: RecordView?, _ place: RecordPlace) {
        if let record, place.kind != .filler {
            lines.endFillers()
            let isPlaced = write(record, place.kind)
            lines.noteRecord(place, isPlaced: isPlaced)
            if !isPlaced, refusal == nil { refusal = .recordIsMisplaced(line: place.line) }
        } else if let record {
            lines.noteFiller(record, place, mayBeStray: stage != .behindControl)
        } else {
            lines.noteBlank(place)
        }
    }

    /// Ends the document, with what the reader found.
    package func finish(_ report: FileReport) {
        let isEmpty = stage == .start && refusal == nil
        lines.finish(endsWithLineEnd: report.form.endsWithLineEnd)
        refusal = isEmpty ? .fileIsEmpty : lostBytes(report) ?? refusal
        end(report.form, fillers: lines.fillers)
    }

    /// Why bytes of the file are not in the document; nil where all are.
    private func lostBytes(_ report: FileReport) -> Refusal? {
        if let line = lines.cutLine { return .lineIsTooLong(line: line) }
        if lines.isFull { return .oddLinesAreTooMany(limit: lines.limit) }
        let isCut = report.diagnostics.contains { $0.rule == .fileLength }
        return isCut ? .lengthIsNoMultiple : nil
    }

    /// Ends the document with the form of the file and its odd lines.
    func end(_ form: FileForm, fillers: Int) {
        closeFile()
        out.append(",\n\"form\":{\"line_end\":\"")
        switch form.lineEnd {
        case .lineFeed: out.append("\\n")
        case .carriageReturnLineFeed: out.append("\\r\\n")
        case .carriageReturn: out.append("\\r")
        case .none: break
        }
        out.append("\",\"ends_with_line_end\":")
        out.append(form.endsWithLineEnd ? "true" : "false")
        out.append(",\"byte_order_mark\":")
        out.append(form.hasByteOrderMark ? "true" : "false")
        out.append(",\"filler\":")
        out.append(fillers)
        out.append("},\n\"odd_lines\":[")
        lines.append(to: &out)
        out.append("]}\n")
    }
}
