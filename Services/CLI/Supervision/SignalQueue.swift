internal import Foundation

/// The signals of a process as a queue to wait on, instead of handlers that interrupt it.
///
/// It must be made before the process has a second thread: the mask is inherited by later ones.
package struct SignalQueue: ~Copyable {
    /// What a supervisor hears.
    package enum Event: Sendable, Hashable {
        case childEnded
        case stop
        case none
    }

    private var set = sigset_t()

    package init() {
        sigemptyset(&set)
        for signal in [SIGCHLD, SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for the next signal, at most `milliseconds`.
    package mutating func next(within milliseconds: Int64) -> Event {
        var time = timespec(
            tv_sec: Int(milliseconds / 1_000),
            tv_nsec: Int(milliseconds % 1_000) * 1_000_000
        )
        switch sigtimedwait(&set, nil, &time) {
        case SIGCHLD: return .childEnded
        case SIGINT, SIGTERM, SIGHUP: return .stop
        default: return .none
        }
    }
}
