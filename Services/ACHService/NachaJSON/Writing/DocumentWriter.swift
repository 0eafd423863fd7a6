internal import Nacha

/// Writes the JSON form of a file while it is read, in bounded memory: a visitor for `FileReader`.
///
/// ```swift
/// let writer = DocumentWriter(isMasked: true)
/// var reader = FileReader(profile: .strict) { writer.add($0, $1) }
/// while let chunk = next() {
///     reader.read(chunk)
///     try writer.drain { try output.write($0) }
/// }
/// writer.finish(reader.finish())
/// try writer.drain(above: 0) { try output.write($0) }
/// ```
///
/// Bytes pile up until the caller drains them. Lines that are not just their record and the usual
/// line end wait until the document's end, where they stand: at most `DocumentFormat.oddLineBytes`
/// of them. The document is whole whatever the file; `refusal` says whether the file comes back from
/// it.
package final class DocumentWriter {
    /// How many bytes wait before `drain` hands them over, unless it is told otherwise.
    package static let drainThreshold = 1 << 18

    /// Why a file does not come back from its document, or none that transformations take.
    package enum Refusal: Hashable, Sendable {
        /// The file holds no record.
        case fileIsEmpty
        /// A record stands where none of its kind may: it is kept among the odd lines alone.
        case recordIsMisplaced(line: Int)
        /// A line has more bytes than a reader keeps.
        case lineIsTooLong(line: Int)
        /// A file without line ends has bytes behind its last record.
        case lengthIsNoMultiple
        /// More odd lines than a writer keeps: those that follow are lost.
        case oddLinesAreTooMany(limit: Int)
    }

    /// What was written last, and so what may follow.
    enum Stage {
        case start
        case betweenBatches
        case inBatch
        case inEntry
        case inAddenda
        case behindControl
    }

    var out = OutputBuffer(capacity: drainThreshold + (1 << 16))
    var lines: OddLineLog
    private let text: RecordText
    private let isMasked: Bool
    private(set) var stage = Stage.start
    private var kinds = BatchKinds()
    private var entryPlan = RecordPlan.of(.entry)
    private var addendaPlan = RecordPlan.of(.paymentAddenda)
    private var isAdvice = false
    private var batches = 0
    private var entriesOfBatch = 0
    /// Why the file does not come back: bytes that were lost before anything else.
    package var refusal: Refusal?

    /// A writer at the beginning of a document.
    package init(isMasked: Bool, oddLineBytes: Int = DocumentFormat.oddLineBytes) {
        self.isMasked = isMasked
        text = RecordText(isMasked: isMasked)
        lines = OddLineLog(isMasked: isMasked, limit: oddLineBytes)
    }

    /// Hands over the bytes that wait once they are more than a number, 256 KiB unless said.
    ///
    /// Where `body` throws, the bytes stay and are handed over again by the next call.
    package func drain<E: Error>(
        above threshold: Int = drainThreshold,
        _ body: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        if out.count > threshold { try out.drain(body) }
    }

    /// Writes the next record where one of its kind may stand; whether it may.
    @inline(__always)
    func write(_ record: RecordView, _ kind: RecordKind) -> Bool {
        guard let start = record.bytes.baseAddress else { return false }
        switch stage {
        case .inBatch, .inEntry, .inAddenda:
            if kind.isEntry {
                writeEntry(start)
                return true
            }
            if stage != .inBatch, kind.isAddenda {
                writeAddenda(record, start)
                return true
            }
        default: break
        }
        return writeOther(record, start, kind)
    }

    private func writeOther(
        _ record: RecordView,
        _ start: UnsafeRawPointer,
        _ kind: RecordKind
    ) -> Bool {
        switch (kind, stage) {
        case (_, .behindControl): return false
        case (.fileHeader, .start):
            begin()
            writeRecord(start, .fileHeader)
            out.append(",\n\"batches\":[")
        case (.batchHeader, _), (.internationalBatchHeader, _): writeBatchHeader(record, start)
        case (.batchControl, .inBatch), (.batchControl, .inEntry), (.batchControl, .inAddenda),
            (.adviceBatchControl, .inBatch), (.adviceBatchControl, .inEntry),
            (.adviceBatchControl, .inAddenda):
            closeEntry()
            out.append("],\n\"control\":")
            writeRecord(start, kinds.control)
            out.append("}")
            stage = .betweenBatches
        case (.fileControl, _), (.adviceFileControl, _):
            closeBatches()
            writeRecord(start, isAdvice ? .adviceFileControl : .fileControl)
            stage = .behindControl
        default: return false
        }
        return true
    }

    private func begin() {
        out.append("{\"format\":\"bursar-ach/1\",\"masked\":")
        out.append(isMasked ? "true" : "false")
        out.append(",\n\"file_header\":")
        stage = .betweenBatches
    }

    private func writeBatchHeader(_ record: RecordView, _ start: UnsafeRawPointer) {
        closeBatch()
        kinds = BatchKinds(record)
        entryPlan = RecordPlan.of(kinds.entry)
        if batches == 0 { isAdvice = kinds.entryClass == .adv }
        out.append(batches == 0 ? "\n{\"header\":" : ",\n{\"header\":")
        writeRecord(start, kinds.header)
        out.append(",\"entries\":[")
        batches += 1
        entriesOfBatch = 0
        stage = .inBatch
    }

    @inline(__always)
    private func writeEntry(_ start: UnsafeRawPointer) {
        closeEntry()
        out.append(entriesOfBatch == 0 ? "\n" : ",\n")
        text.append(start, entryPlan, to: &out)
        entriesOfBatch += 1
        stage = .inEntry
    }

    private func writeAddenda(_ record: RecordView, _ start: UnsafeRawPointer) {
        out.append(stage == .inEntry ? ",\"addenda\":[\n" : ",\n")
        let kind = RecordKind(addenda: record)
        if kind == .unknown {
            text.appendUnknown(start, to: &out)
        } else {
            if kind != addendaPlan.kind { addendaPlan = RecordPlan.of(kind) }
            text.append(start, addendaPlan, to: &out)
        }
        out.append("}")
        stage = .inAddenda
    }

    private func writeRecord(_ start: UnsafeRawPointer, _ kind: RecordKind) {
        text.append(start, RecordPlan.of(kind), to: &out)
        out.append("}")
    }

    @inline(__always)
    private func closeEntry() {
        switch stage {
        case .inEntry: out.append("}")
        case .inAddenda: out.append("]}")
        default: break
        }
    }

    /// Ends the batch that is open without a control, if one is; begins where nothing has.
    private func closeBatch() {
        switch stage {
        case .start:
            begin()
            out.append("null,\n\"batches\":[")
        case .inBatch, .inEntry, .inAddenda:
            closeEntry()
            out.append("],\n\"control\":null}")
            stage = .betweenBatches
        case .betweenBatches, .behindControl: break
        }
    }

    private func closeBatches() {
        closeBatch()
        out.append("],\n\"file_control\":")
    }

    /// Writes that there is no file control, where none was written.
    func closeFile() {
        guard stage != .behindControl else { return }
        closeBatches()
        out.append("null")
        stage = .behindControl
    }
}
