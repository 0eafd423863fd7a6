/// How long to wait before a service that died is started again.
///
/// A process that was killed comes back almost at once: whoever killed it wants to see it recover,
/// and its clients wait. One that ended by itself most likely cannot start (configuration, a taken
/// port), so that its delays grow further. Both doubles end with the first calm stretch.
package struct RestartPolicy: Sendable, Hashable {
    /// How a process ended.
    package enum Death: Sendable, Hashable {
        case killed
        case exited
    }

    static let shortestMilliseconds: Int64 = 50
    static let longestAfterKillMilliseconds: Int64 = 400
    static let longestAfterExitMilliseconds: Int64 = 5_000
    /// A process that lived this long has started well: earlier deaths are forgotten.
    static let calmMilliseconds: Int64 = 5_000

    private var deathsInARow = 0

    package init() {}

    /// Milliseconds to wait after a death.
    package mutating func delay(after death: Death, livedMilliseconds: Int64) -> Int64 {
        if livedMilliseconds >= Self.calmMilliseconds { deathsInARow = 0 }
        let longest =
            switch death {
            case .killed: Self.longestAfterKillMilliseconds
            case .exited: Self.longestAfterExitMilliseconds
            }
        let doubled = Self.shortestMilliseconds << Int64(min(deathsInARow, 10))
        deathsInARow += 1
        return min(doubled, longest)
    }
}
