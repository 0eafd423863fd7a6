import NIOConcurrencyHelpers

/// How far one running set has come: written by the writer every few thousand rows, read by callers.
package final class SetProgress: Sendable {
    package struct Counts: Sendable, Equatable {
        package var total = 0
        package var done = 0
        package var failed = 0
    }

    private let counts = NIOLockedValueBox(Counts())

    package init() {}

    package var current: Counts { counts.withLockedValue { $0 } }

    func total(_ total: Int) { counts.withLockedValue { $0.total = total } }
    func done(_ done: Int) { counts.withLockedValue { $0.done = done } }
    func failed(_ failed: Int) { counts.withLockedValue { $0.failed = failed } }
}

/// The sets that are being worked on at this moment.
package final class ProgressBoard: Sendable {
    private let running = NIOLockedValueBox<[Int64: SetProgress]>([:])

    package init() {}

    package func begin(_ setID: Int64) -> SetProgress {
        let progress = SetProgress()
        running.withLockedValue { $0[setID] = progress }
        return progress
    }

    /// Takes a set off the board, unless a later attempt stands there by now.
    package func end(_ setID: Int64, _ progress: SetProgress) {
        running.withLockedValue {
            if $0[setID] === progress { $0[setID] = nil }
        }
    }

    /// The sets among `setIDs` that are running, in that order.
    package func counts(of setIDs: [Int64]) -> [(setID: Int64, counts: SetProgress.Counts)] {
        running.withLockedValue { running in
            setIDs.compactMap { id in running[id].map { (id, $0.current) } }
        }
    }
}
