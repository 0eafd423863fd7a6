internal import Foundation
internal import Identity
package import Logging
internal import NIOCore
package import Protocol
package import ServiceRuntime
package import Storage
internal import Transport

/// Audit events that stand in a service's own store until auth-service has them: an event is written
/// in the transaction of the change that it tells of, so that no change is without one (contract S1-3).
///
/// An event is sent again after a crash between sending and forgetting it; its `origin_id`, which is
/// this store's identifier and the row's number, makes that harmless.
package struct AuditOutbox: Sendable {
    /// Part of a migration of the store.
    package static let table = """
        CREATE TABLE audit_outbox(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at BIGINT NOT NULL,
            event BLOB NOT NULL
        );
        """

    package static let batchSize = 500
    private static let pauseMilliseconds: Int64 = 300

    /// Stores events in the trail; returns once they are durable.
    package typealias Sink = @Sendable ([AuditEvent]) async throws -> Void

    private let store: Store
    private let origin: String
    private let logger: Logger
    private let sink: Sink

    package init(store: Store, origin: String, logger: Logger, sink: @escaping Sink) {
        self.store = store
        self.origin = origin
        self.logger = logger
        self.sink = sink
    }

    /// As above, into auth-service's trail.
    package init(store: Store, context: ServiceContext, origin: String) {
        self.init(store: store, origin: origin, logger: context.logger) {
            [client = context.client(.auth)] events in
            _ = try await client.call(
                AuthMethods.recordAudit,
                body: ByteBuffer(bytes: try StrictJSON.encode(AuditBatch(events: events))),
                timeout: .seconds(10)
            )
        }
    }

    /// Adds an event to the transaction of its change; time and origin are filled in.
    package static func add(
        _ event: AuditEvent,
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        let row = try transaction.statement("INSERT INTO audit_outbox(at, event) VALUES(?1, ?2)")
        defer { row.reset() }
        row.bind(1, milliseconds)
        row.bind(2, blob: Array(try StrictJSON.encode(event)))
        _ = try row.step()
    }

    /// Forwards until cancelled.
    package func run() async {
        var hasFailed = false
        while !Task.isCancelled {
            var isDone = true
            do {
                isDone = try await forwardOnce()
                hasFailed = false
            } catch {
                if !hasFailed {
                    logger.warning("audit events wait", metadata: ["error": "\(error)"])
                }
                hasFailed = true
            }
            guard isDone else { continue }
            // A cancelled sleep ends the loop above.
            try? await Task.sleep(for: .milliseconds(Self.pauseMilliseconds))
        }
    }

    /// Forwards the oldest events; whether nothing more waits.
    package func forwardOnce() async throws -> Bool {
        let waiting = try await oldest()
        guard let last = waiting.last else { return true }
        try await sink(waiting.map(\.event))
        try await store.write { transaction in
            _ = try transaction.execute(
                "DELETE FROM audit_outbox WHERE id <= ?1",
                [.integer(last.id)]
            )
        }
        return waiting.count < Self.batchSize
    }

    private func oldest() async throws -> [(id: Int64, event: AuditEvent)] {
        let (origin, identifier) = (origin, store.identifier)
        return try await store.read { transaction in
            var waiting: [(id: Int64, event: AuditEvent)] = []
            try transaction.rows(
                "SELECT id, at, event FROM audit_outbox ORDER BY id LIMIT ?1",
                [.integer(Int64(Self.batchSize))]
            ) { row in
                var event = try StrictJSON.decodeReply(AuditEvent.self, from: row.blob(2))
                event.at = Timestamps.format(milliseconds: row.int64(1))
                event.origin = origin
                event.originID = "\(identifier)/\(row.int64(0))"
                waiting.append((row.int64(0), event))
            }
            return waiting
        }
    }
}
