internal import NIOConcurrencyHelpers

/// Why a service cannot do its work now; it is ready when there is no reason.
package final class Readiness: Sendable {
    package enum Phase: Sendable {
        case starting
        case serving
        case draining
    }

    private struct State {
        var phase = Phase.starting
        var checks: [(name: String, check: @Sendable () -> String?)] = []
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    /// Adds a check that is asked each time; it gives a reason, or nil where all is well.
    package func add(_ name: String, _ check: @escaping @Sendable () -> String?) {
        state.withLockedValue { $0.checks.append((name, check)) }
    }

    package func enter(_ phase: Phase) { state.withLockedValue { $0.phase = phase } }

    /// In the order in which the checks were added.
    package func reasons() -> [String] {
        let (phase, checks) = state.withLockedValue { ($0.phase, $0.checks) }
        var reasons: [String] = []
        switch phase {
        case .starting: reasons.append("starting")
        case .serving: break
        case .draining: reasons.append("shutting down")
        }
        for (name, check) in checks {
            if let reason = check() { reasons.append("\(name): \(reason)") }
        }
        return reasons
    }
}
