package import NIOCore

/// An allowance that fills up again with time: what bounds any event that a client can cause at will.
///
/// Levels are in thousandths of an event, so that slow rates need no fractions.
package struct TokenBucket: Sendable, Equatable {
    private let capacity: Int64
    private let perSecond: Int64
    private var level: Int64
    private var updated: NIODeadline

    /// Allows `burst` events at once and `perSecond` for ever.
    package init(burst: Int64, perSecond: Int64, now: NIODeadline) {
        capacity = burst * 1_000
        self.perSecond = perSecond * 1_000
        level = capacity
        updated = now
    }

    /// Takes `count` events; false when they are not there, and then takes nothing.
    package mutating func spend(_ count: Int64 = 1, now: NIODeadline) -> Bool {
        refill(now)
        guard level >= count * 1_000 else { return false }
        level -= count * 1_000
        return true
    }

    /// Puts `count` events back, as far as there is room.
    package mutating func earn(_ count: Int64) { level = min(capacity, level + count * 1_000) }

    /// Whether the bucket is as full as when it was new: nothing would be lost by forgetting it.
    package func isFull(now: NIODeadline) -> Bool {
        var later = self
        later.refill(now)
        return later.level == capacity
    }

    private mutating func refill(_ now: NIODeadline) {
        guard now > updated else { return }
        let elapsed = min((now - updated).nanoseconds, 3_600_000_000_000)
        let gained = elapsed / 1_000 * perSecond / 1_000_000
        guard gained > 0 else { return }
        level = min(capacity, level + gained)
        updated = now
    }
}
