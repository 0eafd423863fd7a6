internal import Crypto
internal import Identity
internal import Protocol
internal import ServiceRuntime
internal import Storage

/// The append-only audit trail: each event carries the hash of all that came before it,
/// `h(n) = SHA-256(h(n-1) || record(n))`, and the store refuses updates and deletions (design 7.2).
enum AuditLog {
    static let genesis = [UInt8](repeating: 0, count: 32)

    private static let columns = """
        id, at, origin, origin_id, outcome, actor, key_id, token_id, peer, action, scope, subject, \
        reason, request_id, change, hash
        """

    /// The newest event's id and hash; `genesis` where there is none.
    struct Head: Sendable, Equatable {
        var id: Int64
        var hash: [UInt8]
    }

    static func head(_ transaction: ReadTransaction) throws -> Head {
        try transaction.first("SELECT id, hash FROM audit_event ORDER BY id DESC LIMIT 1") {
            Head(id: $0.int64(0), hash: Array($0.blob(1)))
        } ?? Head(id: 0, hash: genesis)
    }

    /// Appends the events that are not held yet; returns the new head.
    ///
    /// An event is known by origin and origin id: recording it again has no effect.
    static func append(
        _ events: [AuditEvent],
        to transaction: WriteTransaction
    ) throws -> (head: Head, count: Int) {
        var head = try head(transaction)
        var count = 0
        for event in events where try !holds(event, transaction) {
            var event = event
            event.id = head.id + 1
            head = Head(id: head.id + 1, hash: hash(event, after: head.hash))
            try insert(event, head.hash, into: transaction)
            count += 1
        }
        return (head, count)
    }

    /// Appends the event of a change that this service makes by itself.
    static func append<Value>(
        action: String,
        subject: String,
        _ change: AuditChange<Value>,
        now: Int64,
        to transaction: WriteTransaction
    ) throws {
        let event = AuditEvent(
            at: Timestamps.format(milliseconds: now),
            origin: ServiceName.auth.rawValue,
            originID: "\(action)/\(subject)/\(now)",
            outcome: .allowed,
            action: action,
            subject: subject,
            change: try change.text()
        )
        _ = try append([event], to: transaction)
    }

    private static func holds(
        _ event: AuditEvent,
        _ transaction: ReadTransaction
    ) throws -> Bool {
        try transaction.integer(
            "SELECT 1 FROM audit_event WHERE origin = ?1 AND origin_id = ?2",
            [.text(event.origin), .text(event.originID)]
        ) != nil
    }

    private static func insert(
        _ event: AuditEvent,
        _ hash: [UInt8],
        into transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO audit_event (\(columns), at_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            """,
            [
                .integer(event.id ?? 0), .text(event.at), .text(event.origin),
                .text(event.originID), .text(event.outcome.rawValue), .text(event.actor),
                .text(event.keyID), .text(event.tokenID), .text(event.peer), .text(event.action),
                .text(event.scope), .text(event.subject), .text(event.reason),
                .text(event.requestID), .text(event.change), .blob(hash),
                .integer(Timestamps.parse(event.at) ?? 0),
            ]
        )
    }

    /// The hash of an event behind another: every field with its length before it, so that no two
    /// events have one record.
    static func hash(_ event: AuditEvent, after previous: [UInt8]) -> [UInt8] {
        var record = previous
        let fields = [
            String(event.id ?? 0), event.at, event.origin, event.originID,
            event.outcome.rawValue, event.actor, event.keyID, event.tokenID, event.peer,
            event.action, event.scope, event.subject, event.reason, event.requestID, event.change,
        ]
        for field in fields {
            let bytes = Array(field.utf8)
            let length = UInt32(bytes.count)
            for shift in [24, 16, 8, 0] as [UInt32] {
                record.append(UInt8(truncatingIfNeeded: length >> shift))
            }
            record += bytes
        }
        return SHA256.digest(record)
    }

    /// Reads events by a condition, with their hashes.
    static func select(
        _ condition: String,
        _ values: [SQLValue],
        _ transaction: ReadTransaction
    ) throws -> [(event: AuditEvent, hash: [UInt8])] {
        var found: [(AuditEvent, [UInt8])] = []
        try transaction.rows("SELECT \(columns) FROM audit_event " + condition, values) { rows in
            var event = AuditEvent(
                at: rows.string(1),
                origin: rows.string(2),
                originID: rows.string(3),
                outcome: AuditEvent.Outcome(rawValue: rows.string(4)) ?? .refused,
                actor: rows.string(5),
                keyID: rows.string(6),
                tokenID: rows.string(7),
                peer: rows.string(8),
                action: rows.string(9),
                scope: rows.string(10),
                subject: rows.string(11),
                reason: rows.string(12),
                requestID: rows.string(13),
                change: rows.string(14)
            )
            event.id = rows.int64(0)
            found.append((event, Array(rows.blob(15))))
        }
        return found
    }
}

extension AuditLog.Head {
    var hexadecimal: String { Hexadecimal.encode(hash) }
}
