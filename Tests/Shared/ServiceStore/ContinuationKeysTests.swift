import ServiceStore
import Storage
import Testing

@Suite("Continuation keys")
struct ContinuationKeysTests {
    @Test(
        "A key is good for its account, its list and its time only, as it was given",
        arguments: [
            ("list", "vendor", 999, .payload([1, 2], expiresAt: 1_000)),
            ("list", "vendor", 1_000, .expired), ("list", "other", 999, .unknown),
            ("other", "vendor", 999, .unknown), ("listv", "endor", 999, .unknown),
        ] as [(String, String, Int64, ContinuationKeys.Reading)]
    )
    func reading(
        list: String,
        account: String,
        now: Int64,
        expected: ContinuationKeys.Reading
    ) async throws {
        try await withStore(ContinuationKeys.table) { store in
            let keys = ContinuationKeys(store)
            let key = try await keys.seal([1, 2], of: "list", for: "vendor", expiresAt: 1_000)
            #expect(try await keys.open(key, of: list, for: account, at: now) == expected)
            // The secret is the store's: whoever opens it later knows its keys.
            let later = ContinuationKeys(store)
            #expect(try await later.open(key, of: list, for: account, at: now) == expected)
        }
    }

    @Test("A key of which any character was changed, cut or added is none")
    func forged() async throws {
        try await withStore(ContinuationKeys.table) { store in
            let keys = ContinuationKeys(store)
            let key = try await keys.seal([7, 8, 9], of: "l", for: "a", expiresAt: .max)
            var forged = ["", "x", String(key.dropLast()), key + "A"]
            for place in key.indices {
                var other = key
                other.replaceSubrange(place...place, with: key[place] == "A" ? "B" : "A")
                forged.append(other)
            }
            for text in forged where text != key {
                #expect(try await keys.open(text, of: "l", for: "a", at: 0) == .unknown, "\(text)")
            }
        }
    }

    @Test("Callers that come first together are given keys of one secret")
    func oneSecret() async throws {
        try await withStore(ContinuationKeys.table) { store in
            let sealed = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await ContinuationKeys(store)
                            .seal([], of: "l", for: "a", expiresAt: 5)
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(sealed.count == 1)
        }
    }
}
