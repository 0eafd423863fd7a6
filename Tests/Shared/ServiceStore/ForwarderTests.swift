import Logging
import NIOConcurrencyHelpers
import Protocol
import ServiceRuntime
import ServiceStore
import Storage
import Testing

/// An outbox of numbers, whose other service does what a test says.
private struct NumberOutbox: Outbox {
    static let table = """
        CREATE TABLE box(id INTEGER PRIMARY KEY AUTOINCREMENT, subject BIGINT NOT NULL);
        """

    struct Row: OutboxRow {
        var id: Int64
        var subject: Int64
        var waitsForAnother: Bool { false }
    }

    final class Service: Sendable {
        struct State {
            /// Rows in the order in which they were taken.
            var taken: [Int64] = []
            var calls: [Int] = []
            var refused: Set<Int64> = []
            /// So many answers are lost after the rows were taken.
            var lostReplies = 0
            var isDown = false
        }

        let state = NIOLockedValueBox(State())

        func take(_ rows: [Row]) throws {
            try state.withLockedValue { state in
                state.calls.append(rows.count)
                if state.isDown { throw RPCError.unavailable("It is not there.") }
                guard !rows.contains(where: { state.refused.contains($0.id) }) else {
                    throw RPCError.ruleBroken([])
                }
                let known = Set(state.taken)
                state.taken += rows.map(\.id).filter { !known.contains($0) }
                if state.lostReplies > 0 {
                    state.lostReplies -= 1
                    throw RPCError.unavailable("The reply is lost.")
                }
            }
        }
    }

    let service: Service

    func oldest(_ limit: Int, in transaction: ReadTransaction) throws -> [Row] {
        var rows: [Row] = []
        try transaction.rows(
            "SELECT id, subject FROM box ORDER BY id LIMIT ?1",
            [.integer(Int64(limit))]
        ) { rows.append(Row(id: $0.int64(0), subject: $0.int64(1))) }
        return rows
    }

    func send(_ rows: [Row]) async throws { try service.take(rows) }

    func forget(_ rows: [Row], _: Void, in transaction: WriteTransaction) throws {
        try transaction.forget(rows.map(\.id), of: "box")
    }

    func count(in transaction: ReadTransaction) throws -> Int64 {
        try transaction.integer("SELECT COUNT(*) FROM box") ?? 0
    }

    func holds(_ subject: Int64, in transaction: ReadTransaction) throws -> Bool {
        try transaction.integer(
            "SELECT 1 FROM box WHERE subject = ?1 LIMIT 1",
            [.integer(subject)]
        ) != nil
    }

    func description(of row: Row) -> Logger.Metadata { ["row": "\(row.id)"] }
}

@Suite("Forwarding an outbox")
struct ForwarderTests {
    private struct Bench: Sendable {
        let store: Store
        let service = NumberOutbox.Service()
        let time = NIOLockedValueBox<Int64>(0)
        let forwarder: Forwarder<NumberOutbox>

        init(_ store: Store, groupSize: Int) {
            self.store = store
            var options = ForwarderOptions()
            options.groupSize = groupSize
            options.rowsOfSubject = 100
            options.tickMilliseconds = 10
            forwarder = Forwarder(
                NumberOutbox(service: service),
                store: store,
                lease: nil,
                options: options,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { [time] in time.withLockedValue { $0 } }
            )
        }

        func add(_ subjects: [Int64]) async throws {
            try await store.write { transaction in
                for subject in subjects {
                    try transaction.execute(
                        "INSERT INTO box(subject) VALUES(?1)",
                        [.integer(subject)]
                    )
                }
            }
        }

        func deliver() async throws { while try await forwarder.forwardOnce() {} }

        var waiting: Int64? {
            get async throws {
                try await store.read { try $0.integer("SELECT COUNT(*) FROM box") }
            }
        }

        var taken: [Int64] { service.state.withLockedValue { $0.taken } }
        func change(_ work: (inout NumberOutbox.Service.State) -> Void) {
            service.state.withLockedValue { work(&$0) }
        }
    }

    private func withBench(
        groupSize: Int = 100,
        _ work: (Bench) async throws -> Void
    ) async throws {
        try await withStore(NumberOutbox.table) { store in
            try await work(Bench(store, groupSize: groupSize))
        }
    }

