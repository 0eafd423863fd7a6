import GatewayService
import HTTP2
import Identity
import JSON
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import Testing

/// The command API of seed 002 at the edge.
extension GatewayTests {
    static let commands = "/api/commands/StudentAccounts/StudentAccountTransaction/"
    static let post = commands + "PostAccountTransactionPayment"

    static let flags = [
        "hasError", "hasFault", "hasWarning", "hasValidationError", "hasValidationWarning",
        "hasValidationInformation", "hasSecurityError",
    ]

    func raised(_ reply: EdgeReply) -> [String]? {
        guard let envelope = JSONNode(Array(text(reply).utf8)),
            envelope["payload"]?["data"] == .null
        else { return nil }
        guard Self.flags.allSatisfy({ envelope[$0] != nil }) else { return nil }
        return Self.flags.filter { envelope[$0] == .boolean(true) }
    }

    func notifications(_ reply: EdgeReply) -> [JSONNode] {
        JSONNode(Array(text(reply).utf8))?["notifications"]?.elements ?? []
    }

    @Test(
        "A2-1: an operation is found in any case of its last segment, and others are not",
        arguments: [
            ("PostAccountTransactionPayment", "posting.transactions.post_payment"),
            ("postAccountTransactionPayment", "posting.transactions.post_payment"),
            ("POSTACCOUNTTRANSACTIONPAYMENT", "posting.transactions.post_payment"),
            ("voidAccountTransactionPayment", "posting.transactions.void_payment"),
            ("VoidAccountTransactionPayment", "posting.transactions.void_payment"),
            ("PostAccountTransactionCharge", nil), ("", nil),
            ("Post%41ccountTransactionPayment", nil),
            ("PostAccountTransactionPayment/", nil),
        ] as [(String, String?)]
    )
    func operations(name: String, method: String?) async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(string: #"{"hasError":false}"#),
                metadata: ["http_status": .integer(200)]
            )
        }
        let reply = await rig.gateway.respond(
            to: request(
                .post,
                Self.commands + name,
                fields: [Self.json, ("idempotency-key", "k")],
                body: #"{"payload":{}}"#
            )
        )
        #expect(reply.status == (method == nil ? 404 : 200))
        #expect(rig.seen.map(\.method) == [method].compactMap { $0 })
        guard method != nil else { return }
        #expect(text(reply) == #"{"hasError":false}"#)
        #expect(rig.seen.map(\.body) == [#"{"payload":{}}"#])
        #expect(rig.seen.map(\.key) == ["k"])
    }

    @Test("The other segments of a command count by their case, and a command is posted")
    func commandPath() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let lower = await rig.gateway.respond(to: request(.post, Self.post.lowercased()))
        #expect(lower.status == 404)
        let get = await rig.gateway.respond(to: request(.get, Self.post))
        #expect(get.status == 405)
    }

    @Test(
        "A2-12: the service's status and envelope pass as they are",
        arguments: [200, 400, 403, 500]
    )
    func statusOfTheService(status: Int) async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(string: #"{ "hasError" : true }"#),
                metadata: ["http_status": .integer(Int64(status)), "replayed": .boolean(true)]
            )
        }
        let reply = await rig.gateway.respond(
            to: request(.post, Self.post, fields: [Self.json], body: "{}")
        )
        #expect(reply.status == status)
        #expect(text(reply) == #"{ "hasError" : true }"#)
        #expect(header(reply, "idempotent-replayed") == "true")
    }

    @Test("A2-12: every refusal of a call is an envelope with its flags")
    func envelopes() async {
        let invalid = RPCError.invalid([
            .init(field: "/payload/awardYear", code: "missing", message: "awardYear is required."),
            .init(field: "studentId", code: "wrong_type", message: "a \"number\""),
        ])
        let broken = RPCError.ruleBroken([.init(field: "", code: "rule", message: "m")])
        let used = RPCError(.failedPrecondition, reason: "key_reused", message: "other body")
        let busy = RPCError(.aborted, reason: "in_flight", message: "still running")
        let rows: [(RPCError, Int, [String], String?)] = [
            (invalid, 400, ["hasError", "hasValidationError"], nil),
            (.forbidden, 403, ["hasError", "hasSecurityError"], nil),
            (broken, 422, ["hasError", "hasValidationError"], nil),
            (used, 422, ["hasError", "hasValidationError"], nil),
            (busy, 409, ["hasError", "hasValidationError"], "1"),
            (.unavailable("secret"), 503, ["hasError", "hasFault"], "1"),
            (.internal, 500, ["hasError", "hasFault"], nil),
        ]
        for (error, status, flags, retry) in rows {
            let rig = Rig { _ in throw error }
            let reply = await rig.gateway.respond(
                to: request(.post, Self.post, fields: [Self.json], body: "{}")
            )
            #expect(reply.status == status)
            #expect(raised(reply) == flags)
            #expect(header(reply, "retry-after") == retry)
            #expect(notifications(reply).count == max(1, error.details.count))
            #expect(notifications(reply).allSatisfy { $0["severity"] == .string("Error") })
            #expect(!text(reply).contains("secret"))
        }
        let rig = Rig { _ in throw invalid }
        let reply = await rig.gateway.respond(
            to: request(.post, Self.post, fields: [Self.json], body: "{}")
        )
        #expect(
            notifications(reply).map { $0["property"] }
                == ["awardYear", "studentId"].map {
                    .string($0)
                }
        )
        #expect(
            notifications(reply).map { $0["code"] }
                == ["missing", "wrong_type"].map {
                    .string($0)
                }
        )
    }

    @Test("A fault of ours names nothing but the request")
    func fault() async {
        struct Secret: Error { let path = "/var/lib/secret.db" }
        let rig = Rig { _ in throw Secret() }
        let reply = await rig.gateway.respond(
            to: request(.post, Self.post, fields: [Self.json], body: "{}")
        )
        #expect(reply.status == 500)
        #expect(raised(reply) == ["hasError", "hasFault"])
        #expect(
            notifications(reply).map { $0["message"] }
                == [.string("Internal Server Error, request r1.")]
        )
        let silent = Rig { _ in UpstreamReply(body: ByteBuffer(string: "{}")) }
        let noStatus = await silent.gateway.respond(
            to: request(.post, Self.post, fields: [Self.json], body: "{}")
        )
        #expect(noStatus.status == 500)
    }

    @Test("A payment of unknown outcome tells how to go on, in the envelope")
    func unknownCommandOutcome() async {
        let rig = Rig { _ in
            throw RPCError(.unavailable, reason: "lost", message: "lost", processed: .maybe)
        }
        for (fields, words) in [
            ([Self.json], "ledger card"),
            ([Self.json, ("idempotency-key", "k")], "same Idempotency-Key"),
        ] {
            let reply = await rig.gateway.respond(
                to: request(.post, Self.post, fields: fields, body: "{}")
            )
            #expect(reply.status == 503)
            #expect(raised(reply) == ["hasError", "hasFault"])
            #expect(text(reply).contains(words))
        }
    }

    @Test("S2-23: no credential is the general 401, a missing scope 403 with hasSecurityError")
    func refusedCommands() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let without = await rig.gateway.respond(to: request(.post, Self.post, token: nil))
        #expect(without.status == 401)
        #expect(text(without) == #"{"message":"Unauthorized"}"#)
        let wrong = await rig.gateway.respond(to: request(.post, Self.post, token: "api:other"))
        #expect(wrong.status == 403)
        #expect(raised(wrong) == ["hasError", "hasSecurityError"])
        #expect(notifications(wrong).map { $0["message"] } == [.string("Forbidden")])
        #expect(rig.seen.isEmpty)
        #expect(
            rig.audited.withLockedValue { $0.map(\.scope) }.contains(
                "api:student_accounts.payments:write"
            )
        )
    }
}
