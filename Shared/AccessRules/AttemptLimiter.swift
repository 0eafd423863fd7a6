import Identity

/// Bounds failed attempts to log in, per client and per API key, without ever locking anybody out.
///
/// Only failures count, and a right key is accepted whatever failed before it: an attacker at the
/// same address, or one who knows a key's id, slows down nobody but himself (fault A-16). What is
/// limited is the work and the audit rows that guessing makes; a 256-bit secret is not guessed.
package struct AttemptLimiter: Sendable {
    package enum OnFailure: Sendable, Hashable {
        /// The failure is answered as such.
        case counted
        /// Too many: try again after this many milliseconds.
        case limited(retryAfterMilliseconds: Int64)
    }

    /// Failures that may come at once.
    package static let burst: Int64 = 20
    /// Milliseconds after which one more failure is allowed.
    package static let refillMilliseconds: Int64 = 3_000
    /// Names remembered; beyond it the ones that have recovered, then all, are forgotten.
    package static let maximumNames = 10_000

    /// When each name will have recovered completely, in milliseconds of a monotonic clock.
    private var recoveredAt: [ByteText: Int64] = [:]

    package init() {}

    /// Notes a failure of all `names` (an address, a key id) at `now`, in milliseconds.
    package mutating func failed(_ names: [String], now: Int64) -> OnFailure {
        if recoveredAt.count + names.count > Self.maximumNames { forget(now: now) }
        var wait: Int64 = 0
        for name in names {
            let recovered = max(recoveredAt[name] ?? now, now) + Self.refillMilliseconds
            let excess = recovered - now - Self.burst * Self.refillMilliseconds
            if excess > 0 {
                wait = max(wait, excess)
            } else {
                recoveredAt[name] = recovered
            }
        }
        return wait > 0 ? .limited(retryAfterMilliseconds: wait) : .counted
    }

    private mutating func forget(now: Int64) {
        recoveredAt = recoveredAt.filter { $0.value > now }
        if recoveredAt.count >= Self.maximumNames { recoveredAt.removeAll() }
    }
}
