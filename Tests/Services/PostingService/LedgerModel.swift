import Protocol

/// The ledger once more, in the plainest form: what posting must agree with.
struct LedgerModel {
    struct Entry: Equatable {
        var account: String
        var code: String
        var kind: String
        var amount: Int64
        var source: String
        var id: String
        var set: Int64
    }

    struct Code {
        var isCharge: Bool
        var gl: String
        var active: Bool
    }

    var inactive: [String: Bool] = [:]
    var codes: [String: Code] = [:]
    private(set) var entries: [Entry] = []
    private(set) var balances: [String: Int64] = [:]
    private(set) var debits: [String: Int64] = [:]
    private(set) var credits: [String: Int64] = [:]
    private var used: Set<String> = []

    mutating func post(
        _ set: TestSet,
        id: Int64,
        policy: CommitPolicy
    ) -> (loaded: Int, failures: [PostingFailure], refused: Bool) {
        if let count = set.claimedCount, count != Int64(set.rows.count) { return (0, [], true) }
        if let total = set.claimedTotal, total != set.total { return (0, [], true) }
        var after = self
        var failures: [PostingFailure] = []
        for (index, row) in set.rows.enumerated() {
            if let message = after.post(row, set.source, id) {
                failures.append(PostingFailure(index: index, message: message))
            }
        }
        if policy == .allOrNothing, !failures.isEmpty { return (0, failures, false) }
        if !set.isTrial { self = after }
        return (set.rows.count - failures.count, failures, false)
    }

    private mutating func post(_ row: TestSet.Row, _ source: String, _ set: Int64) -> String? {
        guard let closed = inactive[row.account] else {
            return "Invalid account id: \(row.account)"
        }
        if closed { return "Inactive account: \(row.account)" }
        guard let code = codes[row.code], code.active else {
            return "Invalid detail code: \(row.code)"
        }
        if row.amount == 0 { return "Invalid amount: 0.00" }
        let key = source + "\u{0}" + row.id
        if used.contains(key) { return "Duplicate source transaction id: \(row.id)" }
        used.insert(key)
        let effect = code.isCharge ? row.amount : -row.amount
        balances[row.account, default: 0] += effect
        let size = abs(row.amount)
        let (debit, credit) = effect > 0 ? ("1200", code.gl) : (code.gl, "1200")
        debits[debit, default: 0] += size
        credits[credit, default: 0] += size
        entries.append(
            Entry(
                account: row.account,
                code: row.code,
                kind: code.isCharge ? "D" : "P",
                amount: row.amount,
                source: source,
                id: row.id,
                set: set
            )
        )
        return nil
    }
}
