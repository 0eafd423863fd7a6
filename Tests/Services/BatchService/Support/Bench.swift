import BatchRules
import BatchService
import Foundation
import Identity
import Logging
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import ServiceStore
import Storage
import Testing

/// A folder that is removed with its last user.
final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "batch-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }

    deinit {
        // A folder that stays behind harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// A clock that moves when it is told to.
final class ManualClock: Sendable {
    private let milliseconds = NIOLockedValueBox<Int64>(1_800_000_000_000)

    var now: Instant { Instant(milliseconds: milliseconds.withLockedValue { $0 }) }

    func advance(milliseconds step: Int64) { milliseconds.withLockedValue { $0 += step } }
}

/// batch-service's parts over a store in a folder of its own, without wire and without loops: a test
/// says when the worker looks.
final class Bench: Sendable {
    /// Goes with the last bench that works in it.
    private let place: TemporaryFolder
    var folder: String { place.path }
    private let isExclusive: Bool
    let clock: ManualClock
    let posting: ScriptedPosting
    let store: BatchStore
    let files: BodyFiles
    let worker: PostingWorker
    let intake: SetIntake
    let tasks: TaskReader
    let pool = ReadingPool(threads: 1, limit: 4)
    let results: ResultReader
    let history: HistoryReader

    init(
        place: TemporaryFolder? = nil,
        clock: ManualClock = ManualClock(),
        posting: ScriptedPosting = ScriptedPosting(),
        owner: String = "first",
        small: Int = 64,
        maximumBytes: Int = 8 << 20,
        obstacle: String? = nil,
        isExclusive: Bool = true,
        bodyFileBytes: Int = 1 << 30
    ) async throws {
        self.clock = clock
        self.posting = posting
        self.isExclusive = isExclusive
        let place = try place ?? TemporaryFolder()
        self.place = place
        let database = try Store.open(
            engine: .test(path: place.path + "/batch.db", isExclusive: isExclusive),
            migrations: BatchSchema.migrations
        )
        store = try await BatchStore(store: database)
        var fileOptions = BodyFiles.Options()
        fileOptions.aheadBytes = 2 << 20
        fileOptions.fileBytes = bodyFileBytes
        files = try BodyFiles(
            directory: place.path + "/bodies",
            used: try await store.bodyExtents(),
            options: fileOptions
        ) { fatalError($0) }
        let arenas = ArenaPool(limit: 4, capacity: maximumBytes)
        let readers = SetReaders()
        var options = PostingWorker.Options()
        options.small = small
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let bodies = BodyReader(files: files, arenas: arenas, logger: logger)
        worker = PostingWorker(
            store: store,
            posting: posting,
            bodies: bodies,
            owner: owner,
            options: options,
            logger: logger
        ) { clock.now }
        intake = SetIntake(
            store: store,
            worker: worker,
            reception: BodyReception(files: files, arenas: arenas, maximumBytes: maximumBytes),
            readers: readers,
            environment: SetIntake.Environment(
                obstacle: { obstacle },
                commitPolicy: { _ in .perTransaction },
                now: { clock.now }
            )
        )
        tasks = TaskReader(store: store)
        results = ResultReader(store: store, bodies: bodies, readers: readers, pool: pool)
        history = HistoryReader(
            store: store,
            results: results,
            keys: ContinuationKeys(database),
            days: BusinessDays(timeZone: try #require(TimeZone(identifier: "America/New_York")))
        )
    }

    /// The same folder, as the next process finds it after this one was killed: nothing is drained.
    func killed(owner: String = "second") async throws -> Bench {
        await store.close()
        let next = try await Bench(
            place: place,
            clock: clock,
            posting: posting,
            owner: owner,
            isExclusive: isExclusive
        )
        _ = try await next.store.recoverLeases(survivor: owner, at: clock.now)
        return next
    }

    static func principal(
        _ account: String = "system-xyz",
        sources: Set<ByteText> = ["SYSTEM_XYZ"],
        scopes: Set<Scope> = [.postingBatchesWrite]
    ) -> Principal {
        Principal(
            account: account,
            keyID: "key-1",
            tokenID: "token-1",
            scopes: scopes,
            sources: sources
        )
    }

    static func submission(
        key: String? = nil,
        as principal: Principal = Bench.principal()
    ) -> Submission {
        Submission(
            principal: principal,
            peer: "bursar://service/gateway",
            clientAddress: "203.0.113.7",
            requestID: "request-1",
            idempotencyKey: key
        )
    }

    @discardableResult
    func submit(
        _ set: SampleSet = .seed,
        key: String? = nil,
        as principal: Principal = Bench.principal()
    ) async throws -> Acceptance {
        try await submit(set.body, key: key, as: principal)
    }

    @discardableResult
    func submit(
        _ body: ByteBuffer,
        key: String? = nil,
        as principal: Principal = Bench.principal()
    ) async throws -> Acceptance {
        try await intake.submit(
            Self.submission(key: key, as: principal),
            Pieces(body: body),
            expectedBytes: body.readableBytes
        )
    }

    func task(_ id: String) async throws -> TaskRecord {
        try #require(try await store.task(id: id))
    }

    /// Waits until nothing is being worked on.
    func settle() async throws {
        try await eventually { self.worker.inFlight == 0 }
    }

    /// Lets time pass and the worker look, until a task has ended.
    func finish(_ taskID: String) async throws -> TaskRecord {
        for _ in 0..<200 {
            try await settle()
            let task = try await task(taskID)
            if task.status.isTerminal { return task }
            clock.advance(milliseconds: 5_000)
            _ = try await worker.scan()
        }
        return try await task(taskID)
    }

    /// The document of a task, as it is served.
    func document(_ taskID: String) async throws -> String {
        let task = try await task(taskID)
        guard task.status.isTerminal else {
            return String(decoding: TaskDocument.unfinished(task), as: UTF8.self)
        }
        let list = try await list([task.setID])
        let (before, after) = TaskDocument.around(task)
        return String(decoding: before, as: UTF8.self) + list.dropFirst().dropLast()
            + String(decoding: after, as: UTF8.self)
    }

    func list(_ setIDs: [Int64]) async throws -> String {
        var bytes = ByteBuffer()
        try await results.writeList(setIDs) { bytes.writeImmutableBuffer($0) }
        return String(buffer: bytes)
    }
}

/// Waits for a condition, at most ten seconds.
func eventually(
    _ condition: @Sendable () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let end = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < end {
        if try await condition() { return }
        await Task.yield()
    }
    Issue.record("the condition did not come true", sourceLocation: sourceLocation)
}
