internal import Nacha

/// What stands between the records: line ends, filler, odd lines.
extension DocumentReader {
    private static let formNames: Set<String> = [
        "line_end", "ends_with_line_end", "byte_order_mark", "filler",
    ]

    /// Reads the form; what is built has the usual one unless the document says otherwise.
    mutating func readForm(_ value: Int?, recordCount: Int) -> FileForm {
        var form = FileForm()
        if value == nil, isBuilding { return form }
        guard let object = self.value(value, .document, "form", .object) else { return form }
        let values = named(object, .form, Self.formNames)
        if let lineEnd = readLineEnd(values["line_end"]) { form.lineEnd = lineEnd }
        form.endsWithLineEnd =
            readBoolean(
                values["ends_with_line_end"],
                .form,
                "ends_with_line_end",
                isRequired: !isBuilding
            ) ?? (form.lineEnd != .none)
        form.hasByteOrderMark =
            readBoolean(
                values["byte_order_mark"],
                .form,
                "byte_order_mark",
                isRequired: !isBuilding
            ) ?? false
        if isBuilding, values["filler"] == nil { return form }
        let limit = Int(FileLimits.recordsInFile)
        if let filler = readInteger(values["filler"], .form, "filler", limit: limit) {
            form.fillerCount = filler == (10 - recordCount % 10) % 10 ? nil : filler
        }
        return form
    }

    private mutating func readLineEnd(_ value: Int?) -> FileForm.LineEnd? {
        if value == nil, isBuilding { return nil }
        guard let value = self.value(value, .form, "line_end", .string) else { return nil }
        if let end = FileForm.LineEnd(rawValue: cursor.string(value)) { return end }
        faults.add(
            .wrongForm,
            .form,
            "line_end",
            value: cursor.shown(value),
            "The text is no line end.",
            "Give \"\\n\", \"\\r\\n\", \"\\r\" or \"\"."
        )
        return nil
    }

    /// Reads the odd lines, in the order of their lines.
    mutating func readOddLines(_ value: Int?) -> [FileForm.OddLine] {
        if value == nil, isBuilding { return [] }
        guard let list = self.value(value, .document, "odd_lines", .array) else { return [] }
        var lines: [FileForm.OddLine] = []
        cursor.forEachElement(of: list) { element, index in
            if let line = readOddLine(element, index, after: lines.last?.line ?? 0) {
                lines.append(line)
            }
            return cursor.endOfValue(element)
        }
        if isBuilding, !lines.isEmpty {
            faults.add(
                .wrongForm,
                .document,
                "odd_lines",
                "A file that is built has no odd lines.",
                "Leave them out."
            )
        }
        return lines
    }

    private mutating func readOddLine(
        _ element: Int,
        _ index: Int,
        after last: Int
    ) -> FileForm.OddLine? {
        let place = DocumentPlace.oddLine(index)
        guard cursor.isObject(element) else {
            noteWrongType(place, nil, element, "an object")
            return nil
        }
        let values = named(element, place, ["line", "holds_record", "text"])
        let line = readInteger(values["line"], place, "line", limit: .max)
        let holdsRecord = readBoolean(
            values["holds_record"],
            place,
            "holds_record",
            isRequired: true
        )
        guard let text = value(values["text"], place, "text", .string), let line, let holdsRecord
        else { return nil }
        guard let bytes = latin1(text) else {
            faults.add(
                .wrongForm,
                place,
                "text",
                value: cursor.shown(text),
                "The text holds a character beyond U+00FF.",
                "Give each byte as the character of its number."
            )
            return nil
        }
        if line <= last {
            faults.add(
                .wrongForm,
                place,
                "line",
                value: "\(line)",
                "The line does not come behind the one before.",
                "Give lines from 1 on, in their order."
            )
        }
        return FileForm.OddLine(line: line, bytes: bytes, holdsRecord: holdsRecord)
    }
}
