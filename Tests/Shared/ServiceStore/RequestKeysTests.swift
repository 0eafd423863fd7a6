import NIOConcurrencyHelpers
import NIOCore
import Protocol
import ServiceStore
import Storage
import Testing
import Transport

@Suite("A change under an idempotency key")
struct RequestKeysTests {
    private struct Refused: Error {}

    private static func request(
        _ key: String? = "k",
        of account: String = "vendor",
        method: String = "make",
        body: String = "{}"
    ) throws -> RequestKey? {
        try RequestKey(key, of: account, method: method, body: ByteBuffer(string: body))
    }

    /// Makes a change that counts how often it is made.
    private static func change(
        _ store: Store,
        _ key: RequestKey?,
        _ made: NIOLockedValueBox<Int>,
        prepare: () throws -> Void = {}
    ) async throws -> KeyedReply {
        try await store.keyed(key, now: { 7 }, prepare: { try prepare() }) { _, _ in
            let number = made.withLockedValue { made in
                made += 1
                return made
            }
            return KeyedReply(
                body: Array("\(number)".utf8),
                metadata: ["http_status": .integer(202)],
                undelivered: 5
            )
        }
    }

    @Test("is made once, and answered the same to whoever asks again")
    func replay() async throws {
        try await withStore(RequestKeys.table) { store in
            let made = NIOLockedValueBox(0)
            let first = try await Self.change(store, try Self.request(), made)
            #expect(!first.isReplay)
            #expect(first.undelivered == 5)
            let second = try await Self.change(store, try Self.request(), made) { throw Refused() }
            #expect(second.isReplay)
            #expect(second.undelivered == nil)
            #expect(second.body == first.body)
            #expect(second.metadata == first.metadata)
            #expect(second.outgoing.metadata["replayed"] == .boolean(true))
            #expect(made.withLockedValue { $0 } == 1)
        }
    }

    @Test(
        "A key is one account's, and stands for one method and body",
        arguments: [
            ("other", "make", "{}", nil), ("vendor", "undo", "{}", "idempotency_key_reused"),
            ("vendor", "make", "[]", "idempotency_key_reused"),
        ] as [(String, String, String, String?)]
    )
    func others(account: String, method: String, body: String, reason: String?) async throws {
        try await withStore(RequestKeys.table) { store in
            let made = NIOLockedValueBox(0)
            _ = try await Self.change(store, try Self.request(), made)
            let other = try Self.request(of: account, method: method, body: body)
            do {
                let reply = try await Self.change(store, other, made)
                #expect(!reply.isReplay)
                #expect(reason == nil)
            } catch let error as RPCError {
                #expect(error.reason == reason)
            }
        }
    }

    @Test("Without a key each call counts, and a refused one keeps no answer")
    func unkeyed() async throws {
        try await withStore(RequestKeys.table) { store in
            let made = NIOLockedValueBox(0)
            #expect(try Self.request(nil) == nil)
            for _ in 0..<2 { _ = try await Self.change(store, nil, made) }
            #expect(made.withLockedValue { $0 } == 2)
            await #expect(throws: Refused.self) {
                try await Self.change(store, try Self.request(), made) { throw Refused() }
            }
            #expect(try await store.answer(to: try Self.request()) == nil)
        }
    }

    @Test("While its first call is received a key is claimed, and given back with the claim")
    func claims() throws {
        let claims = KeyClaims()
        let key = try IdempotencyKey("k")
        var first: KeyClaims.Claim? = try claims.claim(key, of: "vendor")
        let error = #expect(throws: RPCError.self) { try claims.claim(key, of: "vendor") }
        #expect(error?.reason == "in_progress")
        #expect(error?.status == .aborted)
        withExtendedLifetime(first) {}
        _ = try claims.claim(key, of: "other")
        first = nil
        _ = try claims.claim(key, of: "vendor")
    }
}
