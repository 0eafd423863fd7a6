/// Entries that are partners, and their addenda.
extension FileComparer {
    /// Compares the fields and the addenda of two entries.
    mutating func compareEntries(_ oldIndex: EntryIndex, _ newIndex: EntryIndex) {
        let oldEntry = old.file.batches[oldIndex.batch].entries[oldIndex.entry]
        let newEntry = new.file.batches[newIndex.batch].entries[newIndex.entry]
        if oldEntry == newEntry { return }
        let isAddendaCountChanged = oldEntry.addenda.count != newEntry.addenda.count
        for change in RecordComparison.changes(
            oldEntry.record,
            newEntry.record,
            new.kinds[newIndex.batch]
        ) {
            let countsAddenda =
                change.field == "number_of_addenda"
                || change.field == "addenda_record_indicator"
            list.add(
                FileDifference(
                    .entry,
                    .changed(change),
                    countsAddenda && isAddendaCountChanged ? .consequence : .meaning,
                    old: old.place(of: oldIndex),
                    new: new.place(of: newIndex)
                )
            )
        }
        if oldEntry.addenda == newEntry.addenda { return }
        compareAddenda(
            AddendaComparison(
                old: oldEntry,
                new: newEntry,
                oldPlaces: oldEntry.addenda.indices.map { old.place(of: oldIndex, addenda: $0) },
                newPlaces: newEntry.addenda.indices.map { new.place(of: newIndex, addenda: $0) }
            )
        )
    }

    /// Compares addenda from both ends, so that one that was put in or taken out is told as that.
    private mutating func compareAddenda(_ comparison: AddendaComparison) {
        let oldAddenda = comparison.old.addenda
        let newAddenda = comparison.new.addenda
        let shorter = min(oldAddenda.count, newAddenda.count)
        var front = 0
        while front < shorter, oldAddenda[front].content == newAddenda[front].content {
            front += 1
        }
        var back = 0
        while back < shorter - front,
            oldAddenda[oldAddenda.count - 1 - back].content
                == newAddenda[newAddenda.count - 1 - back].content
        { back += 1 }
        let inner = shorter - front - back
        for index in 0..<(front + inner) { comparison.compare(index, index, into: &list) }
        for index in (front + inner)..<(oldAddenda.count - back) {
            comparison.remove(index, into: &list)
        }
        for index in (front + inner)..<(newAddenda.count - back) {
            comparison.add(index, into: &list)
        }
        for index in (0..<back).reversed() {
            comparison.compare(
                oldAddenda.count - 1 - index,
                newAddenda.count - 1 - index,
                into: &list
            )
        }
    }
}
