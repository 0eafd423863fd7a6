internal import BatchRules
internal import Protocol

/// Turns what posting-service answered into what the task's machine understands: the one mapping
/// between the two (design 5.4).
enum AttemptJudge {
    static func end(_ result: PostSetResult) -> AttemptEnd {
        let isWhole = result.failures.isEmpty && result.errorMessage == nil
        return AttemptEnd(reply: .posted(everythingLoaded: isWhole), result: result)
    }

    /// The end of a set that posting-service will never post.
    static func withdrawn(afterAttempts attempts: Int) -> AttemptEnd {
        let message =
            "The set could not be processed in \(attempts) attempts and was withdrawn: "
            + "nothing was posted. It may be submitted again as a new set."
        return AttemptEnd(
            reply: .withdrawn,
            result: PostSetResult(transactionsLoaded: 0, failures: [], errorMessage: message)
        )
    }

    /// The end of an attempt whose body did not load: posting-service was not asked.
    ///
    /// Only a body that is not what was stored is given up; all else may pass and is no fault of the
    /// set, so that it is tried again for as long as it takes.
    static func end(loading error: any Error) -> AttemptEnd {
        guard let error = error as? RPCError else {
            return AttemptEnd(
                reply: .unavailable(waitMilliseconds: 0),
                result: nil,
                detail: "\(error)"
            )
        }
        return AttemptEnd(
            reply: error.reason == BodyReader.damagedReason
                ? .unreadable
                : .unavailable(waitMilliseconds: Int64(error.retryAfterMilliseconds ?? 0)),
            result: nil,
            detail: "\(error.status.name) \(error.reason)"
        )
    }

    static func end(_ error: any Error) -> AttemptEnd {
        guard let error = error as? RPCError else {
            return AttemptEnd(reply: .outcomeUnknown, result: nil, detail: "\(type(of: error))")
        }
        let detail = "\(error.status.name) \(error.reason)"
        switch error.retry {
        case .mend:
            return AttemptEnd(reply: .refused, result: refusal(error), detail: detail)
        case .permit, .wait:
            let wait = Int64(error.retryAfterMilliseconds ?? 0)
            return AttemptEnd(
                reply: .unavailable(waitMilliseconds: wait),
                result: nil,
                detail: detail
            )
        case .sameKey:
            return AttemptEnd(reply: .outcomeUnknown, result: nil, detail: detail)
        }
    }

    private static func refusal(_ error: RPCError) -> PostSetResult {
        let fields = error.details.map { "\($0.field): \($0.message)" }
        let message = ([error.message] + fields.prefix(10)).joined(separator: " ")
        return PostSetResult(transactionsLoaded: 0, failures: [], errorMessage: message)
    }
}
