/// Writes a file record by record, in bounded memory: header, batches, control, filler.
///
/// Batches are numbered, entries get their trace numbers, counts and totals grow as entries come and
/// stand in the controls. An entry that does not fit is refused before a byte of it is written, so
/// that the caller can close the batch, or drop the entry, and go on. Bytes pile up until the caller
/// drains them:
///
///     var writer = FileWriter(header: header)
///     try writer.openBatch(batchHeader)
///     for payment in payments {
///         try writer.write(…)
///         try writer.drain { try file.write($0) }
///     }
///     try writer.closeBatch()
///     try writer.finish()
///     try writer.drain(above: 0) { try file.write($0) }
///
/// Calls out of order are our bug and stop the process.
package struct FileWriter: ~Copyable {
    /// How many bytes wait before `drain` hands them over, unless it is told otherwise.
    package static let drainThreshold = 1 << 20

    var buffer: OutputBuffer
    var templates = EntryTemplates()
    let form: FileForm
    let lineEnd: [UInt8]
    /// The length of a record with its line end.
    let stride: Int

    var state = State.betweenBatches
    /// What the closed batches add up to.
    package internal(set) var totals = EntryTotals()
    var batchCount: UInt64 = 0
    /// All records written so far, header and controls included.
    var recordCount: UInt64 = 1
    /// The sequence number of the next entry's trace.
    var nextSequence: UInt64
    var isAdvice = false

    // The batch that is open
    var batch = OpenBatch()

    enum State {
        case betweenBatches
        case inBatch
        case finished
    }

    /// What is known of the batch that is open.
    struct OpenBatch {
        var header = Record()
        var entryClass = StandardEntryClass.ppd
        /// The form of its entries.
        var entryKind = RecordKind.entry
        var odfi: UInt32 = 0
        var totals = EntryTotals()
        /// How many records still fit, so that the batch's and the file's control fit too.
        var recordsLeft: UInt64 = 0
        /// How far each side may go.
        var debitLimit: UInt64 = 0
        var creditLimit: UInt64 = 0
    }

    /// A writer of a file with a header; the form's odd lines belong to files that were read and
    /// play no part.
    package init(
        header: Record,
        form: FileForm = FileForm(),
        firstTraceSequence: UInt32 = 1
    ) {
        self.form = form
        lineEnd = form.lineEnd.bytes
        stride = RecordView.length + lineEnd.count
        nextSequence = UInt64(firstTraceSequence)
        buffer = OutputBuffer(capacity: Self.drainThreshold + (1 << 16))
        templates.setLineEnd(lineEnd)
        if form.hasByteOrderMark { buffer.append([0xEF, 0xBB, 0xBF]) }
        buffer.append(header, lineEnd: lineEnd)
    }

    /// How many bytes wait to be drained.
    package var bufferedByteCount: Int { buffer.count }

    /// The sequence number that the next entry's trace will have.
    package var upcomingTraceSequence: UInt64 { nextSequence }

    /// Hands over the bytes that wait once they are more than a number, 1 MiB unless said.
    ///
    /// Where `body` throws, the bytes stay and are handed over again by the next call.
    @inline(__always)
    package mutating func drain<E: Error>(
        above threshold: Int = drainThreshold,
        _ body: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        if buffer.count > threshold { try buffer.drain(body) }
    }
}
