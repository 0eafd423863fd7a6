/// Where a batch or an entry is that a fault is about, without saying whose account it is.
package struct EntryPlace: Hashable, Sendable, CustomStringConvertible {
    /// The number that the batch bears in its file.
    package let batchNumber: Int
    /// The entry's trace number, fifteen digits; nil where the batch is meant.
    package let trace: String?

    /// A place by its numbers.
    package init(batchNumber: Int, trace: String? = nil) {
        self.batchNumber = batchNumber
        self.trace = trace
    }

    /// The place of a batch, or of an entry in it.
    init(_ batch: NachaBatch, _ entry: EntryDetail? = nil) {
        self.init(batchNumber: batch.number, trace: entry?.trace)
    }

    /// The place in words, such as `batch 2, entry 072000320000001`.
    package var description: String {
        "batch \(batchNumber)" + (trace.map { ", entry \($0)" } ?? "")
    }
}
