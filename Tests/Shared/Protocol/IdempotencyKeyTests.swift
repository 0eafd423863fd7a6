import Protocol
import Testing

@Suite("Idempotency keys")
struct IdempotencyKeyTests {
    @Test(
        "A key is 1 to 255 visible ASCII characters",
        arguments: [
            ("k", true), (String(repeating: "k", count: 255), true), ("!~", true), ("", false),
            (String(repeating: "k", count: 256), false), ("a b", false), ("a\nb", false),
            ("ключ", false), (" k", false), ("k\u{7F}", false),
        ]
    )
    func grammar(text: String, isGood: Bool) {
        do throws(RPCError) {
            #expect(try IdempotencyKey(text).text == text)
            #expect(isGood)
        } catch {
            #expect(!isGood)
            #expect(error.status == .invalidArgument)
            #expect(error.reason == "invalid_key")
            #expect(error.details.map(\.field) == ["Idempotency-Key"])
        }
    }

    @Test("T-02: the same request under a key is repeated, another one is refused")
    func judgement() throws {
        try IdempotencyKey.requireSame([1], [1])
        let error = #expect(throws: RPCError.self) {
            try IdempotencyKey.requireSame([1], [2])
        }
        #expect(error?.status == .failedPrecondition)
        #expect(error?.reason == "idempotency_key_reused")
    }
}
