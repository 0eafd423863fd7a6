/// Writes a file again while it is read: to the byte as it was, or in the form that banks want.
///
/// Feed `add` as the reader's visitor and drain `bytes` as often as you like; memory stays bounded.
/// What was written is worth keeping only where the reader's report says that the file is valid.
package final class FileRewriter {
    package enum Mode: Sendable {
        /// Every byte as it was, odd lines included (design 3.9, item 4).
        case exact
        /// Lines of 94 characters that end with a line feed, no blank lines, no byte-order mark, and as
        /// much filler as completes the last block; the block count follows. No other field changes.
        case normal
    }

    private let mode: Mode
    private var records = 0
    /// What is written and not drained yet.
    package private(set) var bytes: [UInt8] = []

    package init(_ mode: Mode) { self.mode = mode }

    /// Takes the next line.
    package func add(_ record: RecordView?, _ place: RecordPlace) {
        switch mode {
        case .exact: addExactly(place)
        case .normal: if let record { addNormally(record, place.kind) }
        }
    }

    /// Says that the file ends here.
    package func finish() {
        guard mode == .normal else { return }
        for _ in 0..<(10 - records % 10) % 10 { append(.filler) }
    }

    /// Forgets what was drained.
    package func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private func addExactly(_ place: RecordPlace) {
        if place.followsByteOrderMark { bytes += [0xEF, 0xBB, 0xBF] }
        bytes += place.text
        switch place.lineEnd {
        case .lineFeed: bytes.append(Character.lineFeed)
        case .carriageReturn: bytes.append(Character.carriageReturn)
        case .carriageReturnLineFeed:
            bytes.append(Character.carriageReturn)
            bytes.append(Character.lineFeed)
        case .none: break
        }
    }

    private func addNormally(_ record: RecordView, _ kind: RecordKind) {
        guard kind != .filler else { return }
        records += 1
        guard kind == .fileControl || kind == .adviceFileControl else {
            bytes += record.bytes
            bytes.append(Character.lineFeed)
            return
        }
        var control = Record(record)
        control.write((records + 9) / 10, 8, 13)
        append(control)
    }

    private func append(_ record: Record) {
        bytes += record.bytes
        bytes.append(Character.lineFeed)
    }
}
