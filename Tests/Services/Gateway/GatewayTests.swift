import GatewayService
import HTTP2
import Identity
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import AccessRules
import ServiceRuntime
import Testing

@Suite("What the gateway makes of a request")
struct GatewayTests {
    static let maximumBody = 1_000

    /// Tokens in this suite are the scopes that they hold, joined by commas.
    static let authorize: Gateway.Authorize = { token, authority in
        guard let token, token != "expired" else {
            return .failure(AccessRefusal(.token(.noToken)))
        }
        if case .scope(let scope) = authority,
            !token.split(separator: ",").contains(Substring(scope.rawValue))
        {
            return .failure(AccessRefusal(.token(.wrongScope)))
        }
        return .success(nil)
    }

    struct Rig {
        let gateway: Gateway
        let upstream: ScriptedUpstream
        let audited = NIOLockedValueBox<[AuditEvent]>([])

        init(_ answer: @escaping @Sendable (String) throws -> UpstreamReply) {
            let upstream = ScriptedUpstream(answer)
            self.upstream = upstream
            gateway = Gateway(
                endpoints: EdgeRoutes.all(
                    Upstreams(auth: upstream, batch: upstream, posting: upstream),
                    maximumBodyBytes: GatewayTests.maximumBody,
                    verificationKeys: {
                        [AccessSnapshot.VerificationKey(kid: "k", x: "X", y: "Y")]
                    }
                ),
                authorize: GatewayTests.authorize,
                audit: { [audited] call in audited.withLockedValue { $0.append(call.event) } },
                report: { _, _ in },
                onEnd: { _ in }
            )
        }

        var seen: [ScriptedUpstream.Seen] { upstream.seen.withLockedValue { $0 } }
    }

    static let every = Scope.all.map(\.rawValue).joined(separator: ",")
    static let batches = "/api/accounts_receivable/postings/batches"
    static let json = ("content-type", "application/json")

    func request(
        _ method: EdgeMethod,
        _ target: String,
        token: String? = GatewayTests.every,
        fields: [(String, String)] = [],
        body: String = "",
        isComplete: Bool = true
    ) -> EdgeRequest {
        var all = RequestFields()
        if let token {
            all.add(name: "authorization", value: "Bearer " + token, limit: 32_768)
        }
        for (name, value) in fields { all.add(name: name, value: value, limit: 32_768) }
        let inbound = InboundBody { _ in }
        inbound.receive(ByteBuffer(string: body))
        if isComplete { inbound.finish() }
        return EdgeRequest(
            id: "r1",
            method: method,
            target: RequestTarget(target),
            fields: all,
            clientAddress: "192.0.2.1",
            body: inbound
        )
    }

    func text(_ reply: EdgeReply) -> String {
        guard case .bytes(let bytes) = reply.body else { return "(pieces)" }
        return String(buffer: bytes)
    }

    func header(_ reply: EdgeReply, _ name: String) -> String? {
        reply.headers.first { $0.name == name }?.value
    }

