import GatewayService
import HTTP2
import Identity
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import AccessRules
import ServiceRuntime
import Testing

@Suite("A2-16: API keys at the command API")
struct ApplicationKeyTests {
    static let scope = Scope.studentPaymentsWrite.rawValue

    /// One command behind the edge, an auth-service that gives a new token each time, and a clock.
    struct Rig {
        let gateway: Gateway
        let keys: ApplicationKeys
        let auth: ScriptedUpstream
        let posting: ScriptedUpstream
        let time = NIOLockedValueBox(NIODeadline.uptimeNanoseconds(1_000_000_000_000))
        /// Tokens that are no longer good.
        let ended = NIOLockedValueBox<Set<String>>([])

        init(
            scopes: [String] = [ApplicationKeyTests.scope],
            posting answer: @escaping @Sendable () throws -> Void = {}
        ) {
            let issued = NIOLockedValueBox(0)
            auth = ScriptedUpstream { _ in
                let number = issued.withLockedValue { count in
                    count += 1
                    return count
                }
                let list = scopes.map { "\"\($0)\"" }.joined(separator: ",")
                return UpstreamReply(
                    body: ByteBuffer(
                        string: #"{"accepted_scopes":[\#(list)],"expires_in":3600,"#
                            + #""jwt":"token-\#(number)"}"#
                    )
                )
            }
            posting = ScriptedUpstream { _ in
                try answer()
                return UpstreamReply(
                    body: ByteBuffer(string: "{}"),
                    metadata: ["http_status": .integer(200)]
                )
            }
            keys = ApplicationKeys(auth: auth) { [time] in time.withLockedValue { $0 } }
            gateway = Gateway(
                endpoints: EdgeRoutes.commands(posting: posting, keys: keys),
                authorize: { [ended] token, _ in
                    guard let token, !ended.withLockedValue({ $0.contains(token) }) else {
                        return .failure(AccessRefusal(.token(.noToken)))
                    }
                    if scopes.isEmpty { return .failure(AccessRefusal(.token(.wrongScope))) }
                    return .success(nil)
                },
                audit: { _ in },
                report: { _, _ in },
                onEnd: { _ in }
            )
        }

        func send(_ authorization: String) async -> EdgeReply {
            await gateway.respond(
                to: GatewayTests().request(
                    .post,
                    GatewayTests.post,
                    token: nil,
                    fields: [GatewayTests.json, ("authorization", authorization)],
                    body: "{}"
                )
            )
        }

        var issued: [String] { auth.seen.withLockedValue { $0.map(\.body) } }
        var used: [String?] { posting.seen.withLockedValue { $0.map(\.token) } }
    }

    @Test(
        "A key is exchanged once and its token remembered",
        arguments: ["ApplicationKey brs_k", "applicationkey brs_k", "APPLICATIONKEY brs_k"]
    )
    func remembered(authorization: String) async {
        let rig = Rig()
        for _ in 0..<3 { #expect(await rig.send(authorization).status == 200) }
        #expect(rig.issued == [#"{"api_key":"brs_k","scopes":["\#(Self.scope)"]}"#])
        #expect(rig.used == ["token-1", "token-1", "token-1"])
        #expect(await rig.send("ApplicationKey other").status == 200)
        #expect(rig.used.last == "token-2")
    }

    @Test("A token goes out of use ten minutes before its end")
    func margin() async {
        let rig = Rig()
        #expect(await rig.send("ApplicationKey k").status == 200)
        rig.time.withLockedValue { $0 = $0 + .seconds(2_999) }
        #expect(await rig.send("ApplicationKey k").status == 200)
        rig.time.withLockedValue { $0 = $0 + .seconds(1) }
        #expect(await rig.send("ApplicationKey k").status == 200)
        #expect(rig.used == ["token-1", "token-1", "token-2"])
    }

    @Test("A remembered token that is refused here is replaced by a new one")
    func refusedHere() async {
        let rig = Rig()
        #expect(await rig.send("ApplicationKey k").status == 200)
        rig.ended.withLockedValue { _ = $0.insert("token-1") }
        #expect(await rig.send("ApplicationKey k").status == 200)
        #expect(rig.used == ["token-1", "token-2"])
        rig.ended.withLockedValue { $0 = ["token-2", "token-3"] }
        #expect(await rig.send("ApplicationKey k").status == 401)
        #expect(rig.issued.count == 3)
    }

    @Test("A token that the service refuses is forgotten")
    func refusedBehind() async {
        let rig = Rig(posting: { throw RPCError.unauthenticated })
        #expect(await rig.send("ApplicationKey k").status == 401)
        #expect(rig.keys.count == 0)
        #expect(await rig.send("ApplicationKey k").status == 401)
        #expect(rig.issued.count == 2)
    }

    @Test("A key without the scope is 403 and asked for again each time")
    func withoutScope() async {
        let rig = Rig(scopes: [])
        for _ in 0..<2 { #expect(await rig.send("ApplicationKey k").status == 403) }
        #expect(rig.issued.count == 2)
        #expect(rig.keys.count == 0)
        #expect(rig.used.isEmpty)
    }

    @Test("A bad key is the general 401; no other scheme is taken", arguments: [true, false])
    func badKey(isKey: Bool) async {
        let auth = ScriptedUpstream { _ in throw RPCError.unauthenticated }
        let posting = ScriptedUpstream { _ in UpstreamReply(body: ByteBuffer()) }
        let gateway = Gateway(
            endpoints: EdgeRoutes.commands(posting: posting, keys: ApplicationKeys(auth: auth)),
            authorize: { _, _ in .failure(AccessRefusal(.token(.noToken))) },
            audit: { _ in },
            report: { _, _ in },
            onEnd: { _ in }
        )
        let reply = await gateway.respond(
            to: GatewayTests().request(
                .post,
                GatewayTests.post,
                token: nil,
                fields: [("authorization", isKey ? "ApplicationKey bad" : "Basic bad")]
            )
        )
        #expect(reply.status == 401)
        guard case .bytes(let bytes) = reply.body else { return }
        #expect(String(buffer: bytes) == #"{"message":"Unauthorized"}"#)
        #expect(auth.seen.withLockedValue { $0.count } == (isKey ? 1 : 0))
        #expect(posting.seen.withLockedValue { $0.isEmpty })
    }

    @Test("No more than a thousand tokens are remembered")
    func bounded() async {
        let rig = Rig()
        for number in 0..<1_010 {
            #expect(await rig.send("ApplicationKey k\(number)").status == 200)
        }
        #expect(rig.keys.count == 1_000)
    }

    @Test("An API key opens no other route")
    func otherRoutes() async {
        let rig = GatewayTests.Rig { _ in UpstreamReply(body: ByteBuffer()) }
        let reply = await rig.gateway.respond(
            to: GatewayTests().request(
                .get,
                "/api/me",
                token: nil,
                fields: [("authorization", "ApplicationKey k")]
            )
        )
        #expect(reply.status == 401)
        #expect(rig.seen.isEmpty)
    }
}
