/// Which entry is meant: a trace number, and the batch where the number stands in several.
package struct EntrySelector: Hashable, Sendable, CustomStringConvertible {
    /// Fifteen digits.
    package let trace: String
    /// The number of its batch; nil where the trace number stands once.
    package let batchNumber: Int?

    /// An entry by trace number.
    package init(trace: String, batchNumber: Int? = nil) {
        self.trace = trace
        self.batchNumber = batchNumber
    }

    /// The selector in words, such as `entry 072000320000001`.
    package var description: String {
        (batchNumber.map { "batch \($0), " } ?? "") + "entry \(trace)"
    }
}

/// The chosen entries of a file, as indices of batches and entries.
struct EntrySelection {
    private var chosen: [[Int]]

    /// Every entry.
    init(allOf file: NachaFile) { chosen = file.batches.map { Array($0.entries.indices) } }

    /// The entries that selectors name, in the order of the file.
    ///
    /// Refuses a selector that names none, and one that names several: two payments must not be
    /// taken where one was meant.
    init(_ selectors: [EntrySelector], in file: NachaFile) throws(TransformFault) {
        let wanted = Set(selectors.map(\.trace))
        var found: [String: [(batch: Int, entry: Int)]] = [:]
        for (batchIndex, batch) in file.batches.enumerated() {
            for (entryIndex, entry) in batch.entries.enumerated() {
                let trace = entry.trace
                guard wanted.contains(trace) else { continue }
                found[trace, default: []].append((batchIndex, entryIndex))
            }
        }
        var sets = file.batches.map { _ in Set<Int>() }
        var missing: [EntrySelector] = []
        var ambiguous: [EntryPlace] = []
        for selector in selectors {
            let places = (found[selector.trace] ?? []).filter { place in
                selector.batchNumber.map { $0 == file.batches[place.batch].number } ?? true
            }
            if places.isEmpty { missing.append(selector) }
            if places.count > 1 {
                ambiguous += places.map {
                    EntryPlace(
                        batchNumber: file.batches[$0.batch].number,
                        trace: selector.trace
                    )
                }
            }
            for place in places { sets[place.batch].insert(place.entry) }
        }
        guard missing.isEmpty else { throw .entriesNotFound(missing) }
        guard ambiguous.isEmpty else { throw .entriesAmbiguous(ambiguous) }
        chosen = sets.map { $0.sorted() }
    }

    /// The chosen entries of a batch, ascending.
    func entries(ofBatch index: Int) -> [Int] { chosen[index] }
}
