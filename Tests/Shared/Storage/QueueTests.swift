import Storage
import Synchronization
import storage_probe
import Testing

@Suite("Waiting for the store")
struct QueueTests {
    private func waiting(_ count: Int, _ store: Store) async {
        while store.waitingWrites != count { await Task.yield() }
    }

    @Test("A caller cancelled while it waits leaves at once, and its work is not done")
    func cancellation() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let hold = Hold()
        async let first: Void = store.write { _ in hold.hold() }
        await hold.untilHeld()
        let second = Task {
            try await store.write { try $0.execute("INSERT INTO row (name) VALUES ('second')") }
        }
        await waiting(1, store)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(store.waitingWrites == 0)
        hold.letGo()
        try await first
        #expect(try await store.names() == [])
        await store.close()
    }

    @Test(
        "Work that is cancelled while it waits lets go of what it holds, though the writer is stuck"
    )
    func cancelledWorkIsFreed() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let hold = Hold()
        async let first: Void = store.write { _ in hold.hold() }
        await hold.untilHeld()
        let held = Census()
        for _ in 0..<50 {
            let calls = (0..<20).map { _ in
                Task { [load = held.member()] in
                    try await store.write { _ in withExtendedLifetime(load) {} }
                }
            }
            await waiting(20, store)
            for call in calls { call.cancel() }
            for call in calls {
                await #expect(throws: CancellationError.self) { try await call.value }
            }
        }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(5)
        while held.count > 0, clock.now < end { await Task.yield() }
        #expect(held.count == 0)
        hold.letGo()
        try await first
        await store.close()
    }

    @Test("A caller that is cancelled before it asks is not served")
    func cancelledBefore() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await store.write { try $0.execute("INSERT INTO row (name) VALUES ('late')") }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await store.names() == [])
        await store.close()
    }

    @Test("More callers than may wait are refused, and the others are served")
    func overload() async throws {
        let folder = try TestFolder()
        var options = StoreOptions()
        options.maximumWaitingWrites = 2
        let store = try Store.open(
            engine: .sqlite(path: folder.store),
            migrations: ProbeStore.migrations,
            options: options
        )
        let hold = Hold()
        async let first: Void = store.write { _ in hold.hold() }
        await hold.untilHeld()
        async let second: Void = store.write { _ in }
        async let third: Void = store.write { _ in }
        await waiting(2, store)
        await #expect(throws: StoreError.overloaded) { try await store.write { _ in } }
        hold.letGo()
        _ = try await (first, second, third)
        await store.close()
    }

    @Test("Closing serves the callers that wait")
    func closing() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let hold = Hold()
        async let first: Void = store.write { _ in hold.hold() }
        await hold.untilHeld()
        async let second = store.write {
            try $0.execute("INSERT INTO row (name) VALUES ('waited')")
        }
        await waiting(1, store)
        async let closed: Void = store.close()
        hold.letGo()
        try await first
        #expect(try await second == 1)
        await closed
        try await folder.expectExactly(["waited"], atMostBesides: 0)
    }

    @Test("Maintenance goes on while callers keep the writer busy")
    func maintenanceUnderLoad() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let (slices, slice) = AsyncStream<Int64>.makeStream()
        store.maintain { transaction in
            try transaction.execute("INSERT INTO row (name) VALUES (hex(randomblob(8)))")
            let count = try transaction.integer("SELECT count(*) FROM row") ?? 0
            slice.yield(count)
            return count < 5
        }
        let load = Task {
            while !Task.isCancelled { try await store.write { _ in } }
        }
        for await count in slices where count == 5 { break }
        load.cancel()
        _ = await load.result
        await store.close()
    }

    @Test("A text may be in use twice at once in one transaction")
    func oneTextTwice() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let pairs = try await store.write { transaction in
            try transaction.execute("INSERT INTO row (name) VALUES ('a'), ('b'), ('c')")
            var pairs = 0
            try transaction.rows("SELECT name FROM row") { outer in
                try transaction.rows("SELECT name FROM row") { inner in
                    pairs += inner.string(0) == outer.string(0) ? 100 : 1
                }
            }
            return pairs
        }
        #expect(pairs == 306)
        await store.close()
    }
}

/// Counts objects that are alive.
private final class Census: Sendable {
    private let alive = Atomic(0)

    var count: Int { alive.load(ordering: .relaxed) }

    final class Member: Sendable {
        private let census: Census

        init(_ census: Census) {
            self.census = census
            census.alive.add(1, ordering: .relaxed)
        }

        deinit { census.alive.subtract(1, ordering: .relaxed) }
    }

    func member() -> Member { Member(self) }
}
