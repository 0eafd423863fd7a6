package import Identity

/// Who has a hand in a batch: what coverage and segregation are judged by.
package struct BatchParties: Sendable, Equatable {
    package var createdBy: String
    package var closedBy: String?
    /// The clerk or station whose payments the batch groups.
    package var username: String
    package var department: String

    package init(createdBy: String, closedBy: String?, username: String, department: String) {
        self.createdBy = createdBy
        self.closedBy = closedBy
        self.username = username
        self.department = department
    }
}

/// Whose batches a posting level reaches (contract 1b, "Batch posting permission level").
package enum PostingCoverage {
    package static func covers(
        _ level: BatchPostingLevel,
        _ batch: BatchParties,
        account: String,
        staff: StaffUser?
    ) -> Bool {
        let isOwn =
            ByteText(batch.createdBy) == ByteText(account)
            || staff.map { ByteText($0.username) == ByteText(batch.username) } ?? false
        return switch level {
        case .own: isOwn
        case .department:
            isOwn
                || !batch.department.isEmpty
                    && staff.map { ByteText($0.department) == ByteText(batch.department) } ?? false
        case .all: true
        }
    }
}

/// Segregation of duties: who made a batch does not judge it (fault A-10).
package enum Segregation {
    /// Whether this caller may release or approve the batch.
    ///
    /// `hasEntered` says that the account has entered a payment of it.
    package static func mayJudge(
        _ batch: BatchParties,
        account: String,
        staff: StaffUser?,
        hasEntered: Bool
    ) -> Bool {
        let hands = [batch.createdBy, batch.closedBy].compactMap { $0.map { ByteText($0) } }
        return !hands.contains(ByteText(account)) && !hasEntered
            && staff.map { ByteText($0.username) != ByteText(batch.username) } ?? true
    }
}
