import Glibc

/// A moment of the monotonic clock.
struct Moment {
    private let nanoseconds: Int64

    static func now() -> Moment {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Whether at least so many milliseconds have gone by since this moment.
    func isPast(milliseconds: Int) -> Bool {
        Moment.now().nanoseconds - nanoseconds >= Int64(milliseconds) * 1_000_000
    }
}
