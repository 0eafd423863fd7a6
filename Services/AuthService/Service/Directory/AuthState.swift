internal import Logging
internal import NIOConcurrencyHelpers
internal import Protocol
internal import ServiceRuntime
internal import Storage

/// The store of auth-service with what it holds in memory, and the one way to change it.
///
/// Reading never touches the disk. A change is one transaction of the store: the rows, the new
/// version, and the audit event with before and after; then everything is loaded anew and the gate
/// judges by it before the caller hears of it.
final class AuthState: Sendable {
    let store: Store
    private let access: AccessGate
    private let logger: Logger
    private let held: NIOLockedValueBox<Directory>
    private let auditHead: NIOLockedValueBox<AuditLog.Head>

    /// How often the newest hash of the audit trail is written to the log, where whoever changes the
    /// store cannot reach it.
    private static let anchorPeriod: Int64 = 1_000

    init(store: Store, access: AccessGate, logger: Logger) async throws {
        self.store = store
        self.access = access
        self.logger = logger
        let loaded = try await store.read { transaction in
            (try Directory.load(transaction), try AuditLog.head(transaction))
        }
        held = NIOLockedValueBox(loaded.0)
        auditHead = NIOLockedValueBox(loaded.1)
        access.install(loaded.0.snapshot(now: Timestamps.now()))
        anchor(loaded.1)
    }

    var directory: Directory { held.withLockedValue { $0 } }

    /// The newest event of the audit trail that this process has stored or found.
    var knownAuditHead: AuditLog.Head { auditHead.withLockedValue { $0 } }

    /// Runs one change: `work` gets the transaction and gives what the caller hears and what the
    /// audit trail keeps; nil there means that nothing was changed.
    func change<Value: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction) throws -> (Value, AuditEvent?)
    ) async throws -> Value {
        let now = Timestamps.now()
        let (value, head) = try await store.write { transaction in
            let (value, event) = try work(transaction)
            guard let event else { return (value, nil as AuditLog.Head?) }
            try Settings.advanceVersion(transaction, now: now)
            return (value, try AuditLog.append([event], to: transaction).head)
        }
        if let head {
            noteAudit(head)
            try await reload()
        }
        return value
    }

    /// Appends events that other services, or this one, have recorded; returns how many were new.
    func appendAudit(_ events: [AuditEvent]) async throws -> Int {
        let (head, count) = try await store.write { transaction in
            try AuditLog.append(events, to: transaction)
        }
        noteAudit(head)
        return count
    }

    /// Forgets what no token can need any more, and tells the gate that nothing else has changed.
    func tick() async throws {
        let now = Timestamps.now()
        if directory.nextForgetting() <= now {
            try await store.write { transaction in
                try transaction.execute(
                    "DELETE FROM revoked_token WHERE forget_at <= ?1",
                    [.integer(now)]
                )
                try transaction.execute(
                    "DELETE FROM signing_key WHERE verifies_until <= ?1",
                    [.integer(now)]
                )
                try Settings.advanceVersion(transaction, now: now)
            }
            try await reload()
        }
        access.confirm(version: directory.version, askedAt: Timestamps.monotonic())
    }

    private func reload() async throws {
        let loaded = try await store.read { try Directory.load($0) }
        held.withLockedValue { if loaded.version >= $0.version { $0 = loaded } }
        access.install(loaded.snapshot(now: Timestamps.now()))
    }

    private func noteAudit(_ head: AuditLog.Head) {
        let passed = auditHead.withLockedValue { known in
            guard head.id > known.id else { return false }
            defer { known = head }
            return head.id / Self.anchorPeriod > known.id / Self.anchorPeriod
        }
        if passed { anchor(head) }
    }

    private func anchor(_ head: AuditLog.Head) {
        logger.notice(
            "audit anchor",
            metadata: ["id": "\(head.id)", "hash": "\(head.hexadecimal)"]
        )
    }
}
