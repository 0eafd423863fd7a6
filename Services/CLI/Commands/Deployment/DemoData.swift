internal import Identity
internal import Protocol

/// The demo data that others rely on (design 1.8).
enum DemoData {
    /// A source system, its service account and the variable that gets its key.
    struct Source: Sendable {
        let name: String
        let account: String
        let key: KeyChoice
        /// What its staff user does with payments.
        let paymentScopes: [Scope]

        var scopes: [Scope] { DemoData.sourceScopes + paymentScopes }
    }

    /// A clerk who enters and closes, and a reviewer who releases and posts: neither does the other's.
    static let sources = [
        Source(
            name: "SYSTEM_XYZ",
            account: "system-xyz",
            key: .source,
            paymentScopes: [
                .paymentsWrite, .paymentsDelete, .paymentsReverse, .batchesRead, .batchesClose,
                .drawersWrite, .studentPaymentsWrite, .reportsRead,
            ]
        ),
        Source(
            name: "SYSTEM_ABC",
            account: "system-abc",
            key: .other,
            paymentScopes: [
                .paymentsWrite, .paymentsDelete, .paymentsReverse, .batchesRead, .batchesClose,
                .batchesReview, .batchesApprove, .batchesPost, .studentPaymentsWrite,
                .reportsRead,
            ]
        ),
    ]

    /// What every source system may do.
    static let sourceScopes: [Scope] = [.postingBatchesWrite, .accountsRead, .generalLedgerRead]

    /// Of a range, so that amounts can be spread over many accounts.
    static let manyAccounts = 100_000...104_999

    static var accounts: [UInt8] {
        var text = "account_id,name,inactive,alert_code,warning_code\n"
        for id in [99_999, 73_491] + Array(manyAccounts) {
            text += "\(id),Demo account \(id),false,,\n"
        }
        return Array(text.utf8)
    }

    /// AX84 is not among them: the failing sample of seed 001 asks for it.
    static var detailCodes: [UInt8] {
        Array(
            """
            detail_code,description,type,gl_account,active,subsystem
            A484,Work order billing,charge,4100-0484,true,SA
            ABC123,Materials and supplies,charge,4100-0123,true,SA
            PMT1,Payment received,payment,1000-0001,true,SA

            """.utf8
        )
    }
}
