/// The one error model of every method: what a refused or failed call carries in its body.
///
/// On the wire: `{"code","reason","message","details":[…],"retry_after_ms","processed","origin"}`.
/// `reason` is a stable word that programs compare; `message` is for people and names no internals.
/// What the caller may do now is `retry` (PROTOCOL.md section 9, Retries).
package struct RPCError: Error, Sendable, Codable, Equatable {
    /// One fault of the request's input.
    package struct Detail: Sendable, Codable, Equatable {
        /// JSON pointer to the field at fault (RFC 6901), for example `/transactions/3/amount`.
        package var field: String
        /// Stable word for the kind of fault, for example `missing`, `wrong_type`, `unknown_field`.
        package var code: String
        /// What is wrong and how to mend it.
        package var message: String

        package init(field: String, code: String, message: String) {
            self.field = field
            self.code = code
            self.message = message
        }
    }

    /// What a batch, a session or a run refused to do in its state: an illegal transition
    /// (design 1.7: 409).
    package struct Transition: Sendable, Codable, Equatable {
        package var status: String
        package var lifeCycleStep: Int?
        package var action: String
        /// The actions that are allowed in this state.
        package var allowed: [String]

        package init(status: String, lifeCycleStep: Int?, action: String, allowed: [String]) {
            self.status = status
            self.lifeCycleStep = lifeCycleStep
            self.action = action
            self.allowed = allowed
        }

        private enum CodingKeys: String, CodingKey {
            case status
            case lifeCycleStep = "life_cycle_step"
            case action, allowed
        }
    }

    /// Whether the call may have had an effect; what follows from it is `RPCError.retry`.
    package enum Processed: String, Sendable, Codable {
        case no
        case maybe
    }

    /// Which side of the wire the error was made on.
    package enum Origin: String, Sendable, Codable {
        case client
        case network
        case server
    }

    package var status: RPCStatus
    package var reason: String
    package var message: String
    package var details: [Detail]
    /// Set where a state machine refused the event.
    package var transition: Transition?
    package var retryAfterMilliseconds: Int?
    package var processed: Processed
    package var origin: Origin

    package init(
        _ status: RPCStatus,
        reason: String,
        message: String,
        details: [Detail] = [],
        retryAfterMilliseconds: Int? = nil,
        processed: Processed = .no,
        origin: Origin = .server
    ) {
        self.status = status
        self.reason = reason
        self.message = message
        self.details = details
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.processed = processed
        self.origin = origin
    }

    private enum CodingKeys: String, CodingKey {
        case code, reason, message, details, transition
        case retryAfterMilliseconds = "retry_after_ms"
        case processed, origin
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let code = try container.decode(UInt16.self, forKey: .code)
        status = RPCStatus(rawValue: code) ?? .unknown
        reason = try container.decodeIfPresent(String.self, forKey: .reason) ?? "unknown"
        message = try container.decodeIfPresent(String.self, forKey: .message) ?? ""
        details = try container.decodeIfPresent([Detail].self, forKey: .details) ?? []
        transition = try container.decodeIfPresent(Transition.self, forKey: .transition)
        retryAfterMilliseconds = try container.decodeIfPresent(
            Int.self,
            forKey: .retryAfterMilliseconds
        )
        processed = try container.decodeIfPresent(Processed.self, forKey: .processed) ?? .maybe
        origin = try container.decodeIfPresent(Origin.self, forKey: .origin) ?? .server
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(status.rawValue, forKey: .code)
        try container.encode(reason, forKey: .reason)
        try container.encode(message, forKey: .message)
        try container.encode(details, forKey: .details)
        try container.encodeIfPresent(transition, forKey: .transition)
        try container.encodeIfPresent(retryAfterMilliseconds, forKey: .retryAfterMilliseconds)
        try container.encode(processed, forKey: .processed)
        try container.encode(origin, forKey: .origin)
    }
}

extension RPCError {
    /// The answer to a missing, expired, revoked or malformed token: it says nothing more (1.7).
    package static let unauthenticated = RPCError(
        .unauthenticated,
        reason: "unauthenticated",
        message: "Unauthorized"
    )

    /// The answer to a missing scope or a source that is not the caller's: always the same (1.7).
    package static let forbidden = RPCError(
        .permissionDenied,
        reason: "forbidden",
        message: "Forbidden"
    )

    package static let notFound = RPCError(.notFound, reason: "not_found", message: "Not Found")

    /// The answer that hides a bug of ours: the request id in the log leads to the cause.
    package static let `internal` = RPCError(
        .internal,
        reason: "internal",
        message: "Internal Server Error",
        processed: .maybe
    )

    /// Bad input, refused whole, with every fault named.
    package static func invalid(_ details: [Detail]) -> RPCError {
        let count = details.count
        return RPCError(
            .invalidArgument,
            reason: "invalid_request",
            message: count == 1
                ? "The request has a fault: see errors."
                : "The request has \(count) faults: see errors.",
            details: details
        )
    }

    /// Well-formed input that a rule of the data refuses, every broken rule named (design 1.7: 422).
    package static func ruleBroken(_ details: [Detail]) -> RPCError {
        let count = details.count
        return RPCError(
            .failedPrecondition,
            reason: "rule_broken",
            message: count == 1
                ? "A rule is broken: see errors."
                : "\(count) rules are broken: see errors.",
            details: details
        )
    }

    /// An event that the state refuses, naming state, action and what is allowed (design 1.7: 409).
    package static func illegal(_ transition: Transition, _ message: String) -> RPCError {
        var error = RPCError(
            .failedPrecondition,
            reason: "illegal_transition",
            message: message
        )
        error.transition = transition
        return error
    }

    package static func unavailable(
        _ message: String,
        retryAfterMilliseconds: Int = 1_000
    )
        -> RPCError
    {
        RPCError(
            .unavailable,
            reason: "unavailable",
            message: message,
            retryAfterMilliseconds: retryAfterMilliseconds
        )
    }
}

extension RPCError {
    private static let bodyTooLargeReason = "body_too_large"

    /// A body above what its receiver takes, wherever that is found out.
    package static func bodyTooLarge(limit: Int) -> RPCError {
        RPCError(
            .outOfRange,
            reason: bodyTooLargeReason,
            message: "The body is larger than \(limit) bytes."
        )
    }

    /// The HTTP status that the edge answers with: the status's own, but for a body that is too large
    /// and an event that the state refuses.
    package var httpStatus: Int {
        if reason == Self.bodyTooLargeReason { return 413 }
        if transition != nil { return 409 }
        // A failure that claims success is a fault of ours.
        return status == .ok ? 500 : status.httpStatus
    }
}
