import PostingSets

/// Which rows of one set share a source transaction id.
///
/// Only rows without a fault of their own take part: the id of a transaction that fails is not used.
struct RepeatedIDs {
    /// For every row of a group of two or more, the group's first row.
    private(set) var leaders: [Int32: Int32] = [:]
    private var slots: [UInt32] = []

    /// Finds the groups in linear time; equal hashes are told apart by their texts.
    ///
    /// `takesPart` says whether the row at a place has no fault.
    mutating func find(
        hashes: UnsafeBufferPointer<UInt64>,
        takesPart: (Int) -> Bool,
        sameText: (Int, Int) -> Bool
    ) {
        leaders.removeAll(keepingCapacity: true)
        guard hashes.count > 1 else { return }
        clearSlots(for: hashes.count)
        slots.withUnsafeMutableBufferPointer { slots in
            let mask = slots.count - 1
            for row in hashes.indices where takesPart(row) {
                var slot = Int(truncatingIfNeeded: hashes[row] >> 20) & mask
                while slots[slot] != 0 {
                    let other = Int(slots[slot]) - 1
                    if hashes[other] == hashes[row], sameText(other, row) {
                        leaders[Int32(row)] = Int32(other)
                        leaders[Int32(other)] = Int32(other)
                        break
                    }
                    slot = (slot + 1) & mask
                }
                if slots[slot] == 0 { slots[slot] = UInt32(row + 1) }
            }
        }
    }

    private mutating func clearSlots(for count: Int) {
        var size = 64
        while size < count * 2 { size <<= 1 }
        if slots.count < size {
            slots = Array(repeating: 0, count: size)
        } else if slots.count > size * 4 {
            slots = Array(slots.prefix(size))
            slots.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        } else {
            slots.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        }
    }
}
