import NIOConcurrencyHelpers
import Protocol
import ServiceStore
import Storage
import Testing

@Suite("What a caller is told of the store")
struct StoreChangesTests {
    @Test(
        "A store that takes no work is an answer; what is no caller's business is none",
        arguments: [
            (.full, .unavailable, 5_000), (.overloaded, .resourceExhausted, 500),
            (.closed, .unavailable, 1_000), (.constraint(""), nil, nil),
            (.inUse(path: "", holder: ""), nil, nil), (.damaged(""), nil, nil),
            (.schema(""), nil, nil), (.inputOutput(""), nil, nil), (.misuse(""), nil, nil),
        ] as [(StoreError, RPCStatus?, Int?)]
    )
    func answers(error: StoreError, status: RPCStatus?, wait: Int?) {
        let answer = RPCError(error)
        #expect(answer?.status == status)
        #expect(answer?.retryAfterMilliseconds == wait)
        #expect(answer.map { $0.processed == .no } ?? true)
    }

    @Test(
        "Work that meets another writer's change is done again, five times at most",
        arguments: [(0, 1, true), (4, 5, true), (5, 5, false)]
    )
    func retries(conflicts: Int, tries: Int, succeeds: Bool) async throws {
        for error in [StoreError.constraint("x"), RPCError.changed("Row 1")] as [any Error] {
            try await withStore("CREATE TABLE t(id INTEGER);") { store in
                let calls = NIOLockedValueBox(0)
                let result = try? await store.writeRepeatedly { _ in
                    let call = calls.withLockedValue { calls in
                        calls += 1
                        return calls
                    }
                    if call <= conflicts { throw error }
                    return call
                }
                #expect((result != nil) == succeeds)
                #expect(calls.withLockedValue { $0 } == tries)
            }
        }
    }

    @Test("What the work itself throws is thrown at once")
    func others() async throws {
        try await withStore("CREATE TABLE t(id INTEGER);") { store in
            let calls = NIOLockedValueBox(0)
            await #expect(throws: RPCError.notFound) {
                try await store.writeRepeatedly { _ in
                    calls.withLockedValue { $0 += 1 }
                    throw RPCError.notFound
                }
            }
            #expect(calls.withLockedValue { $0 } == 1)
            await store.close()
            let error = await #expect(throws: RPCError.self) {
                try await store.writeRepeatedly { _ in }
            }
            #expect(error?.status == .unavailable)
        }
    }
}
