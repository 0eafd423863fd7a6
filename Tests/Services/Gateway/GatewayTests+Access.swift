import GatewayService
import HTTP2
import Identity
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import AccessRules
import ServiceRuntime
import Testing

/// Tokens, keys and what else the other services' methods become at the edge.
extension GatewayTests {
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
}
