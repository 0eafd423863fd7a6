internal import NIOCore
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
        var writer = JSONWriter()
        writer.open("{")
        writer.field("message", message)
        writer.field("request_id", requestID)
        if let transition { add(transition, to: &writer) }
        if let details {
            writer.key("errors")
            writer.open("[")
            for detail in details {
                writer.open("{")
                writer.field("field", detail.field)
                writer.field("code", detail.code)
                writer.field("message", detail.message)
                writer.close("}")
            }
            writer.close("]")
        }
        writer.close("}")
        let retry = retryAfterSeconds.map { [(name: "retry-after", value: String($0))] }
        return .json(status, writer.buffer, headers: retry ?? [])
    }

    private static func add(_ transition: RPCError.Transition, to writer: inout JSONWriter) {
        writer.field("status", transition.status)
        writer.key("life_cycle_step")
        if let step = transition.lifeCycleStep {
            writer.integer(Int64(step))
        } else {
            writer.null()
        }
        writer.field("action", transition.action)
        writer.key("allowed")
        writer.strings(transition.allowed)
    }
}
