/// Hashes of the newest entries, those that no sorted run covers yet, in order of entry id.
///
/// A table finds them by hash. It is brought up to date when something is looked for: sets without
/// any doubtful id never pay for it.
///
/// Writer-confined. Memory: 8 bytes an entry and 8 to 16 for the table.
struct HashTail {
    /// Id of the entry of the first hash.
    private(set) var firstEntry: Int64
    private(set) var hashes: [UInt64] = []
    /// Place in `hashes` plus one, found by open addressing; 0 is free.
    private var slots: [UInt32]
    /// How many of the hashes the table has.
    private var indexed = 0

    init(firstEntry: Int64, slots: Int = 1 << 12) {
        self.firstEntry = firstEntry
        self.slots = Array(repeating: 0, count: slots)
    }

    var count: Int { hashes.count }

    mutating func append(_ new: UnsafeBufferPointer<UInt64>) {
        hashes.append(contentsOf: new)
    }

    /// Calls `found` with the id of every entry that has this hash.
    mutating func entries(with hash: UInt64, _ found: (Int64) -> Void) {
        indexAll()
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
        empty(slots: slots.count)
    }

    private static func slots(for count: Int) -> Int {
        var slots = 1 << 12
        while slots < count * 2 { slots <<= 1 }
        return slots
    }

    private mutating func empty(slots count: Int) {
        indexed = 0
        if slots.count == count {
            slots.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        } else {
            slots = Array(repeating: 0, count: count)
        }
    }

    private mutating func indexAll() {
        guard indexed < hashes.count else { return }
        if hashes.count * 2 > slots.count { empty(slots: Self.slots(for: hashes.count)) }
        let start = indexed
        indexed = hashes.count
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
