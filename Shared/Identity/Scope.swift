/// A permission as it stands in a token, compared byte for byte: no prefix, pattern or superset
/// counts (contract S1-9; faults A-07).
package struct Scope: Hashable, Sendable, RawRepresentable, Codable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }
}

extension Scope {
    package static let postingBatchesWrite = Scope(
        rawValue: "api:accounts_receivable.postings.batches:write"
    )
    package static let accountsRead = Scope(rawValue: "api:accounts_receivable.accounts:read")
    package static let accountsWrite = Scope(rawValue: "api:accounts_receivable.accounts:write")
    package static let generalLedgerRead = Scope(rawValue: "api:general_ledger:read")
    package static let keysManage = Scope(rawValue: "api:auth.keys:manage")
    package static let tokensIntrospect = Scope(rawValue: "api:auth.tokens:introspect")
    package static let auditRead = Scope(rawValue: "api:audit:read")
    package static let achRead = Scope(rawValue: "api:ach:read")
    /// Held by batch-service's worker alone: posting a set and moving its task.
    package static let postingTasksWrite = Scope(rawValue: "tasks:postings:write")

    /// Every scope that can be granted today, in the order in which they are listed to people.
    package static let all: [Scope] = [
        .postingBatchesWrite, .accountsRead, .accountsWrite, .generalLedgerRead, .keysManage,
        .tokensIntrospect, .auditRead, .achRead, .postingTasksWrite,
    ]

    /// Scopes whose holder moves money; an administrator's key holds none of them (design 1.4).
    package static let money: Set<Scope> = [.postingBatchesWrite, .postingTasksWrite]
}
