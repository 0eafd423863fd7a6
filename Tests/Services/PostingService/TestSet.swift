import Money

/// A posting set with defaults, so that a test states what it is about.
struct TestSet {
    struct Row {
        var account = "99999"
        var code = "A484"
        /// In minor units.
        var amount: Int64 = 119_800
        var id: String
        var description = "Fall term"
        var date = "2018-02-01T04:00:00Z"
    }

    var source = "SYSTEM_XYZ"
    var isTrial = false
    var rows: [Row]
    /// What the header claims, where it is not the truth.
    var claimedCount: Int64?
    var claimedTotal: Int64?

    init(_ rows: [Row], isTrial: Bool = false, source: String = "SYSTEM_XYZ") {
        self.rows = rows
        self.isTrial = isTrial
        self.source = source
    }

    var total: Int64 { rows.reduce(0) { $0 &+ $1.amount } }

    var json: String {
        let transactions = rows.map { row in
            """
            {"amount":\(Self.decimal(row.amount)),"account_id":"\(row.account)",\
            "description":"\(row.description)","detail_code":"\(row.code)",\
            "source_transaction_id":"\(row.id)","source_transaction_date":"\(row.date)"}
            """
        }
        return """
            {"accounting_date":"2018-02-01T04:00:00Z","batch_name":"Fall","billing_type":"BANNER",\
            "posting_type":"\(isTrial ? "TRIAL" : "COMMIT")",\
            "record_count":\(claimedCount ?? Int64(rows.count)),\
            "source_batch_id":"B1","source_name":"\(source)",\
            "total_amount":\(Self.decimal(claimedTotal ?? total)),\
            "transactions":[\(transactions.joined(separator: ","))]}
            """
    }

    private static func decimal(_ minorUnits: Int64) -> String {
        Amount(minorUnits: minorUnits).fixedDecimal
    }
}

/// SplitMix64: the same seed gives the same test.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
