/// Compares two files step by step into a list of differences.
struct FileComparer {
    let old: ComparedSide
    let new: ComparedSide
    var list: DifferenceList
    /// Batches of which an entry was not found under the same header.
    private var lostBatches = LostBatches()

    /// Indices of batches on either side.
    private struct LostBatches {
        var old: Set<Int> = []
        var new: Set<Int> = []
    }

    init(old: NachaFile, new: NachaFile, limit: Int) {
        self.old = ComparedSide(old)
        self.new = ComparedSide(new)
        list = DifferenceList(limit: limit)
    }

    /// Finds all differences; once.
    mutating func compare() {
        compareFileHeaders()
        let batches = BatchMatching(old, new)
        let entries = EntryMatching(old, new, batches)
        for (oldIndex, newIndex) in batches.partners.enumerated() {
            guard let newIndex else { continue }
            comparePair(oldIndex, newIndex, entries.pairs[oldIndex])
        }
        reportReordering(of: batches)
        for (oldEntry, newEntry) in entries.moved { reportMove(oldEntry, newEntry) }
        reportLostEntries(entries, Set(batches.removed), Set(batches.added))
        reportBatches(batches)
        compareFileControls()
        list.sort()
    }

    private mutating func compareFileHeaders() {
        switch (old.file.header, new.file.header) {
        case (let oldHeader?, let newHeader?):
            for change in RecordComparison.changes(oldHeader, newHeader, .fileHeader) {
                list.add(
                    FileDifference(
                        .fileHeader,
                        .changed(change),
                        old: old.headerPlace,
                        new: new.headerPlace
                    )
                )
            }
        case (_?, nil): list.add(FileDifference(.fileHeader, .removed, old: old.headerPlace))
        case (nil, _?): list.add(FileDifference(.fileHeader, .added, new: new.headerPlace))
        case (nil, nil): break
        }
    }

    /// Reports batches that stand in another order than their partners.
    private mutating func reportReordering(of matching: BatchMatching) {
        let pairs = matching.partners.enumerated().compactMap { old, new in
            new.map { (old: old, new: $0) }
        }
        for index in Reordering.moved(pairs.map(\.new)) {
            list.add(
                FileDifference(
                    .batch,
                    .moved,
                    .order,
                    old: old.place(ofBatch: pairs[index].old),
                    new: new.place(ofBatch: pairs[index].new)
                )
            )
        }
    }

    /// Reports an entry that went to another batch.
    ///
    /// Between batches with equal headers, as merging and flattening leave them, that is order; else
    /// the entry is another company's or another day's.
    private mutating func reportMove(_ oldEntry: EntryIndex, _ newEntry: EntryIndex) {
        let oldHeader = old.file.batches[oldEntry.batch].header.keeping(1...87)
        let newHeader = new.file.batches[newEntry.batch].header.keeping(1...87)
        let isOrder = oldHeader == newHeader
        if !isOrder {
            lostBatches.old.insert(oldEntry.batch)
            lostBatches.new.insert(newEntry.batch)
        }
        list.add(
            FileDifference(
                .entry,
                .moved,
                isOrder ? .order : .meaning,
                old: old.place(of: oldEntry),
                new: new.place(of: newEntry)
            )
        )
        compareEntries(oldEntry, newEntry)
    }

    /// Reports entries that are on one side alone: as a consequence where their whole batch is.
    private mutating func reportLostEntries(
        _ entries: EntryMatching,
        _ isRemoved: Set<Int>,
        _ isAdded: Set<Int>
    ) {
        for entry in entries.removed {
            let isWhole = isRemoved.contains(entry.batch)
            if isWhole { lostBatches.old.insert(entry.batch) }
            let place = old.place(of: entry)
            list.add(
                FileDifference(.entry, .removed, isWhole ? .consequence : .meaning, old: place)
            )
        }
        for entry in entries.added {
            let isWhole = isAdded.contains(entry.batch)
            if isWhole { lostBatches.new.insert(entry.batch) }
            let place = new.place(of: entry)
            list.add(
                FileDifference(.entry, .added, isWhole ? .consequence : .meaning, new: place)
            )
        }
    }

    /// Reports batches on one side alone: as order where all their entries stand in others with the
    /// same header.
    private mutating func reportBatches(_ matching: BatchMatching) {
        for batch in matching.removed {
            let isLost =
                lostBatches.old.contains(batch) || old.file.batches[batch].entries.isEmpty
            let place = old.place(ofBatch: batch)
            list.add(FileDifference(.batch, .removed, isLost ? .meaning : .order, old: place))
        }
        for batch in matching.added {
            let isLost =
                lostBatches.new.contains(batch) || new.file.batches[batch].entries.isEmpty
            let place = new.place(ofBatch: batch)
            list.add(FileDifference(.batch, .added, isLost ? .meaning : .order, new: place))
        }
    }
}
