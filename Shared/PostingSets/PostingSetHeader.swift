package import Money

/// Whether a set is only tried or posted for good (contract S1-6).
package enum PostingType: String, Sendable, Hashable, CaseIterable {
    case trial = "TRIAL"
    case commit = "COMMIT"
}

/// What a posting set says about itself (contract S1-10), its texts as the caller wrote them.
///
/// `recordCount` and `totalAmount` are claims: whether they agree with the transactions is judged by
/// whoever posts the set (contract A1-2).
package struct PostingSetHeader: Sendable, Hashable {
    /// The only billing type there is (contract S1-7).
    package static let bannerBillingType = "BANNER"

    /// RFC 3339 `full-date` or `date-time`.
    package var accountingDate: String
    /// The date part of `accountingDate` as written, in days since 1970 (contract A1-9).
    package var accountingDay: Int32
    /// At most 200 bytes.
    package var batchName: String
    package var billingType: String
    package var postingType: PostingType
    package var recordCount: Int64
    /// At most 200 bytes; not unique (contract S1-39).
    package var sourceBatchID: String
    /// At most 100 bytes.
    package var sourceName: String
    package var totalAmount: Amount

    package init(
        accountingDate: String,
        accountingDay: Int32,
        batchName: String,
        billingType: String = bannerBillingType,
        postingType: PostingType,
        recordCount: Int64,
        sourceBatchID: String,
        sourceName: String,
        totalAmount: Amount
    ) {
        self.accountingDate = accountingDate
        self.accountingDay = accountingDay
        self.batchName = batchName
        self.billingType = billingType
        self.postingType = postingType
        self.recordCount = recordCount
        self.sourceBatchID = sourceBatchID
        self.sourceName = sourceName
        self.totalAmount = totalAmount
    }
}
