import GatewayService
import NIOCore
import Protocol
import Testing

@Suite("Errors as the client sees them")
struct ErrorMappingTests {
    private static let expected: [RPCStatus: Int] = [
        .ok: 500, .cancelled: 503, .unknown: 500, .invalidArgument: 400, .deadlineExceeded: 503,
        .notFound: 404, .alreadyExists: 409, .permissionDenied: 403, .resourceExhausted: 429,
        .failedPrecondition: 422, .aborted: 409, .outOfRange: 422, .unimplemented: 500,
        .internal: 500, .unavailable: 503, .dataLoss: 500, .unauthenticated: 401,
    ]

    private func body(_ reply: EdgeReply) -> String {
        guard case .bytes(let bytes) = reply.body else { return "" }
        return String(buffer: bytes)
    }

    private func header(_ reply: EdgeReply, _ name: String) -> String? {
        reply.headers.first { $0.name == name }?.value
    }

    @Test("Every status of a call has its HTTP status", arguments: RPCStatus.allCases)
    func everyStatus(status: RPCStatus) {
        let error = RPCError(status, reason: "some_reason", message: "some message")
        let reply = ErrorMapping.reply(error, requestID: "r1")
        #expect(reply.status == Self.expected[status])
        #expect(reply.contentType == "application/json")
    }

    @Test("I-10: what fails on our side is never described", arguments: RPCStatus.allCases)
    func noInternals(status: RPCStatus) {
        let secret = "SELECT * FROM t at /var/lib/x.db line 7"
        let detail = RPCError.Detail(field: "/x", code: "c", message: secret)
        let error = RPCError(status, reason: "r", message: secret, details: [detail])
        let reply = ErrorMapping.reply(error, requestID: "r1")
        if reply.status >= 500 { #expect(!body(reply).contains("SELECT")) }
    }

    @Test("Fixed bodies are fixed")
    func fixedBodies() {
        func text(_ error: RPCError) -> String { body(ErrorMapping.reply(error, requestID: "r")) }
        #expect(text(.unauthenticated) == #"{"message":"Unauthorized"}"#)
        #expect(text(.forbidden) == #"{"message":"Forbidden"}"#)
        #expect(text(.notFound) == #"{"message":"Not Found"}"#)
        #expect(text(.internal) == #"{"message":"Internal Server Error","request_id":"r"}"#)
    }

    @Test("Faults of the input are listed with their pointers")
    func faults() {
        let error = RPCError.invalid([
            RPCError.Detail(field: "/amount", code: "wrong_type", message: "say \"number\"")
        ])
        #expect(
            body(ErrorMapping.reply(error, requestID: "r1"))
                == #"{"message":"The request has a fault: see errors.","request_id":"r1","#
                + #""errors":[{"field":"/amount","code":"wrong_type","message":"say \"number\""}]}"#
        )
    }

    @Test("A body that a service finds too large is 413 whatever its status")
    func tooLarge() {
        for status in [RPCStatus.outOfRange, .resourceExhausted] {
            let error = RPCError(status, reason: "body_too_large", message: "too large")
            #expect(error.httpStatus == 413)
        }
    }

    @Test("Retry-After is in whole seconds and stands where trying again helps")
    func retryAfter() {
        let soon = RPCError.unavailable("x", retryAfterMilliseconds: 1_200)
        #expect(header(ErrorMapping.reply(soon, requestID: "r"), "retry-after") == "2")
        let busy = RPCError(.aborted, reason: "in_flight", message: "still running")
        #expect(header(ErrorMapping.reply(busy, requestID: "r"), "retry-after") == "1")
        let taken = RPCError(.alreadyExists, reason: "taken", message: "taken")
        #expect(header(ErrorMapping.reply(taken, requestID: "r"), "retry-after") == nil)
        let limited = RPCError(
            .resourceExhausted,
            reason: "rate",
            message: "slow down",
            retryAfterMilliseconds: 30_000
        )
        #expect(header(ErrorMapping.reply(limited, requestID: "r"), "retry-after") == "30")
    }

    @Test("An unknown outcome says how to find out")
    func unknownOutcome() {
        var error = RPCError.unavailable("connection lost")
        error.processed = .maybe
        let withKey = ErrorMapping.reply(error, requestID: "r", retrying: .withKey)
        #expect(body(withKey).contains("same Idempotency-Key"))
        let withoutKey = ErrorMapping.reply(
            error,
            requestID: "r",
            retrying: .withoutKey(.postingSet)
        )
        #expect(body(withoutKey).contains("source_batch_id"))
        error.processed = .no
        let notBegun = ErrorMapping.reply(error, requestID: "r", retrying: .withoutKey(.postingSet))
        #expect(body(notBegun).contains("Try again"))
    }

    @Test("Without a key, a payment of unknown outcome is looked for where it would be")
    func unknownPayment() {
        var error = RPCError.unavailable("connection lost")
        error.processed = .maybe
        let payment = ErrorMapping.reply(error, requestID: "r", retrying: .withoutKey(.payment))
        #expect(body(payment).contains("the batch of its username and date"))
        #expect(!body(payment).contains("source_batch_id"))
        let run = ErrorMapping.reply(error, requestID: "r", retrying: .withoutKey(.journalRun))
        #expect(body(run).contains("/api/AR/v1/journal"))
    }

    @Test(
        "An illegal transition names state, action and what is allowed, and asks for no repetition"
    )
    func transition() {
        var error = RPCError.illegal(
            .init(status: "Posted", lifeCycleStep: 40, action: "resume", allowed: ["reverse"]),
            "The batch is posted."
        )
        error.retryAfterMilliseconds = 1_000
        let reply = ErrorMapping.reply(error, requestID: "r1")
        #expect(reply.status == 409)
        #expect(header(reply, "retry-after") == nil)
        #expect(
            body(reply)
                == #"{"message":"The batch is posted.","request_id":"r1","status":"Posted","#
                + #""life_cycle_step":40,"action":"resume","allowed":["reverse"]}"#
        )
        let session = RPCError.illegal(
            .init(status: "Closed", lifeCycleStep: nil, action: "close", allowed: []),
            "m"
        )
        #expect(
            body(ErrorMapping.reply(session, requestID: "r1")).contains(
                #""status":"Closed","life_cycle_step":null,"action":"close","allowed":[]}"#
            )
        )
    }

    @Test("A token that is missing asks for one")
    func challenge() {
        let reply = ErrorMapping.reply(.unauthenticated, requestID: "r")
        #expect(header(reply, "www-authenticate") == "Bearer")
    }
}
