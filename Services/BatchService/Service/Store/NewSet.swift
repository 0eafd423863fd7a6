package import Dates
package import BatchRules
package import NIOCore
package import Protocol

/// Who submitted a set, from where: what the audit trail says about it (contract S1-3).
package struct SetOrigin: Sendable {
    package var account: String
    package var keyID: String
    package var tokenID: String
    package var peer: String
    package var clientAddress: String
    package var requestID: String

    package init(
        account: String,
        keyID: String,
        tokenID: String,
        peer: String,
        clientAddress: String,
        requestID: String
    ) {
        self.account = account
        self.keyID = keyID
        self.tokenID = tokenID
        self.peer = peer
        self.clientAddress = clientAddress
        self.requestID = requestID
    }
}

/// The fields of a set that are kept in columns, so that history can be filtered by them.
package struct SetSummary: Sendable, Equatable {
    package var sourceName: String
    package var sourceBatchID: String
    package var batchName: String
    package var billingType: String
    package var postingType: String
    package var accountingDay: CalendarDay
    package var accountingInstant: Instant?
    package var recordCount: Int64
    package var totalAmountMinorUnits: Int64
    package var transactionCount: Int

    package init(
        sourceName: String,
        sourceBatchID: String,
        batchName: String,
        billingType: String,
        postingType: String,
        accountingDay: CalendarDay,
        accountingInstant: Instant?,
        recordCount: Int64,
        totalAmountMinorUnits: Int64,
        transactionCount: Int
    ) {
        self.sourceName = sourceName
        self.sourceBatchID = sourceBatchID
        self.batchName = batchName
        self.billingType = billingType
        self.postingType = postingType
        self.accountingDay = accountingDay
        self.accountingInstant = accountingInstant
        self.recordCount = recordCount
        self.totalAmountMinorUnits = totalAmountMinorUnits
        self.transactionCount = transactionCount
    }
}

/// Where the bytes of a set are kept.
package enum BodyPlace: Sendable, Equatable {
    /// In the set's own row: bodies of at most `inlineLimit` bytes.
    case row
    case file(BodyExtent)

    package static let inlineLimit = 64 << 10
}

/// A set that has passed every check and is about to be stored.
package struct NewSet: Sendable {
    package var taskID: String
    package var origin: SetOrigin
    package var idempotencyKey: String?
    package var summary: SetSummary
    package var commitPolicy: CommitPolicy
    /// SHA-256 of the body.
    package var digest: [UInt8]
    package var bodyBytes: Int
    package var place: BodyPlace
    /// The body itself where it is kept in the row.
    package var inlineBody: ByteBuffer?
    package var submittedAt: Instant

    package init(
        taskID: String,
        origin: SetOrigin,
        idempotencyKey: String?,
        summary: SetSummary,
        commitPolicy: CommitPolicy,
        digest: [UInt8],
        bodyBytes: Int,
        place: BodyPlace,
        inlineBody: ByteBuffer?,
        submittedAt: Instant
    ) {
        self.taskID = taskID
        self.origin = origin
        self.idempotencyKey = idempotencyKey
        self.summary = summary
        self.commitPolicy = commitPolicy
        self.digest = digest
        self.bodyBytes = bodyBytes
        self.place = place
        self.inlineBody = inlineBody
        self.submittedAt = submittedAt
    }
}
