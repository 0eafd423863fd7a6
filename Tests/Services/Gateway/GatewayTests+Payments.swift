import GatewayService
import HTTP2
import Identity
import NIOCore
import Protocol
import Testing

/// What payments, their batches, journal runs, drawers and parameters become at the edge (design 1.8).
extension GatewayTests {
    static let payments = "/api/AR/v1"

    @Test(
        "Every reading route of payments calls its method with its parameters",
        arguments: [
            ("/payments/7", "batch.payments.get", #"{"payment_id":"7"}"#),
            (
                "/batches?status=Open&status=Released&pagesize=5", "batch.batches.list",
                #"{"filters":{"status":["Open","Released"]},"pagesize":"5"}"#
            ),
            ("/batches/3", "batch.batches.get", #"{"batch_id":"3"}"#),
            (
                "/batches/3/payments?continuation_key=c", "batch.payments.list",
                #"{"batch_id":"3","continuation_key":"c"}"#
            ),
            ("/batches/3/history", "batch.batches.history", #"{"batch_id":"3"}"#),
            ("/journal?pagesize=2", "batch.journal.list", #"{"pagesize":"2"}"#),
            ("/journal/9", "batch.journal.get", #"{"run_id":"9"}"#),
            ("/drawers", "batch.drawers.list", "{}"),
            (
                "/drawers/15/sessions/20", "batch.drawers.session",
                #"{"cash_drawer_id":"15","cash_drawer_session_id":"20"}"#
            ),
            ("/workflow", "batch.workflow.get", "{}"),
        ]
    )
    func readingPayments(path: String, method: String, body: String) async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: #"{"a":1}"#)) }
        let reply = await rig.gateway.respond(
            to: request(.get, Self.payments + path, fields: [("idempotency-key", "k")])
        )
        #expect(reply.status == 200)
        #expect(text(reply) == #"{"a":1}"#)
        #expect(rig.seen.map(\.method) == [method])
        #expect(rig.seen.map(\.body) == [body])
        #expect(rig.seen.map(\.key) == [nil])
    }

    struct Change: Sendable {
        let method: EdgeMethod
        let path: String
        var body = "{}"
        let called: String
        let sent: String
        var status = 200
    }

    static let changes: [Change] = [
        Change(
            method: .post,
            path: "/payments",
            body: #"{"amount":1.10}"#,
            called: "batch.payments.add",
            sent: #"{"amount":1.10}"#,
            status: 201
        ),
        Change(
            method: .post,
            path: "/payments/delete",
            body: #"{"dry_run":true}"#,
            called: "batch.payments.delete",
            sent: #"{"dry_run":true}"#
        ),
        Change(
            method: .post,
            path: "/payments/7/reverse",
            body: #"{"reason_code":"NSF"}"#,
            called: "batch.payments.reverse",
            sent: #"{"payment_id":"7","reason_code":"NSF"}"#,
            status: 201
        ),
        Change(
            method: .post,
            path: "/batches/close",
            body: #"{"batch_id":3}"#,
            called: "batch.batches.close",
            sent: #"{"batch_id":3}"#
        ),
        Change(
            method: .delete,
            path: "/batches/3",
            called: "batch.batches.delete",
            sent: #"{"batch_id":"3"}"#
        ),
        Change(
            method: .post,
            path: "/drawers/15/sessions",
            body: #"{"cashier_user_id":3186}"#,
            called: "batch.drawers.open",
            sent: #"{"cash_drawer_id":"15","cashier_user_id":3186}"#,
            status: 201
        ),
        Change(
            method: .post,
            path: "/drawers/15/sessions/20/close",
            called: "batch.drawers.close",
            sent: #"{"cash_drawer_id":"15","cash_drawer_session_id":"20"}"#
        ),
        Change(
            method: .post,
            path: "/drawers/15/sessions/20/reconcile",
            body: #"{"counted_amount":5}"#,
            called: "batch.drawers.reconcile",
            sent: #"{"cash_drawer_id":"15","cash_drawer_session_id":"20","counted_amount":5}"#
        ),
        Change(
            method: .put,
            path: "/settings/pea_unmatched",
            body: #"{"value":"wait"}"#,
            called: "batch.settings.put",
            sent: #"{"name":"pea_unmatched","value":"wait"}"#
        ),
        Change(
            method: .put,
            path: "/settings/require_term_codes",
            body: #"{"value":true}"#,
            called: "posting.settings.put",
            sent: #"{"name":"require_term_codes","value":true}"#
        ),
        Change(
            method: .put,
            path: "/settings/fiscal_year_start_month",
            body: #"{"value":7}"#,
            called: "posting.settings.put",
            sent: #"{"name":"fiscal_year_start_month","value":7}"#
        ),
        Change(
            method: .put,
            path: "/workflow",
            body: #"{"enabled":false,"rules":[]}"#,
            called: "batch.workflow.put",
            sent: #"{"enabled":false,"rules":[]}"#
        ),
    ]

    @Test("Every change of payments is passed on with its key, and says where it was replayed")
    func changingPayments() async {
        for change in Self.changes {
            for replayed in [false, true] {
                let rig = Rig { _ in
                    UpstreamReply(
                        body: ByteBuffer(string: #"{"a":1}"#),
                        metadata: ["replayed": .boolean(replayed)]
                    )
                }
                let reply = await rig.gateway.respond(
                    to: request(
                        change.method,
                        Self.payments + change.path,
                        fields: [Self.json, ("idempotency-key", "k-1")],
                        body: change.body
                    )
                )
                #expect(reply.status == change.status, "\(change.path)")
                #expect(text(reply) == #"{"a":1}"#)
                #expect(header(reply, "idempotent-replayed") == (replayed ? "true" : nil))
                #expect(rig.seen.map(\.method) == [change.called])
                #expect(rig.seen.map(\.body) == [change.sent])
                #expect(rig.seen.map(\.key) == ["k-1"])
            }
        }
    }

    @Test(
        "A transition needs no body and no type for none, and takes a note",
        arguments: ["release", "return", "resume", "approve", "reject"]
    )
    func transitions(action: String) async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: "{}")) }
        let path = Self.payments + "/batches/3/" + action
        let requests = [
            request(.post, path),
            request(.post, path, fields: [Self.json]),
            request(
                .post,
                path,
                fields: [("content-type", "text/plain"), ("content-length", "0")]
            ),
            request(.post, path, fields: [Self.json], body: " {\"note\":\"n\"}"),
        ]
        for request in requests {
            #expect(await rig.gateway.respond(to: request).status == 200)
        }
        #expect(Set(rig.seen.map(\.method)) == ["batch.batches." + action])
        #expect(
            rig.seen.map(\.body) == [
                #"{"batch_id":"3"}"#, #"{"batch_id":"3"}"#, #"{"batch_id":"3"}"#,
                #"{"batch_id":"3","note":"n"}"#,
            ]
        )
    }

