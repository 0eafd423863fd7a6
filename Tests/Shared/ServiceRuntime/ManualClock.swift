import NIOConcurrencyHelpers
import ServiceRuntime

/// A clock that moves when a test says so.
final class ManualClock: Sendable {
    private let nanoseconds = NIOLockedValueBox<Int64>(0)

    func advance(seconds: Double) {
        nanoseconds.withLockedValue { $0 += Int64(seconds * 1e9) }
    }

    var access: AccessClock {
        AccessClock(
            seconds: { [nanoseconds] in
                TokenForge.now + nanoseconds.withLockedValue { $0 } / 1_000_000_000
            },
            monotonic: { [nanoseconds] in nanoseconds.withLockedValue { $0 } }
        )
    }
}
