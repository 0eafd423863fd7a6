import Foundation
import Identity
import Protocol
import ServiceRuntime
import Storage
import Testing

@testable import AuthService

@Suite("The audit trail is append-only and shows every change to it")
struct AuditLogTests {
    private func event(_ number: Int, at: String = "2026-01-02T03:04:05.000Z") -> AuditEvent {
        AuditEvent(
            at: at,
            origin: "batch-service",
            originID: "e-\(number)",
            outcome: number % 2 == 0 ? .refused : .allowed,
            actor: "actor-\(number % 3)",
            action: "'; DROP TABLE audit_event; --\n\u{202E}"
        )
    }

    private func withStore(
        _ body: (Store) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "bursar-audit-\(UUID().uuidString).db").path
        let store = try Store.open(engine: .sqlite(path: path), migrations: AuthSchema.migrations)
        try await body(store)
        await store.close()
        for suffix in ["", "-wal", "-shm", ".anchor", ".lock"] {
            // The system clears its temporary folder if we cannot.
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
    }

    private func fill(_ store: Store, _ count: Int) async throws -> AuditLog.Head {
        let events = (1...count).map { event($0) }
        return try await store.write { try AuditLog.append(events, to: $0).head }
    }

    private func verify(_ store: Store, _ head: AuditLog.Head) async throws -> Int64? {
        try await AuditVerification(store: store, knownHead: head).run().firstBrokenID
    }

    @Test("An event is stored once, whoever records it how often")
    func idempotent() async throws {
        try await withStore { store in
            let events = (1...3).map { event($0) }
            let first = try await store.write { try AuditLog.append(events, to: $0).count }
            let second = try await store.write {
                try AuditLog.append(events + events, to: $0).count
            }
            var other = event(1)
            other.origin = "gateway"
            let third = try await store.write { [other] in
                try AuditLog.append([other, other], to: $0).count
            }
            #expect((first, second, third) == (3, 0, 1))
            let head = try await store.read { try AuditLog.head($0) }
            #expect(head.id == 4)
            #expect(try await verify(store, head) == nil)
        }
    }

    @Test("The store refuses to change or delete an event")
    func triggers() async throws {
        try await withStore { store in
            _ = try await fill(store, 3)
            for statement in [
                "UPDATE audit_event SET actor = 'x' WHERE id = 2", "DELETE FROM audit_event",
                "REPLACE INTO audit_event SELECT * FROM audit_event WHERE id = 1",
                """
                REPLACE INTO audit_event SELECT 4, at, at_ms, origin, origin_id, outcome, 'x',
                    key_id, token_id, peer, action, scope, subject, reason, request_id, change, hash
                FROM audit_event WHERE id = 1
                """,
            ] {
                await #expect(throws: StoreError.self, "\(statement)") {
                    try await store.write { try $0.execute(statement) }
                }
            }
            let head = try await store.read { try AuditLog.head($0) }
            #expect(head.id == 3)
            #expect(try await verify(store, head) == nil)
        }
    }

    @Test(
        "Whoever goes around the triggers is found: the first broken event is named",
        arguments: [
            ("UPDATE audit_event SET actor = 'x' WHERE id = 3", 3),
            ("UPDATE audit_event SET outcome = 'allowed' WHERE id = 4", 4),
            ("UPDATE audit_event SET at_ms = at_ms, change = ' ' WHERE id = 1", 1),
            ("UPDATE audit_event SET actor = actor || origin_id, origin_id = '' WHERE id = 2", 2),
            ("DELETE FROM audit_event WHERE id = 5", 5),
            ("DELETE FROM audit_event WHERE id > 7", 8),
            ("DELETE FROM audit_event", 1), ("UPDATE audit_event SET id = 99 WHERE id = 6", 6),
            ("UPDATE audit_event SET hash = zeroblob(32) WHERE id = 8", 8),
        ]
    )
    func tampering(_ statement: String, _ broken: Int64) async throws {
        try await withStore { store in
            let head = try await fill(store, 8)
            #expect(try await verify(store, head) == nil)
            try await store.write { transaction in
                try transaction.execute("DROP TRIGGER audit_event_no_update")
                try transaction.execute("DROP TRIGGER audit_event_no_delete")
                try transaction.execute(statement)
            }
            #expect(try await verify(store, head) == broken)
        }
    }

    @Test("A trail that was written anew behind our back does not fit the head that we know")
    func rewritten() async throws {
        try await withStore { store in
            let head = try await fill(store, 4)
            let forged = (1...4).map { event($0, at: "2026-01-02T03:04:06.000Z") }
            try await store.write { transaction in
                try transaction.execute("DROP TRIGGER audit_event_no_delete")
                try transaction.execute("DELETE FROM audit_event")
                _ = try AuditLog.append(forged, to: transaction)
            }
            #expect(try await verify(store, head) == 4)
        }
    }

    @Test("Filters by time, actor, outcome and page fit together, newest first")
    func query() async throws {
        try await withStore { store in
            let events = (1...9).map { event($0, at: "2026-01-0\($0)T12:00:00.000Z") }
            _ = try await store.write { try AuditLog.append(events, to: $0).count }
            func ids(_ query: AuditQuery) async throws -> [Int64] {
                let checked = try query.checked()
                return try await store.read { try checked.run($0).compactMap(\.id) }
            }
            #expect(try await ids(AuditQuery()) == [9, 8, 7, 6, 5, 4, 3, 2, 1])
            #expect(try await ids(AuditQuery(limit: 2)) == [9, 8])
            #expect(try await ids(AuditQuery(beforeID: 8, limit: 2)) == [7, 6])
            #expect(try await ids(AuditQuery(from: "2026-01-03", to: "2026-01-05")) == [5, 4, 3])
            #expect(
                try await ids(
                    AuditQuery(from: "2026-01-03T12:00:00Z", to: "2026-01-05T12:00:00Z")
                ) == [4, 3]
            )
            #expect(try await ids(AuditQuery(actor: "actor-0")) == [9, 6, 3])
            #expect(try await ids(AuditQuery(actor: "actor-0", outcome: "refused")) == [6])
            #expect(try await ids(AuditQuery(actor: "' OR 1=1 --")) == [])
        }
    }

    @Test("Another service's events are stored under its certificate's name")
    func origin() async throws {
        let harness = try await AuthHarness()
        let body = #"""
            {"events":[{"at":"2026-01-02T03:04:05.000Z","origin":"auth-service","origin_id":"1",
            "outcome":"refused","actor":"","key_id":"","token_id":"","peer":"","action":"x",
            "scope":"","subject":"","reason":"","request_id":"","change":""}]}
            """#
        for recorded in [1, 0] {
            let reply = try await harness.call(
                AuthMethods.recordAudit,
                body,
                peer: .service(.batch)
            )
            #expect(reply == #"{"recorded":\#(recorded)}"#)
        }
        let stored = try await harness.audit(#"{"to":"2026-01-02"}"#)
        #expect(stored.compactMap { $0["origin"] as? String } == ["batch-service"])
        let incomplete = await harness.refusal {
            try await harness.call(
                AuthMethods.recordAudit,
                body.replacingOccurrences(of: "2026-01-02T03:04:05.000Z", with: "now"),
                peer: .service(.batch)
            )
        }
        #expect(incomplete?.details.map(\.field) == ["/events/0"])
        let report = try harness.json(
            try await harness.call(
                AuthMethods.verifyAudit,
                token: try await harness.token().jwt
            )
        )
        #expect(report["first_broken_id"] == nil)
        await harness.end()
    }
}
