internal import Dispatch
internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// Makes sure that a process ends: at once on a second signal, and within its grace in any case.
struct Ending: Sendable {
    let graceSeconds: Int
    let logger: Logger

    /// Ends `group` in order on the first SIGTERM or SIGINT; returns when the task is cancelled.
    func watch(_ group: ServiceGroup) async {
        var isEnding = false
        for await signal in await UnixSignalsSequence(trapping: [.sigterm, .sigint]) {
            if isEnding {
                logger.warning("a second signal: stopping at once")
                _exit(128 + signal.rawValue)
            }
            isEnding = true
            logger.notice("a signal: finishing what is in flight")
            startWatchdog()
            await group.triggerGracefulShutdown()
        }
    }

    /// On a thread of its own, so that it also ends a process whose tasks do not move any more.
    private func startWatchdog() {
        let (logger, grace) = (logger, graceSeconds)
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(grace)) {
            logger.error("the end took longer than its grace", metadata: ["seconds": "\(grace)"])
            _exit(ServiceHost.Exit.graceExceeded)
        }
    }
}
