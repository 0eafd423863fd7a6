internal import Crypto
internal import Protocol
internal import Storage

/// Walks the hash chain of the audit trail from its first event.
struct AuditVerification: Sendable {
    private static let pageSize: Int64 = 2_000

    let store: Store
    /// The newest event that this process has stored or found: the trail may not end before it.
    let knownHead: AuditLog.Head

    func run() async throws -> AuditChainReport {
        var head = AuditLog.Head(id: 0, hash: AuditLog.genesis)
        while true {
            let after = head.id
            let page = try await store.read { transaction in
                try AuditLog.select(
                    "WHERE id > ?1 ORDER BY id LIMIT \(Self.pageSize)",
                    [.integer(after)],
                    transaction
                )
            }
            for (event, hash) in page {
                let expected = head.id + 1
                guard event.id == expected, AuditLog.hash(event, after: head.hash) == hash,
                    expected != knownHead.id || hash == knownHead.hash
                else { return report(head, brokenAt: expected) }
                head = AuditLog.Head(id: expected, hash: hash)
            }
            if page.isEmpty { break }
        }
        return report(head, brokenAt: head.id < knownHead.id ? head.id + 1 : nil)
    }

    private func report(_ head: AuditLog.Head, brokenAt: Int64?) -> AuditChainReport {
        AuditChainReport(
            events: head.id,
            head: Hexadecimal.encode(head.hash),
            firstBrokenID: brokenAt
        )
    }
}
