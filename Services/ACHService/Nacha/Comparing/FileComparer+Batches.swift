/// Batches that are partners.
extension FileComparer {
    /// Compares headers, entries and controls of two batches, given the entries that are partners.
    mutating func comparePair(
        _ oldIndex: Int,
        _ newIndex: Int,
        _ pairs: [(old: Int, new: Int)]
    ) {
        let oldBatch = old.file.batches[oldIndex]
        let newBatch = new.file.batches[newIndex]
        for change in RecordComparison.changes(
            oldBatch.header,
            newBatch.header,
            newBatch.headerKind
        ) {
            list.add(
                FileDifference(
                    .batch,
                    .changed(change),
                    change.field == "batch_number" ? .order : .meaning,
                    old: old.place(ofBatch: oldIndex),
                    new: new.place(ofBatch: newIndex)
                )
            )
        }
        for pair in pairs {
            compareEntries(
                EntryIndex(batch: oldIndex, entry: pair.old),
                EntryIndex(batch: newIndex, entry: pair.new)
            )
        }
        for index in Reordering.moved(pairs.map(\.new)) {
            let oldEntry = EntryIndex(batch: oldIndex, entry: pairs[index].old)
            let newEntry = EntryIndex(batch: newIndex, entry: pairs[index].new)
            list.add(
                FileDifference(
                    .entry,
                    .moved,
                    .order,
                    old: old.place(of: oldEntry),
                    new: new.place(of: newEntry)
                )
            )
        }
        compareBatchControls(oldIndex, newIndex)
    }
}
