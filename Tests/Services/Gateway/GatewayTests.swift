import GatewayService
import HTTP2
import Identity
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import ScopeRules
import ServiceRuntime
import Testing

@Suite("What the gateway makes of a request")
struct GatewayTests {
    private static let maximumBody = 1_000

    /// Tokens in this suite are the scopes that they hold, joined by commas.
    private static let authorize: Gateway.Authorize = { token, authority in
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

    private struct Rig {
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
                audit: { [audited] event in audited.withLockedValue { $0.append(event) } },
                report: { _, _ in },
                onEnd: { _ in }
            )
        }

        var seen: [ScriptedUpstream.Seen] { upstream.seen.withLockedValue { $0 } }
    }

    private static let every = Scope.all.map(\.rawValue).joined(separator: ",")
    private static let batches = "/api/accounts_receivable/postings/batches"
    private static let json = ("content-type", "application/json")

    private func request(
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

    private func text(_ reply: EdgeReply) -> String {
        guard case .bytes(let bytes) = reply.body else { return "(pieces)" }
        return String(buffer: bytes)
    }

    private func header(_ reply: EdgeReply, _ name: String) -> String? {
        reply.headers.first { $0.name == name }?.value
    }

    // MARK: Routes

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

    // MARK: Tokens

    @Test(
        "A raw key and a list of scopes give a token",
        arguments: ["a:b c:d", "a:b+c:d", "a:b%20c:d"]
    )
    func issuing(scopes: String) async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(
                    string: #"{"accepted_scopes":["a:b"],"expires_in":3600,"jwt":"x.y.z"}"#
                )
            )
        }
        var target = "/api/jwt?scope=" + scopes
        target.replace(" ", with: "%20")
        let reply = await rig.gateway.respond(
            to: request(.post, target, token: nil, fields: [("authorization", "brs_key")])
        )
        #expect(reply.status == 200)
        #expect(text(reply) == #"{"jwt":"x.y.z","accepted_scopes":["a:b"]}"#)
        #expect(rig.seen.map(\.body) == [#"{"api_key":"brs_key","scopes":["a:b","c:d"]}"#])
    }

    @Test("Without a key there is no token")
    func noKey() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let reply = await rig.gateway.respond(to: request(.post, "/api/jwt?scope=a", token: nil))
        #expect(reply.status == 401)
        #expect(rig.seen.isEmpty)
    }

    @Test("The keys that verify tokens are for everyone")
    func keySet() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let reply = await rig.gateway.respond(
            to: request(.get, "/.well-known/jwks.json", token: nil)
        )
        #expect(
            text(reply)
                == #"{"keys":[{"kty":"EC","use":"sig","alg":"ES256","crv":"P-256","kid":"k","#
                + #""x":"X","y":"Y"}]}"#
        )
    }

    @Test("A token is introspected from a form and from JSON")
    func introspection() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: #"{"active":false}"#)) }
        for (type, body) in [
            ("application/x-www-form-urlencoded", "token=a%2Eb&token_type_hint=x"),
            ("application/json", #"{"token":"a.b"}"#),
        ] {
            let reply = await rig.gateway.respond(
                to: request(.post, "/api/introspect", fields: [("content-type", type)], body: body)
            )
            #expect(text(reply) == #"{"active":false}"#)
        }
        #expect(rig.seen.map(\.body) == [#"{"token":"a.b"}"#, #"{"token":"a.b"}"#])
    }

    @Test(
        "A name in the path is put into the body, which is otherwise left as it is",
        arguments: [
            (#"{"account":"a"}"#, #"{"source_name":"S","account":"a"}"#),
            (#" { } "#, #"{"source_name":"S"} "#),
            (#"{"source_name":"T"}"#, #"{"source_name":"S","source_name":"T"}"#),
        ]
    )
    func mergedName(body: String, sent: String) async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: "{}")) }
        let reply = await rig.gateway.respond(
            to: request(.put, "/api/auth/sources/S", fields: [Self.json], body: body)
        )
        #expect(reply.status == 200)
        #expect(
            rig.seen.map { $0.body.replacing(" ", with: "") } == [sent.replacing(" ", with: "")]
        )
    }

    @Test("A new key is 201")
    func newKey() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: "{}")) }
        let reply = await rig.gateway.respond(
            to: request(.post, "/api/auth/keys", fields: [Self.json], body: #"{"account":"a"}"#)
        )
        #expect(reply.status == 201)
        #expect(rig.seen.map(\.body) == [#"{"account":"a"}"#])
    }

    @Test("The audit trail is read in pages")
    func auditPages() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: #"[{"id":9},{"id":7}]"#)) }
        let first = await rig.gateway.respond(
            to: request(.get, "/api/audit?actor=a&outcome=refused&pagesize=2")
        )
        #expect(first.continuationKey == "audit-7")
        let last = await rig.gateway.respond(
            to: request(.get, "/api/audit?pagesize=3&continuation_key=audit-7")
        )
        #expect(last.continuationKey == nil)
        #expect(
            rig.seen.map(\.body) == [
                #"{"actor":"a","outcome":"refused","limit":2}"#, #"{"before_id":7,"limit":3}"#,
            ]
        )
        for query in ["pagesize=0", "pagesize=x", "pagesize=1001", "continuation_key=7"] {
            let reply = await rig.gateway.respond(to: request(.get, "/api/audit?" + query))
            #expect(reply.status == 400)
        }
    }

    @Test("The export is one answer made of the service's pages")
    func export() async throws {
        let asked = NIOLockedValueBox(0)
        let rig = Rig { _ in
            let page = asked.withLockedValue { count in
                count += 1
                return count
            }
            return UpstreamReply(
                body: ByteBuffer(string: "line \(page)\n"),
                metadata: [
                    "last_entry_id": .integer(Int64(page * 10)), "more": .boolean(page < 3),
                ]
            )
        }
        let reply = await rig.gateway.respond(to: request(.get, "/api/general_ledger/entries"))
        guard case .pieces(let write) = reply.body else {
            Issue.record("the export is not streamed")
            return
        }
        let target = OutboundBody {}
        try await write(target)
        target.finish()
        var whole = ""
        while case .bytes(let piece) = target.takePiece() { whole += String(buffer: piece) }
        #expect(whole == "line 1\nline 2\nline 3\n")
        #expect(
            rig.seen.map(\.body) == [
                #"{"after":0,"limit":10000}"#, #"{"after":10,"limit":10000}"#,
                #"{"after":20,"limit":10000}"#,
            ]
        )
    }

    // MARK: Refusals

    @Test("Every route that needs a scope refuses the others, and that is on record")
    func scopes() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let paths: [(EdgeMethod, String)] = [
            (.post, Self.batches), (.get, Self.batches), (.get, Self.batches + "/1"),
            (.get, "/api/tasks/1"), (.get, "/api/tasks/1/progress"), (.get, "/api/audit"),
            (.post, "/api/introspect"), (.get, "/api/auth/keys"), (.post, "/api/auth/keys"),
            (.delete, "/api/auth/keys/1"), (.put, "/api/auth/sources/S"),
            (.put, "/api/auth/accounts/a"), (.post, "/api/auth/signing-keys/rotate"),
            (.get, "/api/accounts_receivable/accounts/1"),
            (.get, "/api/accounts_receivable/accounts/1/ledger"),
            (.get, "/api/accounts_receivable/detail_codes/A"),
            (.get, "/api/general_ledger/trial_balance"), (.get, "/api/general_ledger/entries"),
        ]
        for (method, path) in paths {
            let without = await rig.gateway.respond(to: request(method, path, token: nil))
            #expect(without.status == 401)
            #expect(text(without) == #"{"message":"Unauthorized"}"#)
            let wrong = await rig.gateway.respond(to: request(method, path, token: "api:other"))
            #expect(wrong.status == 403)
            #expect(text(wrong) == #"{"message":"Forbidden"}"#)
        }
        #expect(rig.seen.isEmpty)
        let events = rig.audited.withLockedValue { $0 }
        #expect(events.count == paths.count * 2)
        #expect(events.allSatisfy { $0.outcome == .refused && $0.peer == "192.0.2.1" })
        #expect(events.first?.action == "POST " + Self.batches)
    }

    @Test("A1-12: an auditor reads sets and tasks, and submits none")
    func auditor() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: "{}")) }
        let token = Scope.auditRead.rawValue
        for path in [Self.batches, Self.batches + "/1", "/api/tasks/1", "/api/tasks/1/progress"] {
            let reply = await rig.gateway.respond(to: request(.get, path, token: token))
            #expect(reply.status == 200)
        }
        let reply = await rig.gateway.respond(
            to: request(.post, Self.batches, token: token, fields: [Self.json], body: "{}")
        )
        #expect(reply.status == 403)
        #expect(rig.audited.withLockedValue { $0.count } == 1)
    }

    @Test(
        "A token stands behind Bearer and nothing else",
        arguments: ["Basic x", "x", "Bearer", ""]
    )
    func otherSchemes(authorization: String) async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let reply = await rig.gateway.respond(
            to: request(.get, "/api/me", token: nil, fields: [("authorization", authorization)])
        )
        #expect(reply.status == 401)
    }

    @Test("Methods that a path does not have are 405 with those that it has")
    func wrongMethod() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let reply = await rig.gateway.respond(to: request(.get, "/api/jwt", token: nil))
        #expect(reply.status == 405)
        #expect(text(reply) == #"{"detail":"Method Not Allowed"}"#)
        #expect(header(reply, "allow") == "POST, OPTIONS")
        let trace = await rig.gateway.respond(to: request(.other, "/api/me"))
        #expect(trace.status == 405)
        let options = await rig.gateway.respond(to: request(.options, "/api/me", token: nil))
        #expect(options.status == 204)
        #expect(header(options, "allow") == "GET, HEAD, OPTIONS")
    }

    @Test("What is not there is 404 for everyone")
    func unknownPath() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let reply = await rig.gateway.respond(to: request(.get, "/api/nothing", token: nil))
        #expect(reply.status == 404)
        #expect(text(reply) == #"{"message":"Not Found"}"#)
    }

    @Test("I-10: an error that nobody expected is 500 and says nothing")
    func unexpected() async {
        struct Secret: Error { let path = "/var/lib/secret.db" }
        let rig = Rig { _ in throw Secret() }
        let reply = await rig.gateway.respond(to: request(.get, "/api/me"))
        #expect(reply.status == 500)
        #expect(text(reply) == #"{"message":"Internal Server Error","request_id":"r1"}"#)
    }

    @Test("A body that came too slowly is 408")
    func slowBody() async throws {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let incoming = request(.post, Self.batches, fields: [Self.json], isComplete: false)
        async let reply = rig.gateway.respond(to: incoming)
        #expect(try await eventually { incoming.body.isReaderWaiting })
        incoming.body.fail(BodyFault.tooSlow)
        #expect(await reply.status == 408)
    }
}
