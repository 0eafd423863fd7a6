/// A hash with the place that it belongs to.
struct HashedPlace {
    var hash: UInt64
    var place: UInt32
}

/// Sorting by hash: least significant digit first, eleven bits at a time, in linear time.
enum HashSort {
    private static let digitBits = 11

    static func sorted(_ items: [HashedPlace]) -> [HashedPlace] {
        guard items.count > 256 else { return items.sorted { $0.hash < $1.hash } }
        var from = items
        var into = items
        var shift: UInt64 = 0
        while shift < 64 {
            from.withUnsafeBufferPointer { from in
                into.withUnsafeMutableBufferPointer { into in distribute(from, into, shift) }
            }
            swap(&from, &into)
            shift += UInt64(digitBits)
        }
        return from
    }

    private static func distribute(
        _ from: UnsafeBufferPointer<HashedPlace>,
        _ into: UnsafeMutableBufferPointer<HashedPlace>,
        _ shift: UInt64
    ) {
        let mask: UInt64 = (1 << UInt64(digitBits)) - 1
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << digitBits) { next in
            next.initialize(repeating: 0)
            for item in from { next[Int((item.hash >> shift) & mask)] += 1 }
            var total: UInt32 = 0
            for digit in next.indices {
                let count = next[digit]
                next[digit] = total
                total += count
            }
            for item in from {
                let digit = Int((item.hash >> shift) & mask)
                into[Int(next[digit])] = item
                next[digit] += 1
            }
        }
    }
}
