import BatchService
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import Testing

private func reason(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? RPCError)?.reason ?? "\(error)"
    }
}

@Suite("Idempotency keys")
struct IdempotencyTests {
    @Test("T-01: 64 callers with one key and one body have one effect and one answer")
    func manyCallers() async throws {
        let bench = try await Bench()
        let answers = await withTaskGroup(of: String.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    do {
                        return try await bench.submit(key: "same").taskID
                    } catch {
                        return (error as? RPCError)?.reason ?? "\(error)"
                    }
                }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers.subtracting(["in_progress"]).count == 1)
        #expect(try await bench.store.highestNumber() == 1)
        try await bench.settle()
        #expect(bench.posting.commits == [1: 1])
    }

    @Test("T-01: a repeated call is marked as replayed and names the same task")
    func replay() async throws {
        let bench = try await Bench()
        let first = try await bench.submit(key: "k")
        let second = try await bench.submit(key: "k")
        #expect(second == Acceptance(taskID: first.taskID, replayed: true))
        try await bench.settle()
    }

    @Test("T-02: the same key with another body is refused, and the first result stands")
    func otherBody() async throws {
        let bench = try await Bench()
        let first = try await bench.submit(key: "k")
        _ = try await bench.finish(first.taskID)
        let before = try await bench.document(first.taskID)
        var other = SampleSet.seed
        other.rows[0].amount = "1.00"
        #expect(
            await reason { try await bench.submit(other, key: "k") } == "idempotency_key_reused"
        )
        #expect(try await bench.document(first.taskID) == before)
        #expect(try await bench.store.highestNumber() == 1)
    }

    @Test("T-02: the key is answered before any other rule")
    func keyFirst() async throws {
        let bench = try await Bench()
        let first = try await bench.submit(key: "k")
        let broken = ByteBuffer(string: "{")
        #expect(
            await reason { try await bench.submit(broken, key: "k") } == "idempotency_key_reused"
        )
        var foreign = SampleSet.seed
        foreign.sourceName = "SYSTEM_ABC"
        #expect(
            await reason { try await bench.submit(foreign, key: "k") } == "idempotency_key_reused"
        )
        let withoutSource = Bench.principal(sources: [])
        let replay = try await bench.submit(key: "k", as: withoutSource)
        #expect(replay == Acceptance(taskID: first.taskID, replayed: true))
        try await bench.settle()
    }

    @Test("T-04: the same key of two accounts stands for two sets")
    func twoAccounts() async throws {
        let bench = try await Bench()
        let first = try await bench.submit(key: "k")
        let second = try await bench.submit(key: "k", as: Bench.principal("other"))
        #expect(first.taskID != second.taskID)
        #expect(!second.replayed)
        try await bench.settle()
    }

    @Test("C-07: a key is known after the process was killed")
    func afterKill() async throws {
        let bench = try await Bench()
        let first = try await bench.submit(key: "k")
        try await bench.settle()
        let next = try await bench.killed()
        #expect(try await next.submit(key: "k") == Acceptance(taskID: first.taskID, replayed: true))
    }

    @Test("a second call while the first is still received is told to wait")
    func inProgress() async throws {
        let bench = try await Bench()
        let isReceiving = NIOLockedValueBox(false)
        let (rest, source) = AsyncStream.makeStream(of: ByteBuffer.self)
        let pieces = AsyncStream {
            isReceiving.withLockedValue { $0 = true }
            return await rest.first { _ in true }
        }
        let first = Task {
            try await bench.intake.submit(
                Submission(
                    principal: Bench.principal(),
                    peer: "",
                    clientAddress: "",
                    requestID: "",
                    idempotencyKey: "k"
                ),
                pieces,
                expectedBytes: nil
            )
        }
        try await eventually { isReceiving.withLockedValue { $0 } }
        #expect(await reason { try await bench.submit(key: "k") } == "in_progress")
        source.yield(SampleSet.seed.body)
        source.finish()
        let accepted = try await first.value
        #expect(try await bench.submit(key: "k").taskID == accepted.taskID)
        try await bench.settle()
    }

    @Test("a malformed key is refused by its name")
    func malformedKey() async throws {
        let bench = try await Bench()
        #expect(await reason { try await bench.submit(key: "a\nb") } == "invalid_key")
        #expect(try await bench.store.highestNumber() == 0)
    }
}