    @Test("H-14: an optional body of another type is 415, with a length and without one")
    func optionalBodyOfOtherType() async {
        let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: "{}")) }
        let path = Self.payments + "/batches/3/release"
        for fields in [[], [("content-length", "2")], [("content-type", "text/plain")]] {
            let reply = await rig.gateway.respond(
                to: request(.post, path, fields: fields, body: "{}")
            )
            #expect(reply.status == 415)
        }
        #expect(rig.seen.isEmpty)
    }

    @Test("A journal run is 202 with its place")
    func journalRun() async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(string: #"{"run_id":9,"status":"Running"}"#),
                metadata: ["run_id": .integer(9), "replayed": .boolean(true)]
            )
        }
        let reply = await rig.gateway.respond(
            to: request(
                .post,
                Self.payments + "/journal",
                fields: [Self.json],
                body: #"{"batch_ids":[3]}"#
            )
        )
        #expect(reply.status == 202)
        #expect(header(reply, "location") == "/api/AR/v1/journal/9")
        #expect(header(reply, "idempotent-replayed") == "true")
        #expect(rig.seen.map(\.method) == ["batch.journal.post"])
    }

    @Test("A page of batches carries its count and the next page's key")
    func batchPage() async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(string: "[]"),
                metadata: ["x_count": .integer(250), "continuation_key": .string("next-1")]
            )
        }
        let reply = await rig.gateway.respond(to: request(.get, Self.payments + "/batches"))
        #expect(header(reply, "x-count") == "250")
        #expect(reply.continuationKey == "next-1")
    }

    @Test(
        "The settings of both services are one list",
        arguments: [
            (#"[{"name":"a"}]"#, #"[{"name":"b"}]"#, #"[{"name":"a"},{"name":"b"}]"#),
            ("[]", #" [{"name":"b"}]"#, #"[{"name":"b"}]"#),
            (#"[{"name":"a"}]"#, "[ ]", #"[{"name":"a"}]"#), ("[]", "[]", "[]"),
        ]
    )
    func settings(ofBatch: String, ofPosting: String, joined: String) async {
        let rig = Rig { method in
            UpstreamReply(
                body: ByteBuffer(
                    string: method == "batch.settings.get" ? ofBatch : ofPosting
                )
            )
        }
        let reply = await rig.gateway.respond(to: request(.get, Self.payments + "/settings"))
        #expect(reply.status == 200)
        #expect(text(reply) == joined)
        #expect(
            Set(rig.seen.map(\.method)) == ["batch.settings.get", "posting.settings.get"]
        )
    }

    @Test(
        "S3-18: the report comes in the type that the service says",
        arguments: ["application/json", "text/csv; charset=utf-8"]
    )
    func report(type: String) async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(string: "r"),
                metadata: ["content_type": .string(type)]
            )
        }
        let reply = await rig.gateway.respond(
            to: request(
                .get,
                "/api/reports/90-10?campus_id=5&fiscal_year=2024&format=csv&other=1"
            )
        )
        #expect(reply.status == 200)
        #expect(reply.contentType == type)
        #expect(text(reply) == "r")
        #expect(header(reply, "content-security-policy") == nil)
        #expect(
            rig.seen.map(\.body)
                == [#"{"campus_id":"5","fiscal_year":"2024","format":"csv"}"#]
        )
    }

    @Test("S3-18: a page is made of the report's JSON here, and has a policy")
    func page() async {
        let rig = Rig { _ in
            UpstreamReply(
                body: ByteBuffer(string: PageTests.json(name: "North")),
                metadata: ["content_type": .string("application/json")]
            )
        }
        let path = "/api/reports/90-10?campus_id=5&fiscal_year=2024&format=html"
        let reply = await rig.gateway.respond(to: request(.get, path))
        #expect(reply.status == 200)
        #expect(reply.contentType == "text/html; charset=utf-8")
        #expect(text(reply).hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        let policy = header(reply, "content-security-policy")
        #expect(policy?.hasPrefix("default-src 'none';") == true)
        #expect(
            rig.seen.map(\.body)
                == [#"{"campus_id":"5","fiscal_year":"2024","format":"json"}"#]
        )
    }

    @Test("A report that is no report, or too large for a page, is not shown as one")
    func noPage() async {
        let path = "/api/reports/90-10?campus_id=5&fiscal_year=2024&format=html"
        for body in ["{}", "r", #"{"campus_id":1}"#] {
            let rig = Rig { _ in UpstreamReply(body: ByteBuffer(string: body)) }
            #expect(await rig.gateway.respond(to: request(.get, path)).status == 500)
        }
        let rig = Rig { _ in
            UpstreamReply(body: ByteBuffer(repeating: 0x20, count: 9 << 20))
        }
        let reply = await rig.gateway.respond(to: request(.get, path))
        #expect((400..<500).contains(reply.status))
        #expect(text(reply).contains("format=csv"))
    }

    @Test("An illegal transition is 409 with state, action and what is allowed")
    func illegalTransition() async {
        let rig = Rig { _ in
            throw RPCError.illegal(
                .init(
                    status: "Released",
                    lifeCycleStep: 30,
                    action: "release",
                    allowed: ["resume", "post"]
                ),
                "The batch is released already."
            )
        }
        let reply = await rig.gateway.respond(
            to: request(.post, Self.payments + "/batches/3/release")
        )
        #expect(reply.status == 409)
        #expect(header(reply, "retry-after") == nil)
        #expect(
            text(reply)
                == #"{"message":"The batch is released already.","request_id":"r1","#
                + #""status":"Released","life_cycle_step":30,"action":"release","#
                + #""allowed":["resume","post"]}"#
        )
    }

    @Test("A payment of unknown outcome tells how to go on, with a key and without")
    func unknownPaymentOutcome() async {
        let rig = Rig { _ in
            throw RPCError(.unavailable, reason: "lost", message: "lost", processed: .maybe)
        }
        for (fields, words) in [
            ([Self.json], "the batch of its username and date"),
            ([Self.json, ("idempotency-key", "k")], "same Idempotency-Key"),
        ] {
            let reply = await rig.gateway.respond(
                to: request(.post, Self.payments + "/payments", fields: fields, body: "{}")
            )
            #expect(reply.status == 503)
            #expect(text(reply).contains(words))
            #expect(header(reply, "retry-after") == "1")
        }
    }
}
