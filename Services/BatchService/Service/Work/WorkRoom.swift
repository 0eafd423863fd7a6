internal import NIOConcurrencyHelpers
package import ServiceRuntime

/// How many sets are worked on at once, apart for small and for large ones.
package final class WorkRoom: Sendable {
    package enum Lane: Int64, Sendable, CaseIterable {
        case small = 0
        case large = 1
    }

    private struct Places {
        var free: Int
        var hasBacklog = false
    }

    private let state: NIOLockedValueBox<[Lane: Places]>
    private let signal: Signal

    /// Room for so many sets; `signal` is raised when room appears while others wait for it.
    package init(small: Int, large: Int, signal: Signal) {
        state = NIOLockedValueBox([.small: Places(free: small), .large: Places(free: large)])
        self.signal = signal
    }

    /// A place; given back with its last reference.
    package final class Permit: Sendable {
        package let lane: Lane
        private let room: WorkRoom

        fileprivate init(_ lane: Lane, in room: WorkRoom) {
            self.lane = lane
            self.room = room
        }

        deinit { room.giveBack(lane) }
    }

    /// A place for a set that has just come; none while older ones wait.
    package func reserve(_ lane: Lane) -> Permit? {
        let isGranted = state.withLockedValue { state in
            guard let places = state[lane], !places.hasBacklog, places.free > 0 else {
                return false
            }
            state[lane]?.free -= 1
            return true
        }
        return isGranted ? Permit(lane, in: self) : nil
    }

    /// Every free place of a lane, for sets that wait in the store.
    package func reserveAll(_ lane: Lane) -> [Permit] {
        let free = state.withLockedValue { state in
            defer { state[lane]?.free = 0 }
            return state[lane]?.free ?? 0
        }
        return (0..<free).map { _ in Permit(lane, in: self) }
    }

    /// Tells that a set was stored without a place: the next free one is for it.
    package func wait(_ lane: Lane) {
        let hasRoom = state.withLockedValue { state in
            state[lane]?.hasBacklog = true
            return (state[lane]?.free ?? 0) > 0
        }
        if hasRoom { signal.raise() }
    }

    /// Tells whether sets wait in the store for a place.
    package func setBacklog(_ lane: Lane, _ hasBacklog: Bool) {
        state.withLockedValue { $0[lane]?.hasBacklog = hasBacklog }
    }

    private func giveBack(_ lane: Lane) {
        let wakes = state.withLockedValue { state in
            state[lane]?.free += 1
            return state[lane]?.hasBacklog ?? false
        }
        if wakes { signal.raise() }
    }
}
