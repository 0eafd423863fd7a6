import Foundation
import Identity
import Protocol
import ServiceRuntime
import Testing

@Suite("The gate follows the snapshot and fails closed")
struct AccessGateTests {
    let forge: TokenForge
    let gate: AccessGate
    let clock = ManualClock()

    init() throws {
        forge = try TokenForge()
        gate = AccessGate(clock: clock.access)
    }

    private func word(_ token: String) -> String {
        do {
            _ = try gate.authorize(token: token, authority: .token)
            return "allowed"
        } catch {
            return error.word
        }
    }

    @Test("A-12: without a snapshot nothing can be judged, and that is said as unavailable")
    func noSnapshot() throws {
        let token = try forge.token()
        do {
            _ = try gate.verify(token: token)
            Issue.record("a token was believed without a snapshot")
        } catch {
            #expect(error.word == "access_unavailable")
            #expect(error.error.status == .unavailable)
        }
        #expect(gate.staleness() != nil)
    }

    @Test("C-06: a snapshot older than five seconds refuses everything, also known tokens")
    func staleness() throws {
        gate.install(forge.snapshot())
        let token = try forge.token()
        #expect(word(token) == "allowed")
        clock.advance(seconds: 5)
        #expect(word(token) == "allowed")
        #expect(gate.staleness() == nil)
        clock.advance(seconds: 0.001)
        #expect(word(token) == "access_unavailable")
        #expect(gate.staleness() != nil)
        gate.confirm(version: 1, askedAt: clock.access.monotonic())
        #expect(word(token) == "allowed")
    }

    @Test("The age of a snapshot counts from the question, not from the answer")
    func slowAnswer() throws {
        let askedAt = clock.access.monotonic()
        clock.advance(seconds: 5.5)
        gate.install(forge.snapshot(), askedAt: askedAt)
        #expect(word(try forge.token()) == "access_unavailable")
    }

    @Test("A confirmation of another version does not freshen the snapshot")
    func foreignConfirmation() throws {
        gate.install(forge.snapshot(version: 3))
        clock.advance(seconds: 6)
        gate.confirm(version: 4, askedAt: clock.access.monotonic())
        #expect(word(try forge.token()) == "access_unavailable")
    }

    @Test(
        "A-11: a revoked token, key or account is refused with the next snapshot",
        arguments: ["revoked_token", "revoked_key", "inactive_account", "unknown_key"]
    )
    func revocation(_ expected: String) throws {
        gate.install(forge.snapshot())
        let token = try forge.token()
        #expect(word(token) == "allowed")
        var next = forge.snapshot(version: 2)
        switch expected {
        case "revoked_token": next.revokedTokens = ["token-1"]
        case "revoked_key": next.revokedKeys = [TokenForge.keyID]
        case "inactive_account": next.accounts[0].active = false
        default: next.keys = []
        }
        gate.install(next)
        #expect(word(token) == expected)
    }

    @Test("An older snapshot that arrives late does not bring back what was revoked")
    func lateSnapshot() throws {
        gate.install(forge.snapshot(version: 7, revokedTokens: ["token-1"]))
        gate.install(forge.snapshot(version: 6))
        #expect(word(try forge.token()) == "revoked_token")
    }

    @Test("Two signing keys verify side by side, so that a rotation refuses nobody")
    func rotation() throws {
        let next = try TokenForge()
        gate.install(forge.snapshot(version: 2, otherKeys: [next]))
        #expect(word(try forge.token()) == "allowed")
        #expect(word(try next.token(header: next.header(["kid": "\"other\""]))) == "allowed")
        #expect(word(try next.token()) == "bad_signature")
    }

    @Test("A key off the curve is left out, and its tokens are refused")
    func offCurve() throws {
        var snapshot = forge.snapshot()
        snapshot.keys[0].y = snapshot.keys[0].x
        gate.install(snapshot)
        #expect(word(try forge.token()) == "unknown_key")
    }

    @Test(
        "A-12: an answer of auth-service that is no snapshot is not taken for one",
        arguments: [
            ("\"active\":true", "\"active\":\"true\""), ("\"active\":true", "\"active\":1"),
            ("\"scopes\":[", "\"scopes\":[null,"), ("\"issuer\"", "\"Issuer\""),
            ("\"version\":1", "\"version\":1.5"), ("}", "}}"), ("{", "[{"),
            ("\"version\":1", "\"version\":1,\"version\":2"),
        ]
    )
    func garbage(_ part: String, _ instead: String) throws {
        let reply = SnapshotReply(version: 1, snapshot: forge.snapshot())
        let text = String(decoding: try StrictJSON.encode(reply), as: UTF8.self)
        func decode(_ text: String) throws -> SnapshotReply {
            try Array(text.utf8).withUnsafeBytes {
                try StrictJSON.decodeReply(SnapshotReply.self, from: $0)
            }
        }
        #expect(try decode(text).snapshot?.accounts.count == 2)
        #expect(text.contains(part))
        #expect(throws: RPCError.self) {
            try decode(text.replacingOccurrences(of: part, with: instead))
        }
    }

    @Test("Sources are found by their exact name")
    func sources() {
        gate.install(forge.snapshot())
        #expect(gate.source("SYSTEM_XYZ")?.account == TokenForge.account)
        #expect(gate.source("SYSTEM_XYZ")?.commitPolicy == .allOrNothing)
        #expect(gate.source("system_xyz") == nil)
        #expect(gate.source("SYSTEM_XY") == nil)
    }

    @Test("A method that asks for the certificate only needs no snapshot")
    func certificateOnly() throws {
        #expect(try gate.authorize(token: nil, authority: .certificate) == nil)
    }

    @Test("Remembering tokens stays bounded and right")
    func manyTokens() throws {
        gate.install(forge.snapshot())
        for index in 0..<50 {
            let claims = forge.claims(["jti": "\"token-\(index)\""])
            #expect(word(try forge.token(claims: claims)) == "allowed")
        }
        gate.install(forge.snapshot(version: 2, revokedTokens: ["token-7"]))
        let revoked = try forge.token(claims: forge.claims(["jti": "\"token-7\""]))
        #expect(word(revoked) == "revoked_token")
    }
}
