/// How far the bytes have been cut into lines.
struct LineState {
    enum Mode {
        /// Too little was seen to tell whether the file has line ends.
        case undecided
        /// Lines end with LF or CR LF.
        case lineFeeds
        /// Lines end with CR alone.
        case carriageReturns
        /// Records stand one behind the other.
        case unbroken
    }

    var mode = Mode.undecided
    /// Bytes of a line whose end was not seen yet.
    var rest: [UInt8] = []
    /// How many bytes of the beginning were searched for the first line end.
    var searched = 0
    /// How many bytes of that line were not kept, since it is far too long.
    var lost = 0
    var form = FileForm()
    var isFirstEnd = true
    /// The line that is being read, without its end, and how it ends.
    var text = UnsafeRawBufferPointer(start: nil, count: 0)
    var end = FileForm.LineEnd.none

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// No line of a file that is anything like a Nacha file is longer.
    static let limit = 4_096
}

/// Cutting bytes into lines of 94 characters (design 3.1; 3.7, end).
extension FileReader {
    /// Takes the next bytes of the file.
    package mutating func read(_ chunk: UnsafeRawBufferPointer) {
        guard let start = chunk.baseAddress, chunk.count > 0 else { return }
        guard lines.mode == .undecided else { return cut(start, start + chunk.count) }
        lines.rest += chunk
        settleMode(isEnd: false)
    }

    /// Takes the next bytes of the file.
    package mutating func read(_ chunk: [UInt8]) {
        chunk.withUnsafeBytes { read($0) }
    }

