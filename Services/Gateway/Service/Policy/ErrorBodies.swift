internal import JSON
internal import Protocol

/// The bodies of refusals, by the one table (design 1.7).
enum ErrorBodies {
    static var unauthorized: EdgeReply {
        .json(401, #"{"message":"Unauthorized"}"#, headers: [("www-authenticate", "Bearer")])
    }

    static var forbidden: EdgeReply { .json(403, #"{"message":"Forbidden"}"#) }

    static var notFound: EdgeReply { .json(404, #"{"message":"Not Found"}"#) }

    static func methodNotAllowed(_ allowed: String) -> EdgeReply {
        .json(405, #"{"detail":"Method Not Allowed"}"#, headers: [("allow", allowed)])
    }

    /// `{"message","request_id"}`, with what a state machine refused and with `errors` where there are
    /// any.
    static func general(
        _ status: Int,
        message: String,
        requestID: String,
        details: [RPCError.Detail]? = nil,
        transition: RPCError.Transition? = nil,
        retryAfterSeconds: Int? = nil
    ) -> EdgeReply {
        let body = JSONWriter.buffer { json in
            json.member("message", message)
            json.member("request_id", requestID)
            if let transition { add(transition, to: &json) }
            guard let details else { return }
            json.array("errors") { json in
                for detail in details {
                    json.object { json in
                        json.member("field", detail.field)
                        json.member("code", detail.code)
                        json.member("message", detail.message)
                    }
                }
            }
        }
        let retry = retryAfterSeconds.map { [(name: "retry-after", value: String($0))] }
        return .json(status, body, headers: retry ?? [])
    }

    private static func add(_ transition: RPCError.Transition, to json: inout JSONWriter) {
        json.member("status", transition.status)
        json.member("life_cycle_step", transition.lifeCycleStep.map { Int64($0) })
        json.member("action", transition.action)
        json.member("allowed", transition.allowed)
    }
}
