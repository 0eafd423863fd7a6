import Foundation
import Identity
import Protocol
import ServiceRuntime
import Storage
import Testing

@testable import AuthService

@Suite("Keys, grants and sources are managed and audited")
struct KeyLifecycleTests {
    @Test("The first start registers the administrator's key, later ones leave it alone")
    func firstStart() async throws {
        let harness = try await AuthHarness()
        let scopes = try await harness.token().acceptedScopes
        #expect(Set(scopes) == Set(Scope.all.filter { !Scope.money.contains($0) }.map(\.rawValue)))
        await harness.stop()
        let other = "brs_00112233445566bb_" + String(repeating: "m", count: 43)
        let again = try await AuthHarness(folder: harness.folder, bootstrap: other)
        #expect(await again.refusal { try await again.token(other).jwt } == .unauthenticated)
        #expect(try await again.token().acceptedScopes == scopes)
        await again.end()
    }

    @Test("A bootstrap key of another shape serves as well")
    func foreignKey() async throws {
        let key = "f3a9c1e07b5d4286aa10ffee9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d"
        let harness = try await AuthHarness(bootstrap: key)
        #expect(try await !harness.token(key).acceptedScopes.isEmpty)
        #expect(await harness.refusal { try await harness.token(key + "0").jwt } != nil)
        await harness.end()
    }

