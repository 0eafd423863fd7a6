/// A permission as it stands in a token, compared byte for byte: no prefix, pattern or superset
/// counts (contract S1-9; faults A-07).
package struct Scope: Hashable, Sendable, CustomStringConvertible {
    private let text: ByteText

    package init(rawValue: String) { text = ByteText(rawValue) }

    package var rawValue: String { text.string }
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
    package static let paymentsWrite = Scope(rawValue: "api:accounts_receivable.payments:write")
    package static let paymentsDelete = Scope(rawValue: "api:accounts_receivable.payments:delete")
    package static let paymentsReverse = Scope(rawValue: "api:accounts_receivable.payments:reverse")
    package static let batchesRead = Scope(
        rawValue: "api:accounts_receivable.payments.batches:read"
    )
    package static let batchesClose = Scope(
        rawValue: "api:accounts_receivable.payments.batches:close"
    )
    package static let batchesReview = Scope(
        rawValue: "api:accounts_receivable.payments.batches:review"
    )
    package static let batchesApprove = Scope(
        rawValue: "api:accounts_receivable.payments.batches:approve"
    )
    package static let batchesPost = Scope(
        rawValue: "api:accounts_receivable.payments.batches:post"
    )
    package static let drawersWrite = Scope(rawValue: "api:accounts_receivable.drawers:write")
    package static let studentPaymentsWrite = Scope(
        rawValue: "api:student_accounts.payments:write"
    )
    package static let reportsRead = Scope(rawValue: "api:reports:read")
    /// Settings, workflow rules and drawers: parameters, no money.
    package static let settingsWrite = Scope(rawValue: "api:accounts_receivable.settings:write")
    /// Held by batch-service's worker alone: posting a set and moving its task.
    package static let postingTasksWrite = Scope(rawValue: "tasks:postings:write")

    /// Every scope that can be granted today, in the order in which they are listed to people.
    package static let all: [Scope] = [
        .postingBatchesWrite, .paymentsWrite, .paymentsDelete, .paymentsReverse, .batchesRead,
        .batchesClose, .batchesReview, .batchesApprove, .batchesPost, .drawersWrite,
        .studentPaymentsWrite, .accountsRead, .accountsWrite, .generalLedgerRead, .reportsRead,
        .settingsWrite, .keysManage, .tokensIntrospect, .auditRead, .achRead, .postingTasksWrite,
    ]

    /// Scopes whose holder moves money; an administrator's key holds none of them (design 1.4).
    package static let money: Set<Scope> = [
        .postingBatchesWrite, .postingTasksWrite, .paymentsWrite, .paymentsDelete,
        .paymentsReverse, .batchesClose, .batchesReview, .batchesApprove, .batchesPost,
        .drawersWrite, .studentPaymentsWrite,
    ]
}
