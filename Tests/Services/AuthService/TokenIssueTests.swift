import Crypto
import Foundation
import Identity
import Protocol
import AccessRules
import ServiceRuntime
import Storage
import Testing

@testable import AuthService

@Suite("Keys are exchanged for tokens")
struct TokenIssueTests {
    @Test("Only granted scopes are accepted, in the order asked for, each once")
    func acceptedScopes() async throws {
        let harness = try await AuthHarness()
        let key = try await harness.makeAccount("system-xyz")
        let write = Scope.postingBatchesWrite.rawValue
        let issued = try await harness.token(
            key.key,
            scopes: ["api:audit:read", write, "nonsense", write, write + "x"]
        )
        #expect(issued.acceptedScopes == [write])
        #expect(issued.expiresIn == 3_600)
        #expect(try await harness.token(key.key, scopes: []).acceptedScopes == [])
        await harness.end()
    }

    @Test("A token has the members of RFC 9068 and names its key")
    func members() async throws {
        let harness = try await AuthHarness()
        let jwt = try await harness.token().jwt
        let parts = jwt.split(separator: ".").map(String.init)
        func members(_ part: String) throws -> [String: Any] {
            let bytes = try #require(Base64URL.decode(part))
            return try harness.json(String(decoding: bytes, as: UTF8.self))
        }
        let header = try members(parts[0])
        #expect(Set(header.keys) == ["alg", "typ", "kid"])
        #expect(header["alg"] as? String == "ES256")
        #expect(header["typ"] as? String == "at+jwt")
        let claims = try members(parts[1])
        #expect(
            Set(claims.keys)
                == ["iss", "aud", "sub", "client_id", "jti", "iat", "nbf", "exp", "scope"]
        )
        #expect(claims["sub"] as? String == "administrator")
        #expect(claims["client_id"] as? String == "00112233445566aa")
        let keys = try harness.json(try await harness.call(AuthMethods.jwks))["keys"]
        #expect((keys as? [[String: Any]])?.first?["kid"] as? String == header["kid"] as? String)
        #expect((keys as? [[String: Any]])?.first?["d"] == nil)
        await harness.end()
    }

    @Test("Every way to be refused gives one answer, and the audit trail tells them apart")
    func refusals() async throws {
        let harness = try await AuthHarness()
        let good = try await harness.makeAccount("system-xyz")
        let revoked = try await harness.makeAccount("system-xyz")
        let closed = try await harness.makeAccount("closed")
        let admin = try await harness.token().jwt
        _ = try await harness.call(
            AuthMethods.revokeKey,
            #"{"key_id":"\#(revoked.keyID)"}"#,
            token: admin
        )
        _ = try await harness.call(
            AuthMethods.putAccount,
            #"{"account":"closed","scopes":[],"active":false}"#,
            token: admin
        )
        let attempts = [
            ("", "no_key"), ("short", "malformed_key"),
            (String(repeating: "x", count: 300), "malformed_key"), ("Bearer x y", "malformed_key"),
            ("brs_ffffffffffffffff_" + String(repeating: "a", count: 43), "unknown_key"),
            (String(good.key.dropLast()) + "!", "wrong_secret"),
            (good.key + "A", "wrong_secret"), (revoked.key, "revoked_key"),
            (closed.key, "inactive_account"),
        ]
        for (key, reason) in attempts {
            let error = await harness.refusal {
                try await harness.token(key, from: "192.0.2.9").jwt
            }
            #expect(error == .unauthenticated, "\(reason)")
            let newest = try await harness.audit(#"{"outcome":"refused","limit":1}"#).first
            #expect(newest?["reason"] as? String == reason)
            #expect(newest?["action"] as? String == "auth.tokens.issue")
            #expect(newest?["peer"] as? String == "192.0.2.9")
        }
        await harness.end()
    }

    @Test("A token ends with its key, and an expired key gives none")
    func expiringKey() async throws {
        let harness = try await AuthHarness()
        let soon = Timestamps.format(milliseconds: Timestamps.now() + 90_000)
        let key = try await harness.makeAccount("system-xyz", expiresAt: soon)
        let issued = try await harness.token(key.key)
        #expect((85...90).contains(issued.expiresIn))
        await harness.stop()
        let store = try harness.openStore()
        try await store.write { transaction in
            try transaction.execute(
                "UPDATE api_key SET expires_at = ?1 WHERE account = 'system-xyz'",
                [.integer(Timestamps.now())]
            )
        }
        await store.close()
        let again = try await AuthHarness(folder: harness.folder)
        #expect(await again.refusal { try await again.token(key.key).jwt } == .unauthenticated)
        let refused = try await again.audit(#"{"outcome":"refused","limit":1}"#).first
        #expect(refused?["reason"] as? String == "expired_key")
        #expect(refused?["key_id"] as? String == key.keyID)
        await again.end()
    }

    @Test("A-16: guessing is limited, and a right key is never locked out")
    func bruteForce() async throws {
        let harness = try await AuthHarness()
        let key = try await harness.makeAccount("system-xyz")
        func guess(_ secret: String, from address: String) async -> RPCError? {
            await harness.refusal { try await harness.token(secret, from: address).jwt }
        }
        let wrong = String(key.key.dropLast(2)) + "zz"
        for _ in 0..<Int(AttemptLimiter.burst) {
            #expect(await guess(wrong, from: "192.0.2.66")?.status == .unauthenticated)
        }
        let limited = await guess(wrong, from: "192.0.2.66")
        #expect(limited?.status == .resourceExhausted)
        #expect((limited?.retryAfterMilliseconds ?? 0) > 0)
        let unknown = "brs_ffffffffffffffff_" + String(repeating: "a", count: 43)
        #expect(await guess(unknown, from: "192.0.2.66")?.status == .resourceExhausted)
        #expect(await guess(unknown, from: "192.0.2.67")?.status == .unauthenticated)
        #expect(try await harness.token(key.key, from: "192.0.2.66").acceptedScopes.count == 1)
        let newest = try await harness.audit(#"{"outcome":"refused","limit":2}"#)
        #expect(newest.last?["reason"] as? String == "rate_limited")
        await harness.end()
    }

    @Test("A service gets its own scopes by its certificate, and nobody else does")
    func serviceTokens() async throws {
        let harness = try await AuthHarness()
        func issue(_ service: ServiceName) async throws -> IssuedToken {
            let text = try await harness.call(
                AuthMethods.issueServiceToken,
                peer: .service(service)
            )
            return try JSONDecoder().decode(IssuedToken.self, from: Data(text.utf8))
        }
        let batch = try await issue(.batch)
        #expect(batch.acceptedScopes == [Scope.postingTasksWrite.rawValue])
        #expect(try await issue(.posting).acceptedScopes == [])
        #expect(try await issue(.ach).acceptedScopes == [])
        let gate = harness.context.access
        let authority = MethodDescriptor.Authority.scope(.postingTasksWrite)
        #expect(
            try gate.authorize(token: batch.jwt, authority: authority, peer: .service(.batch))?
                .account == "batch-service"
        )
        #expect(throws: AccessRefusal.self) {
            try gate.authorize(token: batch.jwt, authority: authority, peer: .client("demo"))
        }
        for peer in [PeerIdentity.service(.gateway), .client("batch-service")] {
            #expect(!AuthMethods.issueServiceToken.callers.admits(peer))
        }
        await harness.end()
    }

    @Test("A-13: introspection needs its scope, and tells nothing of a token that is not live")
    func introspection() async throws {
        let harness = try await AuthHarness()
        let key = try await harness.makeAccount("system-xyz")
        let token = try await harness.token(key.key).jwt
        let admin = try await harness.token().jwt
        func introspect(_ token: String, by caller: String?) async throws -> String {
            try await harness.call(
                AuthMethods.introspect,
                #"{"token":"\#(token)"}"#,
                token: caller
            )
        }
        #expect(await harness.refusal { try await introspect(token, by: nil) } == .unauthenticated)
        #expect(await harness.refusal { try await introspect(token, by: token) } == .forbidden)
        let live = try harness.json(try await introspect(token, by: admin))
        #expect(live["active"] as? Bool == true)
        #expect(live["sub"] as? String == "system-xyz")
        #expect(live["client_id"] as? String == key.keyID)
        let jti = try #require(live["jti"] as? String)
        _ = try await harness.call(
            AuthMethods.revokeToken,
            #"{"jti":"\#(jti)"}"#,
            token: admin
        )
        for dead in [token, "", "x", token + "x"] {
            #expect(try await introspect(dead, by: admin) == #"{"active":false}"#)
        }
        await harness.end()
    }

    @Test("auth.me tells account, scopes and sources")
    func me() async throws {
        let harness = try await AuthHarness()
        let key = try await harness.makeAccount("system-xyz")
        _ = try await harness.call(
            AuthMethods.putSource,
            #"{"source_name":"SYSTEM_XYZ","account":"system-xyz"}"#,
            token: try await harness.token().jwt
        )
        let me = try await harness.call(
            AuthMethods.me,
            token: try await harness.token(key.key).jwt
        )
        #expect(
            me == #"{"account":"system-xyz","scopes":["\#(Scope.postingBatchesWrite.rawValue)"],"#
                + #""sources":["SYSTEM_XYZ"],"staff":null}"#
        )
        await harness.end()
    }
}