    @Test("S-10: a bootstrap key that others can read, or that is too short, stops the start")
    func badBootstrap() async throws {
        await #expect(throws: ConfigurationError.self) {
            try await AuthHarness(bootstrapMode: 0o644)
        }
        await #expect(throws: ConfigurationError.self) {
            try await AuthHarness(bootstrap: "too-short")
        }
    }

    @Test("I-09: a key is shown once; neither the list, the audit trail nor the store holds it")
    func shownOnce() async throws {
        let harness = try await AuthHarness()
        let key = try await harness.makeAccount("system-xyz")
        let secret = String(key.key.dropFirst("brs_".count + 17))
        let admin = try await harness.token().jwt
        let listed = try await harness.call(AuthMethods.listKeys, token: admin)
        #expect(listed.contains(key.keyID))
        #expect(!listed.contains(secret))
        let newest = try harness.list(listed).first
        #expect(newest?["note"] as? String == "nightly run")
        #expect(newest?["revoked_at"] is NSNull)
        let audit = try await harness.audit()
        #expect(!"\(audit)".contains(secret))
        await harness.stop()
        for file in try FileManager.default.contentsOfDirectory(
            at: harness.folder.appending(path: "data"),
            includingPropertiesForKeys: nil
        ) {
            let bytes = try Data(contentsOf: file)
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file.lastPathComponent)")
        }
        await harness.end()
    }

    @Test("A-11: revoking a key ends its tokens at once here, and leaves other keys alone")
    func revocation() async throws {
        let harness = try await AuthHarness()
        let first = try await harness.makeAccount("system-xyz")
        let second = try await harness.makeAccount("system-xyz")
        let tokens = [
            try await harness.token(first.key).jwt, try await harness.token(second.key).jwt,
        ]
        let admin = try await harness.token().jwt
        let body = #"{"key_id":"\#(first.keyID)"}"#
        let answer = try await harness.call(AuthMethods.revokeKey, body, token: admin)
        #expect(try await harness.call(AuthMethods.revokeKey, body, token: admin) == answer)
        let error = await harness.refusal {
            try await harness.call(AuthMethods.me, token: tokens[0])
        }
        #expect(error == .unauthenticated)
        #expect(try await harness.call(AuthMethods.me, token: tokens[1]).contains("system-xyz"))
        let refused = try await harness.audit(#"{"outcome":"refused","limit":1}"#).first
        #expect(refused?["reason"] as? String == "revoked_key")
        #expect(refused?["actor"] as? String == "system-xyz")
        #expect(
            await harness.refusal {
                try await harness.call(
                    AuthMethods.revokeKey,
                    #"{"key_id":"0000"}"#,
                    token: admin
                )
            } == .notFound
        )
        await harness.end()
    }

    @Test("A-11: a revocation reaches another service's gate with its next question")
    func reachesOthers() async throws {
        let harness = try await AuthHarness()
        let key = try await harness.makeAccount("system-xyz")
        let token = try await harness.token(key.key).jwt
        let gate = AccessGate()
        func poll() async throws -> Bool {
            let known = gate.snapshot.map { #"{"known_version":\#($0.version)}"# } ?? "{}"
            let text = try await harness.call(
                AuthMethods.snapshot,
                known,
                peer: .service(.batch)
            )
            let reply = try JSONDecoder().decode(SnapshotReply.self, from: Data(text.utf8))
            if let snapshot = reply.snapshot { gate.install(snapshot) }
            return reply.snapshot != nil
        }
        #expect(try await poll())
        #expect(try gate.verify(token: token).principal.account == "system-xyz")
        #expect(try await !poll())
        _ = try await harness.call(
            AuthMethods.revokeKey,
            #"{"key_id":"\#(key.keyID)"}"#,
            token: try await harness.token().jwt
        )
        #expect(try await poll())
        #expect(throws: AccessRefusal.self) { try gate.verify(token: token) }
        await harness.end()
    }

    @Test("An idempotency key makes one API key; another body under it is refused")
    func repeatedCreation() async throws {
        let harness = try await AuthHarness()
        _ = try await harness.makeAccount("system-xyz")
        let admin = try await harness.token().jwt
        func create(_ note: String) async throws -> String {
            try await harness.call(
                AuthMethods.createKey,
                #"{"account":"system-xyz","note":"\#(note)"}"#,
                token: admin,
                idempotencyKey: "once"
            )
        }
        let first = try await create("a")
        #expect(try await create("a") == first)
        let error = await harness.refusal { try await create("b") }
        #expect(error?.reason == "idempotency_key_reused")
        let keys = try harness.list(
            try await harness.call(
                AuthMethods.listKeys,
                #"{"account":"system-xyz"}"#,
                token: admin
            )
        )
        #expect(keys.count == 2)
        await harness.end()
    }

    @Test("Every fault of a request is named at once, with its pointer")
    func faults() async throws {
        let harness = try await AuthHarness()
        let admin = try await harness.token().jwt
        func fields(_ method: MethodDescriptor, _ body: String) async -> [String]? {
            await harness.refusal {
                try await harness.call(method, body, token: admin)
            }?.details.map(\.field)
        }
        let misspelt: [(MethodDescriptor, String, String)] = [
            (AuthMethods.putAccount, #"{"account":"a","scopes":[],"actve":false}"#, "/actve"),
            (AuthMethods.createKey, #"{"account":"a","note":"","expire_at":"x"}"#, "/expire_at"),
            (
                AuthMethods.putSource,
                #"{"source_name":"S","account":"a","commit_polcy":"all_or_nothing"}"#,
                "/commit_polcy"
            ),
        ]
        for (method, body, field) in misspelt { #expect(await fields(method, body) == [field]) }
        #expect(
            await fields(
                AuthMethods.putAccount,
                #"{"account":"Bad Name","scopes":["api:ach:read","nonsense","tasks:postings:write"]}"#
            ) == ["/account", "/scopes/1", "/scopes/2"]
        )
        #expect(
            await fields(AuthMethods.putAccount, #"{"account":"batch-service","scopes":[]}"#)
                == ["/account"]
        )
        let long = String(repeating: "n", count: 201)
        #expect(
            await fields(
                AuthMethods.createKey,
                #"{"account":"nobody","note":"\#(long)","expires_at":"yesterday"}"#
            ) == ["/note", "/account", "/expires_at"]
        )
        #expect(
            await fields(
                AuthMethods.createKey,
                #"{"account":"administrator","note":"x","expires_at":"2020-01-01"}"#
            ) == ["/expires_at"]
        )
        #expect(
            await fields(
                AuthMethods.putSource,
                #"{"source_name":"A B","account":"X","commit_policy":"some"}"#
            ) == ["/source_name", "/account", "/commit_policy"]
        )
        #expect(
            await fields(
                AuthMethods.queryAudit,
                #"{"from":"x","to":"y","outcome":"maybe","limit":0}"#
            ) == ["/from", "/to", "/outcome", "/limit"]
        )
        #expect(await fields(AuthMethods.revokeToken, #"{"jti":"a b"}"#) == ["/jti"])
        await harness.end()
    }

    @Test("Without its scope no method of management is open, and each attempt is audited")
    func scopes() async throws {
        let harness = try await AuthHarness()
        let key = try await harness.makeAccount("system-xyz")
        let token = try await harness.token(key.key).jwt
        let guarded = AuthMethods.all.filter {
            if case .scope = $0.authority { true } else { false }
        }
        #expect(guarded.count == 16)
        for method in guarded {
            #expect(
                await harness.refusal { try await harness.call(method, token: token) } == .forbidden
            )
            #expect(await harness.refusal { try await harness.call(method) } == .unauthenticated)
        }
        let refused = try await harness.audit(#"{"outcome":"refused","limit":1000}"#)
        let byReason = Dictionary(grouping: refused) { $0["reason"] as? String ?? "" }
        #expect(byReason["wrong_scope"]?.count == guarded.count)
        #expect(byReason["no_token"]?.count == guarded.count)
        #expect(
            byReason["wrong_scope"]?.allSatisfy { $0["actor"] as? String == "system-xyz" } == true
        )
        #expect(harness.methodNames == Set(AuthMethods.all.map(\.name)))
        await harness.end()
    }

    @Test("A rotation publishes the new key before it signs, and the old one still verifies")
    func rotation() async throws {
        let harness = try await AuthHarness()
        let admin = try await harness.token().jwt
        let before = try #require(harness.context.access.snapshot)
        let rotated = try harness.json(
            try await harness.call(AuthMethods.rotateSigningKey, token: admin)
        )
        let kid = try #require(rotated["kid"] as? String)
        let signsFrom = try #require(Timestamps.parse(rotated["signs_from"] as? String ?? ""))
        #expect(signsFrom - Timestamps.now() > AccessGate.maximumAgeSeconds * 1_000 - 1_000)
        let after = try #require(harness.context.access.snapshot)
        #expect(after.keys.map(\.kid) == before.keys.map(\.kid) + [kid])
        #expect(try await harness.call(AuthMethods.me, token: admin).contains("administrator"))
        let again = try await harness.call(AuthMethods.rotateSigningKey, token: admin)
        #expect(try harness.json(again)["kid"] as? String == kid)
        await harness.stop()
        let store = try harness.openStore()
        let directory = try await store.read { try Directory.load($0) }
        #expect(directory.signer(now: signsFrom - 1)?.keyID == before.keys.first?.kid)
        #expect(directory.signer(now: signsFrom)?.keyID == kid)
        let setBack = signsFrom - 3_600_000
        #expect(directory.signer(now: setBack) != nil, "a clock that is set back stops no tokens")
        #expect(directory.nextForgetting() == signsFrom + SigningKeys.retirementMilliseconds)
        await store.close()
        await harness.end()
    }

    @Test("Changes are audited with the state before and after; no change, no event")
    func changes() async throws {
        let harness = try await AuthHarness()
        _ = try await harness.makeAccount("system-xyz")
        let admin = try await harness.token().jwt
        func put(_ policy: String) async throws {
            _ = try await harness.call(
                AuthMethods.putSource,
                #"{"source_name":"SYSTEM_XYZ","account":"system-xyz","commit_policy":"\#(policy)"}"#,
                token: admin
            )
        }
        try await put("per_transaction")
        try await put("all_or_nothing")
        try await put("all_or_nothing")
        let events = try await harness.audit().filter {
            $0["action"] as? String == "auth.sources.put"
        }
        #expect(events.count == 2)
        let change = try harness.json(events.first?["change"] as? String ?? "")
        let old = change["before"] as? [String: Any]
        let new = change["after"] as? [String: Any]
        #expect(old?["commit_policy"] as? String == "per_transaction")
        #expect(new?["commit_policy"] as? String == "all_or_nothing")
        #expect(events.last?["change"] as? String != nil)
        #expect(events.first?["actor"] as? String == "administrator")
        #expect(events.first?["subject"] as? String == "SYSTEM_XYZ")
        #expect(harness.context.access.source("SYSTEM_XYZ")?.commitPolicy == .allOrNothing)
        await harness.end()
    }

    /// A listing without when keys were last used: that is no change.
    private static func withoutUse(_ listing: String) -> String {
        listing.replacing(/"last_used_at":("[^"]*"|null)/, with: "")
    }

    @Test("S1-3: where the audit row cannot be written nothing changes, and no token is given")
    func unaudited() async throws {
        let first = try await AuthHarness()
        let admin = try await first.token().jwt
        _ = try await first.makeAccount("system-xyz")
        await first.stop()
        let store = try first.openStore()
        try await store.write { transaction in
            _ = try transaction.execute(
                """
                CREATE TRIGGER no_audit BEFORE INSERT ON audit_event
                BEGIN SELECT RAISE(ABORT, 'no audit'); END
                """
            )
        }
        await store.close()
        let second = try await AuthHarness(folder: first.folder)
        let lists = [AuthMethods.listAccounts, AuthMethods.listKeys, AuthMethods.listSources]
        var before: [String] = []
        for list in lists { before.append(try await second.call(list, token: admin)) }
        for (method, body) in [
            (AuthMethods.putAccount, #"{"account":"new","scopes":[]}"#),
            (AuthMethods.createKey, #"{"account":"system-xyz","note":"n"}"#),
            (AuthMethods.putSource, #"{"source_name":"S","account":"system-xyz"}"#),
        ] {
            await #expect(throws: (any Error).self) {
                try await second.call(method, body, token: admin)
            }
        }
        #expect(await second.refusal { try await second.token().jwt }?.status == .unavailable)
        var after: [String] = []
        for list in lists { after.append(try await second.call(list, token: admin)) }
        #expect(after.map(Self.withoutUse) == before.map(Self.withoutUse))
        await second.end()
    }

    @Test("S1-3: what a first start makes has its rows, and a later start none")
    func firstStartIsAudited() async throws {
        let first = try await AuthHarness()
        func subjects(_ harness: AuthHarness) async throws -> [String] {
            try await harness.audit()
                .filter { $0["action"] as? String == "first start" }
                .compactMap { $0["subject"] as? String }
        }
        let made = try await subjects(first)
        let accounts = ["administrator", "ach-service", "batch-service", "posting-service"]
        #expect(made.count == Set(made).count)
        #expect(Set(made).isSuperset(of: accounts + ["signing key"]))
        #expect(made.count == accounts.count + 2, "the accounts, the signing key, and an API key")
        await first.stop()
        let second = try await AuthHarness(folder: first.folder)
        #expect(try await subjects(second) == made)
        await second.end()
    }
}
