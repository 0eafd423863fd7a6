internal import Dates
internal import JSON
internal import Money
internal import Protocol

/// The body of `batch.payments.delete`.
struct DeletionRequest: Sendable {
    struct Filter: Sendable, Equatable {
        var batchID: Int64?
        var paymentID: Int64?
        var department: String?
        var cashier: String?
        /// Entry dates, days since 1970, both inclusive.
        var from: Int64?
        var to: Int64?
    }

    var filter: Filter
    var isDryRun: Bool
    /// What the caller expects to delete; there unless it is a dry run.
    var count: Int64
    var total: Int64
    var reason: String

    /// Reads the body; every fault is thrown at once.
    init(_ body: [UInt8]) throws(RPCError) {
        var fields = try FieldReader.reading(body)
        let batchID = fields.identifier("batch_id")
        let paymentID = fields.identifier("payment_id")
        let department = fields.string("department", maximumBytes: 64)
        let cashier = fields.string("cashier", maximumBytes: 64)
        let from = fields.day("from")
        let to = fields.day("to")
        if let from, let to, to < from {
            fields.fail("to", "out_of_range", "to is not before from.")
        }
        let names: Set<String> = [
            "batch_id", "payment_id", "department", "cashier", "from", "to",
        ]
        if !fields.members.contains(where: { names.contains($0.key) && $0.value != .null }) {
            fields.fail(
                "batch_id",
                "missing",
                "Select by batch_id, payment_id, department, cashier, from or to."
            )
        }
        let isDryRun = fields.boolean("dry_run", required: true)
        let count = fields.integer("count", required: isDryRun == false, in: 0...Int64.max)
        let total = fields.amount("total", required: isDryRun == false)
        reason = fields.string("reason") ?? ""
        try fields.finish()
        filter = Filter(
            batchID: batchID,
            paymentID: paymentID,
            department: department,
            cashier: cashier,
            from: from.map { Int64($0.daysSince1970) },
            to: to.map { Int64($0.daysSince1970) }
        )
        self.isDryRun = isDryRun ?? true
        self.count = count ?? 0
        self.total = total?.minorUnits ?? 0
    }
}
