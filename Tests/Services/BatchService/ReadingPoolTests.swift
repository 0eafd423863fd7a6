import BatchService
import Dispatch
import NIOConcurrencyHelpers
import Protocol
import Testing

/// One thread that runs tasks one after the other, as an event loop does.
private final class OneThread: TaskExecutor {
    private let queue = DispatchQueue(label: "one thread")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// The one thread of a bench's pool, held until it is let go.
private final class HeldPool: Sendable {
    private let mayGo = DispatchSemaphore(value: 0)
    private let holding: Task<Void, any Error>

    init(_ pool: ReadingPool) async throws {
        holding = Task { [mayGo] in try await pool.run { mayGo.wait() } }
        try await eventually { pool.depth == 1 }
    }

    func letGo() async throws {
        mayGo.signal()
        try await holding.value
    }
}

@Suite("Long reading")
struct ReadingPoolTests {
    private static let filter = HistoryRequest(
        filters: ["transactions": ["WO12345", "L-7"]],
        pageSize: nil,
        continuationKey: nil
    )

    /// A small set, number 1, and a large one, number 2; both are done.
    private static func bench() async throws -> Bench {
        let bench = try await Bench()
        for set in [SampleSet.seed, SampleSet.large(2_000)] {
            _ = try await bench.finish(try await bench.submit(set).taskID)
        }
        return bench
    }

    @Test("while a large result is read, the same loop answers a small call")
    func largeResult() async throws {
        let bench = try await Self.bench()
        let loop = OneThread()
        let ended = NIOLockedValueBox<[String]>([])
        let held = try await HeldPool(bench.pool)
        let large = Task(executorPreference: loop) {
            let text = try await bench.list([2])
            ended.withLockedValue { $0.append("large") }
            return text
        }
        try await eventually { bench.pool.depth == 2 }
        let small = Task(executorPreference: loop) {
            let text = try await bench.list([1])
            ended.withLockedValue { $0.append("small") }
            return text
        }
        #expect(try await small.value.contains("WO12345"))
        #expect(ended.withLockedValue { $0 } == ["small"])
        try await held.letGo()
        #expect(try await large.value.contains("L-1999"))
        #expect(bench.pool.depth == 0)
    }

    @Test("a filter that looks into bodies, small and large, does so off the loop")
    func filter() async throws {
        let bench = try await Self.bench()
        let held = try await HeldPool(bench.pool)
        let page = Task {
            try await bench.history.page(Self.filter, for: Bench.principal(), at: bench.clock.now)
        }
        try await eventually { bench.pool.depth == 2 }
        try await held.letGo()
        #expect(try await page.value.setIDs == [2, 1])
    }

    @Test("beyond the limit a reading is refused and counted; one that has begun goes on")
    func limit() async throws {
        let bench = try await Self.bench()
        let held = try await HeldPool(bench.pool)
        let waiting = (0..<3).map { _ in Task { try await bench.pool.run {} } }
        try await eventually { bench.pool.depth == 4 }
        let error = await #expect(throws: RPCError.self) {
            try await bench.history.page(Self.filter, for: Bench.principal(), at: bench.clock.now)
        }
        #expect(error?.status == .resourceExhausted)
        #expect(error?.reason == "busy")
        #expect(error?.processed == .no)
        #expect(bench.pool.refused == 1)
        let list = Task { try await bench.list([2]) }
        try await eventually { bench.pool.depth == 5 }
        try await held.letGo()
        for wait in waiting { try await wait.value }
        #expect(try await list.value.contains("L-1999"))
    }
}
