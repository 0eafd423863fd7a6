/// Hashes of the newest entries, those that no sorted run covers yet: in order of entry id, with a
/// table that finds them by hash.
///
/// Writer-confined. Memory: 8 bytes an entry and 8 to 16 for the table.
struct HashTail {
    /// Id of the entry of the first hash.
    private(set) var firstEntry: Int64
    private(set) var hashes: [UInt64] = []
    /// Place in `hashes` plus one, found by open addressing; 0 is free.
    private var slots: [UInt32]

    init(firstEntry: Int64, slots: Int = 1 << 12) {
        self.firstEntry = firstEntry
        self.slots = Array(repeating: 0, count: slots)
    }

    var count: Int { hashes.count }

    mutating func append(_ new: UnsafeBufferPointer<UInt64>) {
        let start = hashes.count
        hashes.append(contentsOf: new)
        if hashes.count * 2 > slots.count {
            rebuild(slots: Self.slots(for: hashes.count))
        } else {
            index(from: start)
        }
    }

    /// Calls `found` with the id of every entry that has this hash.
    func entries(with hash: UInt64, _ found: (Int64) -> Void) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if hashes[place] == hash { found(firstEntry + Int64(place)) }
            slot = (slot + 1) & mask
        }
    }

    /// Forgets the oldest entries, which a run covers now.
    mutating func removeFirst(_ count: Int) {
        hashes.removeFirst(count)
        firstEntry += Int64(count)
        rebuild(slots: max(Self.slots(for: hashes.count), slots.count))
    }

    private static func slots(for count: Int) -> Int {
        var slots = 1 << 12
        while slots < count * 2 { slots <<= 1 }
        return slots
    }

    private mutating func rebuild(slots count: Int) {
        if slots.count == count {
            slots.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        } else {
            slots = Array(repeating: 0, count: count)
        }
        index(from: 0)
    }

    private mutating func index(from start: Int) {
        let mask = slots.count - 1
        slots.withUnsafeMutableBufferPointer { slots in
            hashes.withUnsafeBufferPointer { hashes in
                for place in start..<hashes.count {
                    var slot = Int(truncatingIfNeeded: hashes[place]) & mask
                    while slots[slot] != 0 { slot = (slot + 1) & mask }
                    slots[slot] = UInt32(place + 1)
                }
            }
        }
    }
}
