internal import Dates
internal import Foundation

/// The clocks of this machine, and moments as the protocol writes them: RFC 3339, UTC, milliseconds.
package enum Timestamps {
    /// Milliseconds since 1970.
    package static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Nanoseconds of a clock that never goes back.
    package static func monotonic() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// For example `2026-02-01T04:00:00.000Z`.
    package static func format(milliseconds: Int64) -> String {
        RFC3339.text(milliseconds: milliseconds)
    }

    /// Milliseconds since 1970 of an RFC 3339 date-time with any offset, or of a date (its first
    /// moment in UTC); nil where the text is neither.
    package static func parse(_ text: String) -> Int64? { RFC3339.milliseconds(text) }
}
