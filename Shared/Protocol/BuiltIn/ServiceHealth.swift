/// The reply of `bursar.health`: whether a service can do its work now, and how its loops do.
package struct ServiceHealth: Codable, Sendable, Equatable {
    package let status: String
    /// Why it cannot; empty where it can.
    package let reasons: [String]
    package let loops: [LoopStatus]

    package init(reasons: [String], loops: [LoopStatus] = []) {
        status = reasons.isEmpty ? "serving" : "not_serving"
        self.reasons = reasons
        self.loops = loops
    }
}

/// How a background loop does.
package struct LoopStatus: Codable, Sendable, Equatable {
    package struct Failure: Codable, Sendable, Equatable {
        package let at: String
        package let message: String

        package init(at: String, message: String) {
            self.at = at
            self.message = message
        }
    }

    package let name: String
    package let purpose: String
    /// Between two rounds; else a round is under way.
    package let isWaiting: Bool
    /// Rounds that have ended, well or not.
    package let runs: Int64
    package let failures: Int64
    /// Failures since the last success: what tells a loop that works from one that does not.
    package let failuresInARow: Int64
    package let lastSuccess: String?
    package let lastError: Failure?

    package init(
        name: String,
        purpose: String,
        isWaiting: Bool,
        runs: Int64,
        failures: Int64,
        failuresInARow: Int64,
        lastSuccess: String?,
        lastError: Failure?
    ) {
        self.name = name
        self.purpose = purpose
        self.isWaiting = isWaiting
        self.runs = runs
        self.failures = failures
        self.failuresInARow = failuresInARow
        self.lastSuccess = lastSuccess
        self.lastError = lastError
    }

    private enum CodingKeys: String, CodingKey {
        case name, purpose
        case isWaiting = "waiting"
        case runs, failures
        case failuresInARow = "failures_in_a_row"
        case lastSuccess = "last_success"
        case lastError = "last_error"
    }
}
