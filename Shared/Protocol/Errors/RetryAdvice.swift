/// What a caller may do after a call that failed: the table *Retries* of PROTOCOL.md section 9.
///
/// Forwarders, the edge and the CLI judge by nothing else.
package enum RetryAdvice: String, Sendable, CaseIterable {
    /// Nothing happened, and the same again is refused again: change the request.
    case mend
    /// Nothing happened; the same again succeeds once a key, a grant or a version has changed.
    case permit
    /// Nothing happened: send the same again after `retry_after_ms`, or a pause of one's own.
    case wait
    /// It may have happened: send the same again under the same idempotency key, which takes effect
    /// once; without one, look first.
    case sameKey = "same_key"
}

extension RPCStatus {
    /// What may be done after this status where the error says that nothing happened.
    ///
    /// A service that failed in a way it does not know itself cannot promise that.
    package var retry: RetryAdvice {
        switch self {
        case .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .outOfRange: .mend
        case .permissionDenied, .unauthenticated, .unimplemented: .permit
        case .cancelled, .deadlineExceeded, .resourceExhausted, .aborted, .unavailable: .wait
        case .ok, .unknown, .internal, .dataLoss: .sameKey
        }
    }
}

extension RPCError {
    package var retry: RetryAdvice { processed == .maybe ? .sameKey : status.retry }
}