    @Test(
        "Every route calls its method with its parameters",
        arguments: [
            ("GET /api/me", "auth.me", "{}"),
            ("GET /api/auth/keys?account=a", "auth.keys.list", #"{"account":"a"}"#),
            ("DELETE /api/auth/keys/k%201", "auth.keys.revoke", #"{"key_id":"k 1"}"#),
            ("DELETE /api/auth/tokens/j", "auth.tokens.revoke", #"{"jti":"j"}"#),
            ("GET /api/auth/accounts", "auth.accounts.list", "{}"),
            ("GET /api/auth/sources", "auth.sources.list", "{}"),
            ("POST /api/auth/signing-keys/rotate", "auth.signing_keys.rotate", "{}"),
            ("GET /api/tasks/7", "batch.tasks.get", #"{"id":"7"}"#),
            ("GET /api/tasks/7/progress", "batch.tasks.progress", #"{"id":"7"}"#),
            ("GET \(batches)/15839", "batch.sets.get", #"{"batch_id":"15839"}"#),
            (
                "GET \(batches)?source_name=A&source_name=B&pagesize=5&x=%22", "batch.sets.list",
                #"{"filters":{"source_name":["A","B"],"x":["\""]},"pagesize":"5"}"#
            ),
            (
                "GET \(batches)?continuation_key=c", "batch.sets.list",
                #"{"filters":{},"continuation_key":"c"}"#
            ),
            (
                "GET /api/accounts_receivable/accounts/33970N", "posting.accounts.get",
                #"{"account_id":"33970N"}"#
            ),
            (
                "GET /api/accounts_receivable/accounts/1/ledger?pagesize=2",
                "posting.accounts.ledger", #"{"account_id":"1","pagesize":"2"}"#
            ),
            (
                "GET /api/accounts_receivable/detail_codes/A484", "posting.detail_codes.get",
                #"{"detail_code":"A484"}"#
            ),
            ("GET /api/general_ledger/trial_balance", "posting.trial_balance", "{}"),
        ]
    )
    func routes(line: String, method: String, body: String) async throws {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: #"{"a":1}"#)) }
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        let reply = await rig.gateway.respond(
            to: request(EdgeMethod(token: parts[0]), parts[1])
        )
        #expect(reply.status == 200)
        #expect(text(reply) == #"{"a":1}"#)
        #expect(rig.seen.map(\.method) == [method])
        #expect(rig.seen.map(\.body) == [body])
        #expect(rig.seen.map(\.token) == [Self.every])
        #expect(rig.seen.map(\.requestID) == ["r1"])
    }

    @Test("S1-13: a submission is 202 with its task's place and the service's own body")
    func submission() async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(string: #"{"status":"accepted"}"#),
                metadata: [
                    "task_id": .string("5deeb1c608a94008f54748b2"), "replayed": .boolean(false),
                ]
            )
        }
        let body = #"{ "transactions": [ 1.10 ] }"#
        let reply = await rig.gateway.respond(
            to: request(
                .post,
                Self.batches,
                fields: [Self.json, ("idempotency-key", "k-1")],
                body: body
            )
        )
        #expect(reply.status == 202)
        #expect(text(reply) == #"{"status":"accepted"}"#)
        #expect(header(reply, "location") == "/api/tasks/5deeb1c608a94008f54748b2")
        #expect(header(reply, "idempotent-replayed") == nil)
        #expect(rig.seen.map(\.body) == [body])
        #expect(rig.seen.map(\.key) == ["k-1"])
    }

    @Test("A replayed submission says so")
    func replayed() async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(),
                metadata: ["task_id": .string("1"), "replayed": .boolean(true)]
            )
        }
        let reply = await rig.gateway.respond(
            to: request(.post, Self.batches, fields: [Self.json], body: "{}")
        )
        #expect(header(reply, "idempotent-replayed") == "true")
    }

    @Test("A body that is still coming is passed on in pieces")
    func streamedSubmission() async throws {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(), metadata: ["task_id": .string("1")])
        }
        let incoming = request(
            .post,
            Self.batches,
            fields: [Self.json],
            body: "first,",
            isComplete: false
        )
        async let reply = rig.gateway.respond(to: incoming)
        #expect(try await eventually { incoming.body.isReaderWaiting })
        incoming.body.receive(ByteBuffer(string: "second"))
        incoming.body.finish()
        #expect(await reply.status == 202)
        #expect(rig.seen.map(\.body) == ["first,second"])
        #expect(rig.seen.map(\.isUpload) == [true])
    }

    @Test("I-07: a body above the limit is 413, by its length or by its bytes")
    func tooLarge() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(), metadata: ["task_id": .string("1")])
        }
        let said = await rig.gateway.respond(
            to: request(
                .post,
                Self.batches,
                fields: [Self.json, ("content-length", "1001")],
                isComplete: false
            )
        )
        #expect(said.status == 413)
        for isComplete in [true, false] {
            let reply = await rig.gateway.respond(
                to: request(
                    .post,
                    Self.batches,
                    fields: [Self.json],
                    body: String(repeating: "a", count: 1_001),
                    isComplete: isComplete
                )
            )
            #expect(reply.status == 413)
        }
        #expect(rig.seen.isEmpty)
    }

    @Test(
        "H-14: bodies of another type or coding are 415",
        arguments: [
            [], [("content-type", "text/plain")],
            [("content-type", "application/json; charset=utf-16")],
            [("content-type", "application/x-www-form-urlencoded")],
            [("content-type", "application/json"), ("content-encoding", "gzip")],
        ]
    )
    func wrongType(fields: [(String, String)]) async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let reply = await rig.gateway.respond(
            to: request(.post, Self.batches, fields: fields, body: "{}")
        )
        #expect(reply.status == 415)
        #expect(text(reply).contains("Send the body with"))
        #expect(rig.seen.isEmpty)
    }

    @Test("An Idempotency-Key that cannot be one is 400", arguments: ["a b", "", "ä"])
    func badKey(key: String) async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let reply = await rig.gateway.respond(
            to: request(
                .post,
                Self.batches,
                fields: [Self.json, ("idempotency-key", key)],
                body: "{}"
            )
        )
        #expect(reply.status == 400)
    }

    @Test("A submission of unknown outcome tells how to go on")
    func unknownOutcome() async {
        let rig = Rig { _ in
            throw RPCError(.unavailable, reason: "lost", message: "lost", processed: .maybe)
        }
        let reply = await rig.gateway.respond(
            to: request(
                .post,
                Self.batches,
                fields: [Self.json, ("idempotency-key", "k")],
                body: "{}"
            )
        )
        #expect(reply.status == 503)
        #expect(text(reply).contains("same Idempotency-Key"))
        #expect(header(reply, "retry-after") == "1")
    }

    @Test("A1-21: a page of history carries its count and the next page's key")
    func historyPage() async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(string: "[]"),
                metadata: ["x_count": .integer(250), "continuation_key": .string("next-1")]
            )
        }
        let reply = await rig.gateway.respond(to: request(.get, Self.batches))
        #expect(header(reply, "x-count") == "250")
        #expect(reply.continuationKey == "next-1")
    }
}
