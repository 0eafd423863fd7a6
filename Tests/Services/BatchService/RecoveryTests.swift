import BatchRules
import BatchService
import Foundation
import Logging
import Protocol
import ServiceRuntime
import Testing

@Suite("Tasks survive everything")
struct RecoveryTests {
    private static let whole = PostSetResult(transactionsLoaded: 2, failures: [])

    @Test("C-03: a lost reply is healed by asking again; the set is posted once")
    func lostReply() async throws {
        let bench = try await Bench()
        bench.posting.script(.loseReply(Self.whole))
        let acceptance = try await bench.submit()
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .complete)
        #expect(task.attempts == 2)
        #expect(bench.posting.commits == [1: 1])
        #expect(bench.posting.calls.map(\.attempt) == [1, 2])
        #expect(Set(bench.posting.calls.map(\.digest)).count == 1)
    }

    @Test("an absent posting-service only delays a task")
    func absent() async throws {
        let bench = try await Bench()
        for _ in 0..<30 { bench.posting.script(.fail(RPCError.unavailable("down"))) }
        let acceptance = try await bench.submit()
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .complete)
        #expect(task.attempts == 31)
    }

    @Test("a clock that is set back by an hour costs a backlog no more than one wait")
    func clockSetBack() async throws {
        let bench = try await Bench(small: 4)
        for _ in 0..<12 { bench.posting.script(.fail(RPCError.unavailable("down"))) }
        for _ in 0..<12 { try await bench.submit() }
        for _ in 0..<3 {
            try await bench.settle()
            _ = try await bench.worker.scan()
        }
        try await bench.settle()
        bench.clock.advance(milliseconds: -3_600_000)
        for _ in 0..<5 {
            try await bench.worker.beat()
            _ = try await bench.worker.scan()
            try await bench.settle()
            bench.clock.advance(milliseconds: 1_000)
        }
        #expect(bench.posting.commits.count == 12)
    }

    @Test("a lease that a clock set back has made too long runs out in its usual time")
    func leaseSetBack() async throws {
        let bench = try await Bench()
        bench.posting.script(.hang)
        let acceptance = try await bench.submit()
        try await eventually { bench.posting.calls.count == 1 }
        bench.clock.advance(milliseconds: -3_600_000)
        #expect(try await bench.store.cutWaits(at: bench.clock.now) == 1)
        #expect(try await bench.store.cutWaits(at: bench.clock.now) == 0)
        bench.clock.advance(milliseconds: TaskLimits().leaseMilliseconds)
        #expect(try await bench.store.releaseExpired(at: bench.clock.now) == 1)
        bench.posting.release()
        #expect(try await bench.finish(acceptance.taskID).status == .complete)
    }

    @Test("C-10: the loops end while a set is in flight and a drain waits for it")
    func drains() async throws {
        let bench = try await Bench()
        let driver = LoopDriver(
            logger: Logger(label: "loops") { _ in SwiftLogNoOpLogHandler() },
            metrics: MetricsRegistry()
        )
        driver.start(bench.worker.loops)
        bench.posting.script(.hang)
        let acceptance = try await bench.submit()
        try await eventually { bench.posting.calls.count == 1 }
        #expect(await !bench.worker.drain(milliseconds: 50))
        async let isDrained = bench.worker.drain(milliseconds: 10_000)
        bench.posting.release()
        #expect(await isDrained)
        await driver.stop()
        #expect(try await bench.task(acceptance.taskID).status == .complete)
    }

    @Test("a definite refusal ends the task with its reason")
    func refused() async throws {
        let bench = try await Bench()
        bench.posting.script(
            .fail(RPCError(.failedPrecondition, reason: "digest_differs", message: "Another body."))
        )
        let acceptance = try await bench.submit()
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .error)
        #expect(try await bench.document(acceptance.taskID).contains("Another body."))
    }

    @Test("C-12: a set that breaks every attempt is withdrawn, and its task says so")
    func poison() async throws {
        let bench = try await Bench()
        for _ in 0..<20 { bench.posting.script(.fail(ScriptedPosting.lost)) }
        let acceptance = try await bench.submit()
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .error)
        #expect(task.attempts == 21)
        #expect(bench.posting.withdrawn == [1])
        #expect(bench.posting.commits.isEmpty)
        let document = try await bench.document(acceptance.taskID)
        #expect(document.contains("could not be processed in 20 attempts and was withdrawn"))
    }

    @Test("C-12: a set that was posted after all is not called withdrawn")
    func poisonThatWasPosted() async throws {
        let bench = try await Bench()
        bench.posting.script(.loseReply(Self.whole))
        let acceptance = try await bench.submit()
        try await bench.settle()
        // From now on even asking fails, until the attempts are used up.
        for _ in 0..<25 {
            _ = try await bench.store.recoverLeases(survivor: "none", at: bench.clock.now)
            bench.clock.advance(milliseconds: 5_000)
            let leased = try await bench.store.leaseWaiting(
                .small,
                to: "dead",
                at: bench.clock.now,
                limit: 1
            )
            if leased.first?.work == .withdraw { break }
        }
        _ = try await bench.store.recoverLeases(survivor: "first", at: bench.clock.now)
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .complete)
        #expect(bench.posting.withdrawn.isEmpty)
    }

    @Test("C-04, C-07: a kill between commit and posting is healed by the next start")
    func killedBeforePosting() async throws {
        let bench = try await Bench(small: 0)
        let acceptance = try await bench.submit()
        #expect(try await bench.task(acceptance.taskID).status == .accepted)
        let next = try await bench.killed()
        #expect(try await next.finish(acceptance.taskID).status == .complete)
        #expect(next.posting.commits == [1: 1])
    }

    @Test("C-02, C-07: a kill while posting-service works is healed, posted once")
    func killedWhilePosting() async throws {
        let bench = try await Bench()
        bench.posting.script(.hang)
        let acceptance = try await bench.submit(SampleSet.large(2_000))
        try await eventually { bench.posting.isWaiting }
        let next = try await bench.killed()
        #expect(try await next.task(acceptance.taskID).status == .accepted)
        #expect(try await next.finish(acceptance.taskID).status == .complete)
        bench.posting.release()
        try await bench.settle()
        #expect(next.posting.commits == [1: 1])
        #expect(try await next.task(acceptance.taskID).status == .complete)
    }

    @Test("where others may have the store, a start leaves their sets alone until the lease ends")
    func sharedStore() async throws {
        let bench = try await Bench(isExclusive: false)
        bench.posting.script(.hang)
        let acceptance = try await bench.submit()
        try await eventually { bench.posting.isWaiting }
        let next = try await bench.killed()
        #expect(try await next.task(acceptance.taskID).status == .processing)
        bench.clock.advance(milliseconds: TaskLimits().leaseMilliseconds)
        #expect(try await next.store.releaseExpired(at: bench.clock.now) == 1)
        #expect(try await next.finish(acceptance.taskID).status == .complete)
        bench.posting.release()
        try await bench.settle()
        #expect(next.posting.commits == [1: 1])
    }

    @Test("C-03: a kill between the ledger's commit and the result is healed")
    func killedBeforeResult() async throws {
        let bench = try await Bench()
        bench.posting.script(.loseReply(Self.whole))
        let acceptance = try await bench.submit()
        try await bench.settle()
        let next = try await bench.killed()
        #expect(try await next.finish(acceptance.taskID).status == .complete)
        #expect(next.posting.commits == [1: 1])
    }

    @Test("C-09, T-05: a reply after its lease has ended is refused, the second worker's stands")
    func fenced() async throws {
        let bench = try await Bench()
        bench.posting.script(.hang)
        let acceptance = try await bench.submit()
        try await eventually { bench.posting.isWaiting }
        bench.clock.advance(milliseconds: 31_000)
        #expect(try await bench.store.releaseExpired(at: bench.clock.now) == 1)
        bench.clock.advance(milliseconds: 1_000)
        let leased = try await bench.store.leaseWaiting(
            .small,
            to: "second",
            at: bench.clock.now,
            limit: 10
        )
        #expect(leased.map(\.epoch) == [2])
        bench.posting.release()
        try await bench.settle()
        #expect(try await bench.task(acceptance.taskID).status == .processing)
        let end = AttemptEnd(reply: .posted(everythingLoaded: true), result: Self.whole)
        let action = try await bench.store.end(
            setID: 1,
            epoch: 2,
            owner: "second",
            end,
            at: bench.clock.now
        )
        #expect(action == .finish(.complete))
        #expect(bench.posting.commits == [1: 1])
    }

    @Test("T-05: two workers that look at once never share a task")
    func uniqueClaims() async throws {
        let bench = try await Bench(small: 0)
        for _ in 0..<40 { try await bench.submit() }
        let claims = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    try await bench.store.leaseWaiting(
                        .small,
                        to: "worker-\(worker)",
                        at: bench.clock.now,
                        limit: 10
                    ).map(\.setID)
                }
            }
            return try await group.reduce(into: [Int64]()) { $0 += $1 }
        }
        #expect(claims.sorted() == Array(1...40))
    }

    @Test("a heartbeat keeps a long set's lease")
    func heartbeat() async throws {
        let bench = try await Bench()
        bench.posting.script(.hang)
        let acceptance = try await bench.submit()
        try await eventually { bench.posting.isWaiting }
        for _ in 0..<10 {
            bench.clock.advance(milliseconds: 12_000)
            try await bench.worker.beat()
            #expect(try await bench.store.releaseExpired(at: bench.clock.now) == 0)
        }
        bench.posting.release()
        #expect(try await bench.finish(acceptance.taskID).attempts == 1)
    }

    @Test("A1-13: progress is kept and served from the store")
    func progress() async throws {
        let bench = try await Bench()
        bench.posting.script(.hang)
        let acceptance = try await bench.submit()
        try await eventually { bench.posting.isWaiting }
        bench.posting.set(progress: [SetCounts(setID: 1, total: 2, done: 1, failed: 1)])
        bench.clock.advance(milliseconds: 300)
        try await bench.worker.beat()
        let running = try await bench.task(acceptance.taskID)
        #expect(
            String(decoding: TaskDocument.progress(running), as: UTF8.self)
                == #"{"total":2,"done":1,"failed":1,"attempt":1}"#
        )
        bench.posting.release()
        let done = try await bench.finish(acceptance.taskID)
        #expect(
            String(decoding: TaskDocument.progress(done), as: UTF8.self)
                == #"{"total":2,"done":2,"failed":0,"attempt":1}"#
        )
    }

    @Test("sets beyond the worker's room wait in the store and are all posted")
    func backlog() async throws {
        let bench = try await Bench(small: 2)
        let acceptances = try await withThrowingTaskGroup(of: Acceptance.self) { group in
            for _ in 0..<50 { group.addTask { try await bench.submit() } }
            return try await group.reduce(into: [Acceptance]()) { $0.append($1) }
        }
        for acceptance in acceptances {
            #expect(try await bench.finish(acceptance.taskID).status == .complete)
        }
        #expect(bench.posting.commits.values.allSatisfy { $0 == 1 })
        #expect(bench.posting.commits.count == 50)
    }

    @Test("M-05: a task that has ended is never leased or changed again")
    func terminal() async throws {
        let bench = try await Bench()
        let acceptance = try await bench.submit()
        _ = try await bench.finish(acceptance.taskID)
        bench.clock.advance(milliseconds: 3_600_000)
        _ = try await bench.worker.scan()
        let end = AttemptEnd(reply: .refused, result: nil)
        let action = try await bench.store.end(
            setID: 1,
            epoch: 1,
            owner: "first",
            end,
            at: bench.clock.now
        )
        #expect(action == .fenced)
        #expect(try await bench.task(acceptance.taskID).status == .complete)
        #expect(bench.posting.calls.count == 1)
    }

    /// What stands in a body file's way for a while.
    enum Obstacle: CaseIterable {
        /// `open` fails, as it does where descriptors have run out.
        case cannotOpen
        /// `pread` fails with EIO: the file is the process's own memory, whose first page is none.
        case cannotRead

        func put(at path: String) throws {
            try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
            switch self {
            case .cannotOpen:
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: false
                )
            case .cannotRead:
                try FileManager.default.createSymbolicLink(
                    atPath: path,
                    withDestinationPath: "/proc/self/mem"
                )
            }
        }

        func remove(from path: String) throws {
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        }
    }

    @Test(
        "a body that cannot be opened or read for a while is posted afterwards",
        arguments: Obstacle.allCases
    )
    func unreadableForAWhile(obstacle: Obstacle) async throws {
        let bench = try await Bench(bodyFileBytes: 1)
        for _ in 0..<2 { bench.posting.script(.fail(RPCError.unavailable("down"))) }
        let first = try await bench.submit(SampleSet.large(2_000))
        let second = try await bench.submit(SampleSet.large(2_000, id: "M"))
        try await bench.settle()
        // The newest file is open from the start on; the first one's descriptor is asked for later.
        let path = bench.folder + "/bodies/001"
        let hindered = try await bench.killed()
        try obstacle.put(at: path)
        #expect(try await hindered.finish(second.taskID).status == .complete)
        for _ in 0..<(TaskLimits().faultsBeforeWithdrawal + 5) {
            bench.clock.advance(milliseconds: TaskLimits().longestBackoffMilliseconds)
            _ = try await hindered.worker.scan()
            try await hindered.settle()
        }
        let waiting = try await hindered.task(first.taskID)
        #expect(waiting.status == .accepted)
        #expect(waiting.attempts > TaskLimits().faultsBeforeWithdrawal)
        try obstacle.remove(from: path)
        let next = try await hindered.killed(owner: "third")
        #expect(try await next.finish(first.taskID).status == .complete)
        #expect(next.posting.withdrawn.isEmpty)
        #expect(next.posting.commits == [1: 1, 2: 1])
    }

    @Test("D-06: a flipped bit in a body file is found, named, and the set withdrawn")
    func damagedBody() async throws {
        let bench = try await Bench()
        bench.posting.script(.fail(RPCError.unavailable("down")))
        let acceptance = try await bench.submit(SampleSet.large(2_000))
        try await bench.settle()
        let path = bench.folder + "/bodies/001"
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: 1_000)
        try file.write(contentsOf: [0xFF])
        try file.close()
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .error)
        #expect(bench.posting.withdrawn == [1])
        #expect(bench.posting.commits.isEmpty)
        await #expect(throws: RPCError.self) { try await bench.list([1]) }
    }
}
