import GatewayService
import HTTP2
import Identity
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import AccessRules
import ServiceRuntime
import Testing

/// What is refused, and how.
extension GatewayTests {
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
            (.post, "/api/AR/v1/payments"), (.get, "/api/AR/v1/payments/1"),
            (.post, "/api/AR/v1/payments/delete"), (.post, "/api/AR/v1/payments/1/reverse"),
            (.get, "/api/AR/v1/batches"), (.get, "/api/AR/v1/batches/1"),
            (.get, "/api/AR/v1/batches/1/payments"), (.get, "/api/AR/v1/batches/1/history"),
            (.post, "/api/AR/v1/batches/close"), (.post, "/api/AR/v1/batches/1/release"),
            (.post, "/api/AR/v1/batches/1/return"), (.post, "/api/AR/v1/batches/1/resume"),
            (.post, "/api/AR/v1/batches/1/approve"), (.post, "/api/AR/v1/batches/1/reject"),
            (.delete, "/api/AR/v1/batches/1"), (.post, "/api/AR/v1/journal"),
            (.get, "/api/AR/v1/journal"), (.get, "/api/AR/v1/journal/1"),
            (.get, "/api/AR/v1/drawers"), (.post, "/api/AR/v1/drawers/1/sessions"),
            (.get, "/api/AR/v1/drawers/1/sessions/2"),
            (.post, "/api/AR/v1/drawers/1/sessions/2/close"),
            (.post, "/api/AR/v1/drawers/1/sessions/2/reconcile"),
            (.get, "/api/AR/v1/settings"), (.put, "/api/AR/v1/settings/a"),
            (.get, "/api/AR/v1/workflow"), (.put, "/api/AR/v1/workflow"),
            (.get, "/api/reports/90-10"),
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
