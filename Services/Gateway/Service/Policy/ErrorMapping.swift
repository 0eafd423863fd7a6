package import Protocol

/// The one place where a call's error becomes an HTTP answer (design 1.7; fault I-10).
///
/// Status and what may be done next are the contract's: `RPCError.httpStatus`, `RPCError.retry`.
package enum ErrorMapping {
    /// What a client is told of a call whose outcome may be unknown.
    package enum Retrying: Sendable {
        /// Reading again is always safe.
        case safe
        /// A submission with an `Idempotency-Key`.
        case withKey
        /// A submission without one: where its sender finds out what has become of it.
        case withoutKey(Lookup)
    }

    /// Where a submission that was accepted can be seen.
    package enum Lookup: Sendable {
        case postingSet
        case payment
        case batch
        case journalRun
        case drawerSession
        case ledgerCard

        fileprivate var words: String {
            switch self {
            case .postingSet: "Look for its source_batch_id in the history"
            case .payment: "Look for it in the batch of its username and date"
            case .batch: "Look at the batch"
            case .journalRun: "Look at the newest run of GET /api/AR/v1/journal"
            case .drawerSession: "Look at the drawer's session"
            case .ledgerCard: "Look at the student's ledger card"
            }
        }
    }

    package static func reply(
        _ error: RPCError,
        requestID: String,
        retrying: Retrying = .safe
    ) -> EdgeReply {
        let status = error.httpStatus
        switch status {
        case 401: return ErrorBodies.unauthorized
        case 403: return ErrorBodies.forbidden
        case 404: return ErrorBodies.notFound
        default: break
        }
        return ErrorBodies.general(
            status,
            message: message(error, status, retrying),
            requestID: requestID,
            details: carriesDetails(error, status) ? error.details : nil,
            transition: error.transition,
            retryAfterSeconds: retryAfter(error, status)
        )
    }

    /// Refusals speak in the service's words; what failed on our side is never described.
    static func message(
        _ error: RPCError,
        _ status: Int,
        _ retrying: Retrying
    ) -> String {
        switch status {
        case 500: "Internal Server Error"
        case 503: unavailable(error, retrying)
        default: error.message
        }
    }

    private static func unavailable(_ error: RPCError, _ retrying: Retrying) -> String {
        let unknown = "It is not known whether the request was accepted. "
        switch retrying {
        case .withKey where error.retry == .sameKey:
            return unknown + "Send it again with the same Idempotency-Key: it takes effect once."
        case .withoutKey(let lookup) where error.retry == .sameKey:
            return unknown + lookup.words
                + " before sending it again; with an Idempotency-Key that is not needed."
        case .safe, .withKey, .withoutKey:
            return
                "The service is not available at the moment. Try again after Retry-After seconds."
        }
    }

    private static func carriesDetails(_ error: RPCError, _ status: Int) -> Bool {
        status == 400 || ((status == 409 || status == 422) && !error.details.isEmpty)
    }

    /// Whole seconds, at least one.
    static func retryAfter(_ error: RPCError, _ status: Int) -> Int? {
        // Time alone does not make an illegal transition a legal one.
        guard error.transition == nil else { return nil }
        let seconds = error.retryAfterMilliseconds.map { max(1, ($0 + 999) / 1_000) }
        switch status {
        case 409, 429, 503: return seconds ?? (error.status.retry == .wait ? 1 : nil)
        default: return nil
        }
    }
}

/// A submission that failed, which the client is told how to repeat.
struct SubmissionFailure: Error, Sendable {
    let cause: RPCError
    let retrying: ErrorMapping.Retrying
}
