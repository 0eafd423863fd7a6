internal import Foundation
internal import Identity
internal import JSON
package import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
package import Protocol
package import ServiceRuntime
package import Storage
internal import Transport

/// Audit events that stand in a service's own store until auth-service has them: an event is written
/// in the transaction of the change that it tells of, so that no change is without one (contract S1-3).
///
/// Only the oldest events travel, in the order of their commits; one that is refused waits by
/// itself. Each is kept once: one that is sent again, after a crash between sending and forgetting
/// it, is known by its `origin_id`: this store's identifier, the row's number, and its time, because
/// a store that was restored from a copy gives numbers again.
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
    /// A call takes no further event once it has so many bytes: imports make long ones.
    package static let batchBytes = 1 << 20
    private static let pauseMilliseconds: Int64 = 300
    /// So many new events in a round mean that there is work to be left alone.
    private static let busyEvents: Int64 = 200
    private static let busyPauseMilliseconds: Int64 = 500

    /// Stores events in the trail, given as the body of `auth.audit.record`; returns once they are
    /// durable.
    package typealias Sink = @Sendable ([UInt8]) async throws -> Void

    private let store: Store
    private let forwarder: Forwarder<AuditEvents>

    package init(store: Store, origin: String, logger: Logger, sink: @escaping Sink) {
        self.store = store
        var options = ForwarderOptions()
        options.groupSize = Self.batchSize
        forwarder = Forwarder(
            AuditEvents(origin: origin, store: store.identifier, sink: sink),
            store: store,
            lease: nil,
            options: options,
            logger: logger,
            now: { Timestamps.now() }
        )
    }

    /// As above, into auth-service's trail.
    package init(store: Store, context: ServiceContext, origin: String) {
        self.init(store: store, origin: origin, logger: context.logger) {
            [client = context.client(.auth)] body in
            _ = try await client.call(
                AuthMethods.recordAudit,
                body: ByteBuffer(bytes: body),
                options: CallOptions(timeout: .seconds(10))
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
        var text: [UInt8] = []
        text.reserveCapacity(640)
        event.append(at: "", origin: "", originID: "", to: &text)
        try text.withUnsafeBytes { bytes in
            row.bind(2, blob: bytes)
            _ = try row.step()
        }
    }

    /// While events come fast the trail lags: it never takes the machine from the work, and catches up
    /// when that is done.
    package var loop: BackgroundLoop {
        let newest = NIOLockedValueBox<Int64>(0)
        return BackgroundLoop(
            "audit_outbox",
            "Carries audit events from this store to auth-service.",
            every: .milliseconds(Self.pauseMilliseconds)
        ) {
            let isDone = try await forwardOnce()
            let before = newest.withLockedValue { $0 }
            let now = try await newestNumber() ?? before
            newest.withLockedValue { $0 = now }
            if now - before >= Self.busyEvents { return .milliseconds(Self.busyPauseMilliseconds) }
            return isDone ? nil : .zero
        }
    }

    private func newestNumber() async throws -> Int64? {
        try await store.read { try $0.integer("SELECT MAX(id) FROM audit_outbox") }
    }

    /// Forwards the oldest events; whether nothing more can go now.
    package func forwardOnce() async throws -> Bool { try await !forwarder.forwardOnce() }
}

/// The outbox of audit events: each is a subject of its own.
struct AuditEvents: Outbox {
    struct Row: OutboxRow {
        var id: Int64
        /// Milliseconds since 1970.
        var at: Int64
        var event: [UInt8]

        var subject: Int64 { id }
        var waitsForAnother: Bool { false }
    }

    /// What stands first in a stored event: filled in when it is sent.
    private static let blanks: [UInt8] = {
        let members = JSONWriter.object { json in
            json.member("at", "")
            json.member("origin", "")
            json.member("origin_id", "")
        }
        return members.dropLast() + [UInt8(ascii: ",")]
    }()

    let origin: String
    /// The identifier of the store that the rows stand in.
    let store: String
    let sink: AuditOutbox.Sink

    /// Not more than one call is to hold, and as much again for each event that was refused, which
    /// must not keep others out.
    func oldest(_ limit: Int, in transaction: ReadTransaction) throws -> [Row] {
        let most = AuditOutbox.batchBytes * max(1, limit - AuditOutbox.batchSize + 1)
        let row = try transaction.statement(
            "SELECT id, at, event FROM audit_outbox ORDER BY id LIMIT ?1"
        )
        defer { row.reset() }
        row.bind(1, Int64(limit))
        var rows: [Row] = []
        var bytes = 0
        while bytes < most, try row.step() {
            rows.append(Row(id: row.int64(0), at: row.int64(1), event: Array(row.blob(2))))
            bytes += rows[rows.count - 1].event.count
        }
        return rows
    }

    func fillsCall(_ rows: [Row]) -> Bool {
        rows.reduce(0) { $0 + $1.event.count } >= AuditOutbox.batchBytes
    }

    func send(_ rows: [Row]) async throws {
        let bytes = rows.reduce(64) { $0 + $1.event.count + 160 }
        let body = JSONWriter.object(reserving: bytes) { json in
            json.array("events") { json in
                for row in rows {
                    json.object { json in
                        json.member("at", moment: row.at)
                        json.member("origin", origin)
                        json.member("origin_id", "\(store)/\(row.id)/\(row.at)")
                        row.event.withUnsafeBytes { json.members(json: Self.rest(of: $0)) }
                    }
                }
            }
        }
        try await sink(body)
    }

    /// What stands behind the blanks of a stored event.
    private static func rest(of event: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        precondition(event.starts(with: blanks), "an event is stored without its place")
        return UnsafeRawBufferPointer(rebasing: event[blanks.count..<event.count - 1])
    }

    func forget(_ rows: [Row], _: Void, in transaction: WriteTransaction) throws {
        try transaction.forget(rows.map(\.id), of: "audit_outbox")
    }

    func count(in transaction: ReadTransaction) throws -> Int64 {
        try transaction.integer("SELECT COUNT(*) FROM audit_outbox") ?? 0
    }

    func holds(_ id: Int64, in transaction: ReadTransaction) throws -> Bool {
        try transaction.integer("SELECT 1 FROM audit_outbox WHERE id = ?1", [.integer(id)]) != nil
    }

    func description(of row: Row) -> Logger.Metadata { ["audit_event": "\(row.id)"] }
}
