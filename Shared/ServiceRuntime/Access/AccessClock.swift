/// The two clocks that access is judged by: one for the times in tokens, one for ages.
package struct AccessClock: Sendable {
    /// Seconds since 1970.
    package let seconds: @Sendable () -> Int64
    /// Nanoseconds of a clock that never goes back.
    package let monotonic: @Sendable () -> Int64

    package init(
        seconds: @escaping @Sendable () -> Int64,
        monotonic: @escaping @Sendable () -> Int64
    ) {
        self.seconds = seconds
        self.monotonic = monotonic
    }

    package static let system = AccessClock(
        seconds: { Timestamps.now() / 1_000 },
        monotonic: { Timestamps.monotonic() }
    )
}
