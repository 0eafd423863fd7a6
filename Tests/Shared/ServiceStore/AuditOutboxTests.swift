import Foundation
import Logging
import NIOConcurrencyHelpers
import Protocol
import Storage
import Testing

@testable import ServiceStore

@Suite("Audit events wait in the store of their change")
struct AuditOutboxTests {
    private struct Unreachable: Error {}

    /// A trail that keeps what it is sent, or fails as often as it is told.
    private final class Trail: Sendable {
        let events = NIOLockedValueBox<[AuditEvent]>([])
        let failures = NIOLockedValueBox(0)
        /// Subjects of events that it refuses.
        let refused = NIOLockedValueBox<Set<String>>([])

        func store(_ body: [UInt8]) throws {
            let isDown = failures.withLockedValue { left in
                left -= 1
                return left >= 0
            }
            if isDown { throw Unreachable() }
            let read = try body.withUnsafeBytes { try AuditBatch.read($0) }.events
            let refused = refused.withLockedValue { $0 }
            guard !read.contains(where: { refused.contains($0.subject) }) else {
                throw RPCError.ruleBroken([])
            }
            events.withLockedValue { $0 += read }
        }
    }

    private func withOutbox(
        _ work: (Store, AuditOutbox, Trail) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/outbox-\(UUID())"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store.open(
            engine: .sqlite(path: folder + "/audit.db"),
            migrations: [Migration(1, "audit", AuditOutbox.table)]
        )
        let trail = Trail()
        let outbox = AuditOutbox(
            store: store,
            origin: "batch-service",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { try trail.store($0) }
        try await work(store, outbox, trail)
        await store.close()
    }

    private func add(_ count: Int, to store: Store) async throws {
        try await store.write { transaction in
            for number in 0..<count {
                try AuditOutbox.add(
                    AuditEvent(outcome: .allowed, action: "do", subject: "\"\(number)\""),
                    at: 1_000,
                    in: transaction
                )
            }
        }
    }

    @Test("Events go in order, complete, in groups, and are forgotten once they are stored")
    func forwarding() async throws {
        try await withOutbox { store, outbox, trail in
            try await add(AuditOutbox.batchSize + 1, to: store)
            #expect(try await !outbox.forwardOnce())
            #expect(try await outbox.forwardOnce())
            let events = trail.events.withLockedValue { $0 }
            #expect(events.map(\.subject) == (0...AuditOutbox.batchSize).map { "\"\($0)\"" })
            #expect(Set(events.map(\.originID)).count == events.count)
            #expect(events.allSatisfy { $0.at == "1970-01-01T00:00:01.000Z" })
            #expect(events.allSatisfy { $0.origin == "batch-service" })
            let left = try await store.read { try $0.integer("SELECT COUNT(*) FROM audit_outbox") }
            #expect(left == 0)
        }
    }

    /// Adds events of which two fill a call.
    private func addLong(_ count: Int, to store: Store) async throws {
        let long = String(repeating: "x", count: AuditOutbox.batchBytes / 2)
        try await store.write { transaction in
            for number in 0..<count {
                try AuditOutbox.add(
                    AuditEvent(
                        outcome: .allowed,
                        action: "import",
                        subject: "\(number)",
                        change: long
                    ),
                    at: 1_000,
                    in: transaction
                )
            }
        }
    }

    @Test("A call ends with the event that fills it, and the next one follows at once")
    func longEvents() async throws {
        try await withOutbox { store, outbox, trail in
            try await addLong(5, to: store)
            #expect(try await !outbox.forwardOnce())
            #expect(trail.events.withLockedValue { $0.count } == 2)
            #expect(try await !outbox.forwardOnce())
            #expect(try await outbox.forwardOnce())
            let subjects = trail.events.withLockedValue { $0.map(\.subject) }
            #expect(subjects == (0..<5).map { "\($0)" })
        }
    }

    @Test("Long events that are refused keep no other event out, and are no reason to ask at once")
    func refusedLongEvents() async throws {
        try await withOutbox { store, outbox, trail in
            try await addLong(4, to: store)
            trail.refused.withLockedValue { $0 = ["0", "1"] }
            for _ in 0..<4 { _ = try await outbox.forwardOnce() }
            #expect(trail.events.withLockedValue { $0.map(\.subject) } == ["2", "3"])
            #expect(try await outbox.forwardOnce())
        }
    }

    @Test("A trail that does not answer is asked again, with the same numbers; none is used twice")
    func repetition() async throws {
        try await withOutbox { store, outbox, trail in
            try await add(2, to: store)
            trail.failures.withLockedValue { $0 = 1 }
            await #expect(throws: Unreachable.self) { _ = try await outbox.forwardOnce() }
            #expect(try await outbox.forwardOnce())
            try await add(1, to: store)
            #expect(try await outbox.forwardOnce())
            let numbers = trail.events.withLockedValue { $0.map(\.originID) }
            #expect(numbers == (1...3).map { "\(store.identifier)/\($0)/1000" })
        }
    }

    @Test("An event of a change that is undone is not there")
    func undone() async throws {
        try await withOutbox { store, outbox, trail in
            try await store.write { transaction in
                try AuditOutbox.add(
                    AuditEvent(outcome: .allowed, action: "do"),
                    at: 0,
                    in: transaction
                )
                transaction.rollBackOnReturn()
            }
            #expect(try await outbox.forwardOnce())
            #expect(trail.events.withLockedValue { $0.isEmpty })
        }
    }
}
