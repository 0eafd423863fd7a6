/// Lines that are not just 94 characters and the usual line end.
extension FileReader {
    /// Takes notice of a line of 94 characters.
    @inline(__always)
    mutating func noteLine(_ start: UnsafeRawPointer, _ end: FileForm.LineEnd) {
        noteLineEnd(end)
        lines.text = UnsafeRawBufferPointer(start: start, count: RecordView.length)
        lines.end = end
    }

    /// Hands a record on.
    @inline(__always)
    func visit(_ record: RecordView?, _ kind: RecordKind) {
        guard let visitor, !isMistyped else { return }
        visitor(
            record,
            RecordPlace(
                line: line,
                kind: kind,
                text: lines.text,
                lineEnd: lines.end,
                followsByteOrderMark: lines.form.hasByteOrderMark && line == 1,
                isDoubtful: isDoubtful
            )
        )
    }

    /// Takes notice of how lines end; most lines end as the first does.
    @inline(__always)
    mutating func noteLineEnd(_ end: FileForm.LineEnd) {
        guard lines.isFirstEnd || end != lines.form.lineEnd else { return }
        noteOtherLineEnd(end)
    }

    private mutating func noteOtherLineEnd(_ end: FileForm.LineEnd) {
        if lines.isFirstEnd {
            lines.isFirstEnd = false
            lines.form.lineEnd = end
        }
    }

    /// Reads a line of any length; `bytes` end before the line feed, and `lost` more were not kept.
    mutating func readLine(_ bytes: UnsafeRawBufferPointer, lost: Int, hasEnd: Bool) {
        line += 1
        if file.isForeign { return }
        // However the line came: what is too long for any record is kept to the same length.
        let kept = UnsafeRawBufferPointer(rebasing: bytes.prefix(LineState.limit))
        let lost = lost + bytes.count - kept.count
        let endsWithReturn =
            lines.mode == .lineFeeds && kept.last == Character.carriageReturn && lost == 0
        let text = UnsafeRawBufferPointer(rebasing: kept.dropLast(endsWithReturn ? 1 : 0))
        noteEnd(endsWithReturn: endsWithReturn, hasEnd: hasEnd)
        lines.text = text
        isDoubtful = text.count != RecordView.length
        defer { isDoubtful = false }
        if text.count == RecordView.length {
            return Record(text).withView { readRecord($0) }
        }
        if lost == 0, text.allSatisfy({ $0 == Character.blank }) { return readBlank() }
        if refuseForeign(text) { return }
        if lost == 0, let record = asciiRecord(text) { return record.withView { readRecord($0) } }
        if text.count < RecordView.length { return readShort(text, isLast: !hasEnd) }
        readLong(text, lost: lost)
    }

    /// A carriage return without a line feed behind it, at the end of the file, is a line end too.
    private mutating func noteEnd(endsWithReturn: Bool, hasEnd: Bool) {
        let end: FileForm.LineEnd =
            lines.mode == .carriageReturns || endsWithReturn && !hasEnd
            ? .carriageReturn : endsWithReturn ? .carriageReturnLineFeed : .lineFeed
        if hasEnd { noteLineEnd(end) }
        lines.end = hasEnd || endsWithReturn ? end : .none
    }

    mutating func readBlank() {
        // It may stand where filler should.
        if file.hasControl { file.isBlockingUnreliable = true }
        report(.lineBlank, line: line, "The line is blank.")
        visit(nil, .unknown)
    }

    /// Refuses a first line that is nothing like a record: this is no Nacha file.
    ///
    /// One diagnostic says so. What follows the file control is likewise reported there alone.
    private mutating func refuseForeign(_ text: UnsafeRawBufferPointer) -> Bool {
        let isRecord = text.first.map { Character.isDigit($0) && $0 != Character.zero } ?? false
        if isRecord { return false }
        if file.hasControl {
            Record(text).withView { readRecord($0) }
            return true
        }
        guard file.records == 0 else { return false }
        visit(nil, .unknown)
        file.isForeign = true
        file.isOver = true
        report(
            .recordType,
            line: line,
            positions: 1...1,
            record: Record(text),
            "The file does not begin with a record of 94 characters: it is no Nacha file."
        )
        return true
    }

    /// A record of 94 characters some of which take more than a byte: none of those is allowed, and
    /// one diagnostic says so.
    private mutating func asciiRecord(_ text: UnsafeRawBufferPointer) -> Record? {
        guard text.count > RecordView.length, text.count <= RecordView.length * 4,
            text.contains(where: { $0 >= 0x80 }),
            let string = String(validating: text, as: UTF8.self),
            string.unicodeScalars.count == RecordView.length
        else { return nil }
        let record = Record(
            string.unicodeScalars.map { $0.isASCII ? UInt8($0.value) : UInt8(ascii: "?") }
        )
        let places = string.unicodeScalars.enumerated().filter { !$0.element.isASCII }
        guard let place = places.first else { return nil }
        let position = place.offset + 1
        report(
            .recordCharacter,
            line: line,
            positions: position...position,
            record: record,
            kind: .unknown,
            "Position \(position) holds U+\(String(place.element.value, radix: 16, uppercase: true)),"
                + " which is no ASCII character."
        )
        refused = places.map { $0.offset + 1...$0.offset + 1 }
        return record
    }

    private mutating func readShort(_ text: UnsafeRawBufferPointer, isLast: Bool) {
        let record = Record(text)
        let isRefused = log.profile.severity(.lineShort) == .error
        report(
            .lineShort,
            line: line,
            positions: (text.count + 1)...(RecordView.length),
            record: record,
            "The line has \(text.count) characters, not 94."
        )
        if isRefused, isLast { file.isCutShort = true }
        isGarbled = isRefused
        presentLength = text.count
        record.withView { readRecord($0) }
        isGarbled = false
        presentLength = RecordView.length
    }

    private mutating func readLong(_ text: UnsafeRawBufferPointer, lost: Int) {
        let record = Record(text)
        let length = text.count + lost
        let isTailBlank =
            lost == 0
            && text.dropFirst(RecordView.length).allSatisfy { $0 == Character.blank }
        report(
            isTailBlank ? .lineBlankTail : .lineLong,
            line: line,
            positions: (RecordView.length + 1)...(length),
            record: record,
            isTailBlank
                ? "\(length - RecordView.length) blanks stand behind position 94."
                : "The line has \(length) characters, not 94."
        )
        isGarbled =
            log.profile.severity(isTailBlank ? .lineBlankTail : .lineLong) == .error
        record.withView { readRecord($0) }
        isGarbled = false
    }
}
