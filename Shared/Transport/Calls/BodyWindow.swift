internal import Protocol

/// What the other side may send of one call's body, as its receiver counts it.
///
/// A window begins at the size that HELLO names and doubles, up to `ProtocolLimits.windowBytes`,
/// while the reader takes what comes and the connection has bytes to share.
struct BodyWindow {
    /// Bytes that this call may hold: those that may still come and those not taken yet.
    private(set) var size: Int
    /// Bytes of DATA that may still come.
    private var open: Int
    /// Bytes that were taken and no WINDOW has given back yet.
    private var unreturned = 0

    init(first: Int) {
        size = first
        open = first
    }

    /// DATA came; false where it is more than was allowed.
    mutating func received(_ bytes: Int) -> Bool {
        guard bytes <= open else { return false }
        open -= bytes
        return true
    }

    /// The reader took bytes of DATA: the credit to give back now, or nil until it is worth a frame.
    mutating func taken(_ bytes: Int, sharing share: inout WindowShare) -> Int? {
        unreturned += bytes
        guard unreturned >= size / 4 else { return nil }
        let growth = min(size, ProtocolLimits.windowBytes - size)
        let credit = unreturned + (growth > 0 && share.take(growth) ? growth : 0)
        size += credit - unreturned
        open += credit
        unreturned = 0
        return credit
    }

    /// Makes room for a body that came inside its REQUEST; false where the connection has none.
    mutating func hold(_ bytes: Int, sharing share: inout WindowShare) -> Bool {
        guard bytes > size else { return true }
        guard share.take(bytes - size) else { return false }
        size = bytes
        return true
    }
}

/// The bytes that a connection's windows have in common, beyond the first window of each call.
///
/// A call whose reader does not read keeps what it has and gets no more, and no call can take away
/// another one's first window: the others go on at that size when nothing is left to share.
struct WindowShare {
    private let total: Int
    private let first: Int
    private var free: Int
    /// Somebody wanted more than there is; until all is back.
    private(set) var isShort = false

    init(calls: Int, first: Int) {
        self.first = first
        total = max(0, ProtocolLimits.connectionWindowBytes - calls * first)
        free = total
    }

    /// No call has more than its first window.
    var isWhole: Bool { free == total }

    mutating func take(_ bytes: Int) -> Bool {
        guard bytes <= free else {
            isShort = true
            return false
        }
        free -= bytes
        return true
    }

    /// A call is over.
    mutating func giveBack(_ window: BodyWindow) {
        free += window.size - first
        if isWhole { isShort = false }
    }

    mutating func reset() { self = WindowShare(total: total, first: first) }

    private init(total: Int, first: Int) {
        self.total = total
        self.first = first
        free = total
    }
}