    /// Decides by the first line end how lines end, once it is known what follows it, and reads what
    /// has come; a file without any in its first bytes has none.
    private mutating func settleMode(isEnd: Bool) {
        let skipped = lines.rest.starts(with: LineState.byteOrderMark) ? 3 : 0
        let head = lines.rest.prefix(LineState.limit + skipped)
        // What was looked at before held none.
        let end = head[min(max(skipped, lines.searched), head.count)...].firstIndex {
            $0 == Character.lineFeed || $0 == Character.carriageReturn
        }
        lines.searched = end ?? head.count
        if let end {
            guard isEnd || end + 2 < lines.rest.count else { return }
            lines.mode = mode(endingAt: end, length: end - skipped)
        } else {
            guard isEnd || head.count == LineState.limit + skipped else { return }
            lines.mode = .unbroken
        }
        if lines.mode == .unbroken { lines.form.lineEnd = .none }
        let bytes = skippingByteOrderMark()
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            cut(start, start + bytes.count)
        }
    }

    /// The mode of a file whose first line end stands at an index of `rest`.
    private func mode(endingAt end: Int, length: Int) -> LineState.Mode {
        let bytes = lines.rest
        let isPair =
            bytes[end] == Character.carriageReturn && end + 1 < bytes.count
            && bytes[end + 1] == Character.lineFeed
        // One line end behind records without any is the end of the file.
        if end + (isPair ? 2 : 1) == bytes.count, length > RecordView.length,
            length % RecordView.length == 0
        {
            return .unbroken
        }
        return bytes[end] == Character.carriageReturn && !isPair ? .carriageReturns : .lineFeeds
    }

    private mutating func skippingByteOrderMark() -> [UInt8] {
        let bytes = lines.rest
        lines.rest = []
        guard bytes.starts(with: LineState.byteOrderMark) else { return bytes }
        lines.form.hasByteOrderMark = true
        log.add(
            Fault(
                rule: .lineByteOrderMark,
                line: 1,
                from: 1,
                to: 1,
                record: nil,
                kind: .unknown,
                message: "The file begins with a byte-order mark (EF BB BF).",
                value: "\u{FEFF}"
            )
        )
        return Array(bytes.dropFirst(3))
    }

    /// Cuts bytes into lines; what is left without an end waits for the next chunk.
    private mutating func cut(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) {
        if lines.mode == .unbroken { return cutUnbroken(start, end) }
        var position = start
        if !lines.rest.isEmpty || lines.lost > 0 {
            position = completeLine(position, end)
        }
        let endByte =
            lines.mode == .lineFeeds ? Character.lineFeed : Character.carriageReturn
        while position < end {
            // Nearly every line is 94 characters and a line end: no need to look for it.
            let length = usualLength(position, end, endByte)
            if length > 0, !holdsControl(position) {
                line += 1
                noteLine(
                    position,
                    length > RecordView.length + 1
                        ? .carriageReturnLineFeed
                        : endByte == Character.lineFeed ? .lineFeed : .carriageReturn
                )
                readRecord(RecordView(position))
                position += length
                continue
            }
            guard let next = find(endByte, position, end) else { break }
            readLine(
                UnsafeRawBufferPointer(start: position, count: next - position),
                lost: 0,
                hasEnd: true
            )
            position = next + 1
        }
        if position < end { keep(position, end) }
    }

    /// The length of a line of 94 characters with its end; 0 where no such line stands here.
    @inline(__always)
    private func usualLength(
        _ start: UnsafeRawPointer,
        _ end: UnsafeRawPointer,
        _ endByte: UInt8
    ) -> Int {
        let available = end - start
        guard available > RecordView.length else { return 0 }
        let next = start.load(fromByteOffset: RecordView.length, as: UInt8.self)
        if next == endByte { return RecordView.length + 1 }
        guard next == Character.carriageReturn, available > RecordView.length + 1,
            start.load(fromByteOffset: RecordView.length + 1, as: UInt8.self) == endByte
        else { return 0 }
        return RecordView.length + 2
    }

    /// Adds to the line that an earlier chunk began; returns where the next line begins.
    private mutating func completeLine(
        _ start: UnsafeRawPointer,
        _ end: UnsafeRawPointer
    ) -> UnsafeRawPointer {
        let endByte =
            lines.mode == .lineFeeds ? Character.lineFeed : Character.carriageReturn
        guard let next = find(endByte, start, end) else {
            keep(start, end)
            return end
        }
        keep(start, next)
        readRest(hasEnd: true)
        return next + 1
    }

    /// Reads the line that earlier chunks began.
    private mutating func readRest(hasEnd: Bool) {
        let bytes = lines.rest
        let lost = lines.lost
        lines.rest = []
        lines.lost = 0
        bytes.withUnsafeBytes { readLine($0, lost: lost, hasEnd: hasEnd) }
    }

    private mutating func keep(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) {
        let room = max(0, LineState.limit - lines.rest.count)
        let bytes = UnsafeRawBufferPointer(start: start, count: end - start)
        lines.rest += bytes.prefix(room)
        lines.lost += max(0, bytes.count - room)
    }

    private func find(
        _ byte: UInt8,
        _ start: UnsafeRawPointer,
        _ end: UnsafeRawPointer
    ) -> UnsafeRawPointer? {
        var position = start
        while position < end {
            if position.load(as: UInt8.self) == byte { return position }
            position += 1
        }
        return nil
    }

    /// Whether any of 94 bytes is below the blank, as line ends are.
    @inline(__always)
    private func holdsControl(_ start: UnsafeRawPointer) -> Bool {
        typealias Lanes = SIMD16<UInt8>
        @inline(__always)
        func lanes(_ offset: Int) -> Lanes {
            start.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
        }
        let lowest = pointwiseMin(
            pointwiseMin(pointwiseMin(lanes(0), lanes(16)), pointwiseMin(lanes(32), lanes(48))),
            pointwiseMin(lanes(64), lanes(78))
        )
        let blanks = Lanes(repeating: Character.blank)
        let words = unsafeBitCast(pointwiseMax(lowest, blanks) &- lowest, to: SIMD2<UInt64>.self)
        return words[0] | words[1] != 0
    }

    /// Records without line ends: every 94 bytes are one.
    private mutating func cutUnbroken(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) {
        var position = start
        if !lines.rest.isEmpty {
            let missing = min(RecordView.length - lines.rest.count, end - position)
            lines.rest += UnsafeRawBufferPointer(start: position, count: missing)
            position += missing
            guard lines.rest.count == RecordView.length else { return }
            let bytes = lines.rest
            lines.rest = []
            bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                line += 1
                noteLine(start, .none)
                readRecord(RecordView(start))
            }
        }
        while end - position >= RecordView.length {
            line += 1
            noteLine(position, .none)
            readRecord(RecordView(position))
            position += RecordView.length
        }
        lines.rest += UnsafeRawBufferPointer(start: position, count: end - position)
    }

    /// Reads what is left at the end of the file.
    mutating func finishLines() {
        if lines.mode == .undecided { settleMode(isEnd: true) }
        guard lines.mode == .unbroken else {
            lines.form.endsWithLineEnd = lines.rest.isEmpty
            return lines.form.endsWithLineEnd ? () : readRest(hasEnd: false)
        }
        let bytes = lines.rest
        lines.rest = []
        lines.form.endsWithLineEnd = false
        guard !bytes.isEmpty else { return }
        let isEnd = bytes.allSatisfy {
            $0 == Character.lineFeed || $0 == Character.carriageReturn
        }
        guard isEnd else { return refuseLength(bytes.count) }
        bytes.withUnsafeBytes { bytes in
            line += 1
            lines.text = bytes
            lines.end = .none
            visit(nil, .unknown)
        }
    }

    /// The records cannot be told apart: whatever was found before follows from that.
    private mutating func refuseLength(_ rest: Int) {
        log.removeAll()
        batch.classFaults = HeldFaults()
        batch.odfiFaults = HeldFaults()
        file.isCutShort = true
        report(
            .fileLength,
            line: line + 1,
            positions: (rest + 1)...(RecordView.length),
            "The file has no line ends, and \(line * RecordView.length + rest) characters are "
                + "\(line) records and \(rest) characters more."
        )
    }
}