    @Test(
        "A refused row waits with what follows it of its subject, while others go on",
        arguments: [
            // Subjects of rows 1, 2, …; the refused rows; what is taken before they are mended.
            ([1, 2, 3], [2], [1, 3]), ([1, 1, 2, 1], [2], [1, 3]), ([1, 1, 1], [1], []),
            ([1, 2, 1, 2], [1, 2], []), ([1, 2, 3, 4, 5, 6, 7, 8], [5], [1, 2, 3, 4, 6, 7, 8]),
        ] as [([Int64], Set<Int64>, [Int64])]
    )
    func refused(subjects: [Int64], refused: Set<Int64>, taken: [Int64]) async throws {
        for groupSize in [1, 2, 100] {
            try await withBench(groupSize: groupSize) { bench in
                bench.change { $0.refused = refused }
                try await bench.add(subjects)
                try await bench.deliver()
                let first = Set(bench.taken)
                #expect(first.isSubset(of: taken), "\(groupSize)")
                // What was blocked behind a row of the same group goes when that is known.
                try await bench.deliver()
                #expect(Set(bench.taken) == Set(taken), "\(groupSize)")
                let calls = bench.service.state.withLockedValue { $0.calls.count }
                try await bench.deliver()
                #expect(bench.service.state.withLockedValue { $0.calls.count } == calls)
                bench.change { $0.refused = [] }
                bench.time.withLockedValue { $0 += 1_000 }
                for _ in subjects { try await bench.deliver() }
                #expect(try await bench.waiting == 0)
                for subject in Set(subjects) {
                    let rows = bench.taken.filter { subjects[Int($0) - 1] == subject }
                    #expect(rows == rows.sorted(), "subject \(subject) out of order")
                }
                #expect(bench.taken.count == subjects.count)
            }
        }
    }

    @Test("A refused row is tried again after a second, then after twice as long, a minute at most")
    func backoff() async throws {
        try await withBench { bench in
            bench.change { $0.refused = [1] }
            try await bench.add([1])
            try await bench.deliver()
            for wait in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] as [Int64] {
                let calls = bench.service.state.withLockedValue { $0.calls.count }
                bench.time.withLockedValue { $0 += wait - 1 }
                try await bench.deliver()
                #expect(bench.service.state.withLockedValue { $0.calls.count } == calls, "\(wait)")
                bench.time.withLockedValue { $0 += 1 }
                try await bench.deliver()
                #expect(bench.service.state.withLockedValue { $0.calls.count } == calls + 1)
            }
            // A clock that is set back costs no longer wait.
            let calls = bench.service.state.withLockedValue { $0.calls.count }
            bench.time.withLockedValue { $0 -= 3_600_000 }
            try await bench.deliver()
            #expect(bench.service.state.withLockedValue { $0.calls.count } == calls + 1)
        }
    }

    @Test("A lost reply is healed by sending again, and a service that is away changes nothing")
    func lostReply() async throws {
        try await withBench { bench in
            try await bench.add([1, 2])
            bench.change { $0.isDown = true }
            await #expect(throws: RPCError.self) { try await bench.deliver() }
            #expect(try await bench.waiting == 2)
            bench.change { state in
                state.isDown = false
                state.lostReplies = 1
            }
            await #expect(throws: RPCError.self) { try await bench.deliver() }
            #expect(try await bench.waiting == 2)
            try await bench.deliver()
            #expect(bench.taken == [1, 2])
            #expect(try await bench.waiting == 0)
        }
    }

    @Test("A waiter ends with its subject's delivery, also one before it, or with its time")
    func settled() async throws {
        try await withBench { bench in
            try await bench.add([7])
            #expect(await !bench.forwarder.settled(7, withinMilliseconds: 30))
            let driver = LoopDriver(
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                metrics: MetricsRegistry()
            )
            driver.start([bench.forwarder.loop("numbers", "Sends numbers.")])
            #expect(await bench.forwarder.settled(7, withinMilliseconds: 10_000))
            #expect(await bench.forwarder.settled(7, withinMilliseconds: 10_000))
            bench.change { $0.refused = [2] }
            try await bench.add([8])
            #expect(await !bench.forwarder.settled(8, withinMilliseconds: 100))
            let waiter = Task { await bench.forwarder.settled(8, withinMilliseconds: 60_000) }
            waiter.cancel()
            #expect(await !waiter.value)
            await driver.stop()
            #expect(bench.taken == [1])
        }
    }
}
