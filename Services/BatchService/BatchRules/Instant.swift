package import Dates

/// A moment in UTC as milliseconds since 1970; the precision in which everything is stored.
package struct Instant: Hashable, Sendable, Comparable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (lhs: Instant, rhs: Instant) -> Bool {
        lhs.milliseconds < rhs.milliseconds
    }

    /// The moment `milliseconds` later; the far future where that does not fit.
    package func adding(milliseconds: Int64) -> Instant {
        let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        return Instant(milliseconds: overflow ? .max : sum)
    }
}

extension BoundedWait {
    /// Whether a wait until `end` is over at `now`.
    package func isOver(_ end: Instant, at now: Instant) -> Bool {
        isOver(end.milliseconds, at: now.milliseconds)
    }
}
