/// Tells which batch of the old file is which of the new one.
///
/// Rounds from strict to loose; each pairs what the rounds before left, in order: the same header but
/// for the number and the same first entry; most entries in common; the same header; the same company
/// identification, SEC code, description, date and ODFI, each first with the number and then without
/// it; and last, the same company identification, SEC code and ODFI. Batches whose entries have
/// different forms are never paired.
struct BatchMatching {
    private let old: ComparedSide
    private let new: ComparedSide
    /// The new batch of each old one; nil for what was removed.
    private(set) var partners: [Int?]
    private var isTaken: [Bool]

    init(_ old: ComparedSide, _ new: ComparedSide) {
        self.old = old
        self.new = new
        partners = Array(repeating: nil, count: old.file.batches.count)
        isTaken = Array(repeating: false, count: new.file.batches.count)
        pair { Key(header: $0.header.keeping(1...87), trace: $0.entries.first?.traceNumber) }
        pairByEntries()
        pair { Key(header: $0.header) }
        pair { Key(header: $0.header.keeping(1...87)) }
        pair { Key(header: $0.header.keeping(41...63, 70...75, 80...94)) }
        pair { Key(header: $0.header.keeping(41...63, 70...75, 80...87)) }
        pair { Key(header: $0.header.keeping(41...53, 80...87)) }
    }

    /// New batches without an old one.
    var added: [Int] { isTaken.indices.filter { !isTaken[$0] } }

    /// Old batches without a new one.
    var removed: [Int] { partners.indices.filter { partners[$0] == nil } }

    private struct Key: Hashable {
        let header: Record
        var trace: UInt64?
    }

    private mutating func pair(by key: (NachaBatch) -> Key) {
        let oldLeft = removed
        let newLeft = added
        guard !oldLeft.isEmpty, !newLeft.isEmpty else { return }
        let pairs = Pairing.pairs(
            oldLeft.map { key(old.file.batches[$0]) },
            newLeft.map { key(new.file.batches[$0]) }
        )
        for pair in pairs {
            let (oldIndex, newIndex) = (oldLeft[pair.old], newLeft[pair.new])
            if old.kinds[oldIndex] == new.kinds[newIndex] { take(oldIndex, newIndex) }
        }
    }

    /// Pairs batches that share at least half of the entries of the smaller one.
    private mutating func pairByEntries() {
        let oldLeft = removed
        let newLeft = added
        guard !oldLeft.isEmpty, !newLeft.isEmpty else { return }
        var homes: [Record: Int] = [:]
        for batch in newLeft {
            for entry in new.file.batches[batch].entries {
                homes[EntryKeys.traceAndReceiver(entry, new.kinds[batch])] = batch
            }
        }
        for batch in oldLeft {
            var votes: [Int: Int] = [:]
            let entries = old.file.batches[batch].entries
            for entry in entries {
                let key = EntryKeys.traceAndReceiver(entry, old.kinds[batch])
                if let home = homes[key], !isTaken[home] { votes[home, default: 0] += 1 }
            }
            // The lowest of several with as many votes, whatever the order of the dictionary.
            guard let best = votes.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }),
                best.value * 2 >= min(entries.count, new.file.batches[best.key].entries.count),
                old.kinds[batch] == new.kinds[best.key]
            else { continue }
            take(batch, best.key)
        }
    }

    private mutating func take(_ oldIndex: Int, _ newIndex: Int) {
        partners[oldIndex] = newIndex
        isTaken[newIndex] = true
    }
}
