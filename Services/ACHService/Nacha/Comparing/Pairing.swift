/// Pairs things of two lists by key: the first of a key with the first, the second with the second.
enum Pairing {
    /// The pairs in the order of the old list, as indices of both lists.
    static func pairs<Key: Hashable>(
        _ oldKeys: [Key],
        _ newKeys: [Key]
    ) -> [(old: Int, new: Int)] {
        // The first unpaired index of each key, and behind each index the next of its key.
        var heads: [Key: Int] = [:]
        heads.reserveCapacity(newKeys.count)
        var following = [Int](repeating: -1, count: newKeys.count)
        for index in newKeys.indices.reversed() {
            following[index] = heads.updateValue(index, forKey: newKeys[index]) ?? -1
        }
        var pairs: [(old: Int, new: Int)] = []
        for index in oldKeys.indices {
            guard let place = heads.index(forKey: oldKeys[index]) else { continue }
            let head = heads.values[place]
            guard head >= 0 else { continue }
            heads.values[place] = following[head]
            pairs.append((index, head))
        }
        return pairs
    }
}

/// Keys by which entries are told to be the same.
enum EntryKeys {
    /// Trace number, bank and account.
    static func traceAndReceiver(_ entry: EntryDetail, _ kind: RecordKind) -> Record {
        switch kind {
        case .internationalEntry: entry.record.keeping(4...12, 40...74, 80...94)
        case .adviceEntry: entry.record.keeping(4...12, 13...27, 80...94)
        default: entry.record.keeping(4...12, 13...29, 80...94)
        }
    }

    /// Amount, bank, account and name: what is left of an entry whose trace number moved.
    static func payment(_ entry: EntryDetail, _ kind: RecordKind) -> Record {
        switch kind {
        case .internationalEntry: entry.record.keeping(4...12, 30...39, 40...74)
        case .adviceEntry: entry.record.keeping(4...39, 55...76)
        case .nameFirstEntry: entry.record.keeping(4...39, 40...54)
        case .exchangeEntry: entry.record.keeping(4...39, 59...74)
        default: entry.record.keeping(4...39, 55...76)
        }
    }
}
