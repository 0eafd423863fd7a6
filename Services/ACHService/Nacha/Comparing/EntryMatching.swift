/// Tells which entry of the old file is which of the new one, once the batches are known.
///
/// Rounds from strict to loose; each pairs what the rounds before left: trace number and receiver
/// within batches that are partners, then in batches with the same header, then anywhere; amount and
/// receiver within partners, then anywhere, where trace numbers moved; and last the trace number alone
/// within partners, where the receiver was changed.
struct EntryMatching {
    private let old: ComparedSide
    private let new: ComparedSide
    private let partners: [Int?]

    /// The pairs within batches that are partners, by old batch, in the order of the old one.
    private(set) var pairs: [[(old: Int, new: Int)]]
    /// Entries that stand in a batch which is not their batch's partner.
    private(set) var moved: [(old: EntryIndex, new: EntryIndex)] = []
    /// Entries on one side alone.
    private(set) var removed: [EntryIndex] = []
    private(set) var added: [EntryIndex] = []

    init(_ old: ComparedSide, _ new: ComparedSide, _ batches: BatchMatching) {
        self.old = old
        self.new = new
        partners = batches.partners
        pairs = Array(repeating: [], count: partners.count)
        collect()
        let oldPartners = partners.indices.map { partners[$0] ?? -1 - $0 }
        let newPartners = Array(new.file.batches.indices)
        var headers: [Record: Int] = [:]
        func header(_ batch: NachaBatch) -> Int {
            let header = batch.header.keeping(1...87)
            let number = headers[header] ?? headers.count
            headers[header] = number
            return number
        }
        let oldHeaders = old.file.batches.map(header)
        let newHeaders = new.file.batches.map(header)
        let oldAnywhere = oldPartners.map { _ in 0 }
        let newAnywhere = newPartners.map { _ in 0 }
        pair(oldPartners, newPartners, EntryKeys.traceAndReceiver)
        pair(oldHeaders, newHeaders, EntryKeys.traceAndReceiver)
        pair(oldAnywhere, newAnywhere, EntryKeys.traceAndReceiver)
        pair(oldPartners, newPartners, EntryKeys.payment)
        pair(oldAnywhere, newAnywhere, EntryKeys.payment)
        pair(oldPartners, newPartners) { entry, _ in entry.record.keeping(80...94) }
        for index in pairs.indices { pairs[index].sort { $0.old < $1.old } }
    }

    /// An entry's key, and the number of the home in which a partner is looked for: a pair of batches,
    /// a header, or the whole file.
    private struct Key: Hashable {
        let home: Int
        let entry: Record
    }

    /// Pairs what partners have in front in the same order, which needs no hashing and is most of most
    /// files, and collects the rest.
    private mutating func collect() {
        var starts = [Int](repeating: 0, count: new.file.batches.count)
        for (oldIndex, newIndex) in partners.enumerated() {
            let oldEntries = old.file.batches[oldIndex].entries
            var start = 0
            if let newIndex {
                let newEntries = new.file.batches[newIndex].entries
                let shorter = min(oldEntries.count, newEntries.count)
                while start < shorter, oldEntries[start].record == newEntries[start].record {
                    start += 1
                }
                starts[newIndex] = start
                pairs[oldIndex] = (0..<start).map { (old: $0, new: $0) }
            }
            removed += (start..<oldEntries.count).map { EntryIndex(batch: oldIndex, entry: $0) }
        }
        for (newIndex, batch) in new.file.batches.enumerated() {
            added += (starts[newIndex]..<batch.entries.count).map {
                EntryIndex(batch: newIndex, entry: $0)
            }
        }
    }

    private mutating func pair(
        _ oldHomes: [Int],
        _ newHomes: [Int],
        _ key: (EntryDetail, RecordKind) -> Record
    ) {
        guard !removed.isEmpty, !added.isEmpty else { return }
        func keys(_ entries: [EntryIndex], _ side: ComparedSide, _ homes: [Int]) -> [Key] {
            entries.map { index in
                Key(
                    home: homes[index.batch],
                    entry: key(
                        side.file.batches[index.batch].entries[index.entry],
                        side.kinds[index.batch]
                    )
                )
            }
        }
        let found = Pairing.pairs(
            keys(removed, old, oldHomes),
            keys(added, new, newHomes)
        ).filter { old.kinds[removed[$0.old].batch] == new.kinds[added[$0.new].batch] }
        guard !found.isEmpty else { return }
        var isOldLeft = [Bool](repeating: true, count: removed.count)
        var isNewLeft = [Bool](repeating: true, count: added.count)
        for pair in found {
            isOldLeft[pair.old] = false
            isNewLeft[pair.new] = false
            take(removed[pair.old], added[pair.new])
        }
        removed = removed.indices.filter { isOldLeft[$0] }.map { removed[$0] }
        added = added.indices.filter { isNewLeft[$0] }.map { added[$0] }
    }

    private mutating func take(_ oldEntry: EntryIndex, _ newEntry: EntryIndex) {
        if partners[oldEntry.batch] == newEntry.batch {
            pairs[oldEntry.batch].append((oldEntry.entry, newEntry.entry))
        } else {
            moved.append((oldEntry, newEntry))
        }
    }
}
