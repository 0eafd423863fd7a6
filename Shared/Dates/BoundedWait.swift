/// A wait of limited length whose end is stored as a moment of the wall clock: a backoff, a lease.
///
/// That clock can be set back. An end that lies further ahead than the wait can last was stored before
/// that, and counts as come: a clock that goes back by an hour costs one wait, not an hour.
package struct BoundedWait: Sendable, Hashable {
    /// The longest that the wait is made, in milliseconds.
    package let longest: Int64

    package init(longest: Int64) { self.longest = longest }

    /// Whether a wait until `end` is over at `now`; both in milliseconds since 1970.
    package func isOver(_ end: Int64, at now: Int64) -> Bool {
        end <= now || end > horizon(at: now)
    }

    /// The last end that a wait begun by `now` can have: what a query compares with.
    package func horizon(at now: Int64) -> Int64 { now + longest }
}
