internal import BatchRules
internal import Money
internal import Protocol
internal import Storage

/// What a selection would delete now, and what it leaves and why: the dry run's answer, and what the
/// deletion does.
struct DeletionPlan {
    struct Batch {
        var row: BatchRow
        var payments: [PaymentRow]
    }

    struct Skipped {
        var count: Int64 = 0
        var total: Int128 = 0
        var batches: Set<Int64> = []
    }

    private(set) var batches: [Batch] = []
    private(set) var skipped: [DeletionRefusal: Skipped] = [:]
    private(set) var count: Int64 = 0
    private var sum: Int128 = 0

    /// What the selected payments come to.
    var total: Int64 { get throws { try Self.booked(sum) } }

    static func booked(_ sum: Int128) throws -> Int64 {
        guard let total = Int64(exactly: sum) else { throw TenderSums.outOfRange }
        return total
    }

    /// Makes the plan.
    ///
    /// Batches that are posted, locked, out of reach or judged by the caller are left whole, without
    /// a look at their payments.
    init(
        _ filter: DeletionRequest.Filter,
        _ caller: PaymentCaller,
        in transaction: ReadTransaction
    ) throws {
        let selection = try Selection(filter, in: transaction)
        for batch in try selection.batches(in: transaction) {
            if selection.payment == nil,
                let refusal = try Self.refusal(of: batch, caller, in: transaction)
            {
                note(refusal, batch.id, count: batch.count, amount: batch.total)
                continue
            }
            try add(batch, selection, caller, in: transaction)
        }
    }

    /// Why no payment of the batch may be deleted.
    private static func refusal(
        of batch: BatchRow,
        _ caller: PaymentCaller,
        in transaction: ReadTransaction
    ) throws -> DeletionRefusal? {
        switch batch.machine.situation {
        case .posted: return .posted
        case .postInProgress: return .locked
        case .releasedByWorkflow: return .workflowLocked
        case .open, .workflow, .inReview, .approved, .released, .releasedByReview, .deleted:
            return try right(batch, caller, in: transaction)
        }
    }

    /// Why the caller may not delete from the batch, whatever it holds.
    private static func right(
        _ batch: BatchRow,
        _ caller: PaymentCaller,
        in transaction: ReadTransaction
    ) throws -> DeletionRefusal? {
        guard caller.covers(batch) else { return .notCovered }
        return try BatchHistory.hasJudged(caller.account, batch.id, in: transaction)
            ? .approvedByYou : nil
    }

    private mutating func add(
        _ batch: BatchRow,
        _ selection: Selection,
        _ caller: PaymentCaller,
        in transaction: ReadTransaction
    ) throws {
        var chosen: [PaymentRow] = []
        for payment in try selection.payments(of: batch, in: transaction) {
            let isNamed = selection.payment != nil
            var refusal = payment.facts(in: batch).deletionRefusal(isNamed: isNamed)
            if isNamed, refusal == nil {
                refusal = try Self.right(batch, caller, in: transaction)
            }
            if let refusal {
                note(refusal, batch.id, count: 1, amount: payment.amount)
                continue
            }
            guard count < PaymentLimits.deletedPayments else { throw Self.tooMany }
            chosen.append(payment)
            count += 1
            sum += Int128(payment.amount)
        }
        if !chosen.isEmpty { batches.append(Batch(row: batch, payments: chosen)) }
    }

    private mutating func note(
        _ refusal: DeletionRefusal,
        _ batchID: Int64,
        count: Int64,
        amount: Int64
    ) {
        guard count > 0 else { return }
        skipped[refusal, default: Skipped()].count += count
        skipped[refusal, default: Skipped()].total += Int128(amount)
        skipped[refusal, default: Skipped()].batches.insert(batchID)
    }

    fileprivate static let tooMany = RPCError.ruleBroken([
        RPCError.Detail(
            field: "",
            code: "too_many",
            message:
                "More than \(PaymentLimits.deletedPayments) payments, or "
                + "\(PaymentLimits.selectedBatches) batches, are selected. Select fewer, for example "
                + "by batch_id, or by from and to."
        )
    ])
}

/// The rows that a filter means.
private struct Selection {
    let filter: DeletionRequest.Filter
    /// The payment that is named, where one is.
    let payment: PaymentRow?

    init(_ filter: DeletionRequest.Filter, in transaction: ReadTransaction) throws {
        self.filter = filter
        guard let id = filter.paymentID else {
            payment = nil
            return
        }
        guard let found = try PaymentRow.load(id, in: transaction) else { throw RPCError.notFound }
        payment = found
    }

    /// The batches that the filter means, oldest first.
    func batches(in transaction: ReadTransaction) throws -> [BatchRow] {
        var conditions = ["step > 0"]
        var values: [SQLValue] = []
        func add(_ condition: String, _ value: SQLValue) {
            values.append(value)
            conditions.append("\(condition) ?\(values.count)")
        }
        if let payment { add("id =", .integer(payment.batchID)) }
        if let batchID = filter.batchID { add("id =", .integer(batchID)) }
        if let department = filter.department { add("department =", .text(department)) }
        if let cashier = filter.cashier { add("username =", .text(cashier)) }
        if let from = filter.from { add("entry_date >=", .integer(from)) }
        if let to = filter.to { add("entry_date <=", .integer(to)) }
        var found: [BatchRow] = []
        try transaction.rows(
            """
            SELECT \(BatchRow.columns) FROM payment_batch
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY id
            LIMIT \(PaymentLimits.selectedBatches + 1)
            """,
            values
        ) { found.append(BatchRow($0)) }
        guard found.count <= PaymentLimits.selectedBatches else { throw DeletionPlan.tooMany }
        return found
    }

    /// The payments of a batch that the filter means; deleted ones only where one is named.
    func payments(of batch: BatchRow, in transaction: ReadTransaction) throws -> [PaymentRow] {
        if let payment { return [payment] }
        var found: [PaymentRow] = []
        try transaction.rows(
            """
            SELECT \(PaymentRow.columns) FROM payment
            WHERE batch_id = ?1 AND state <> 'Deleted' ORDER BY id LIMIT ?2
            """,
            [.integer(batch.id), .integer(Int64(PaymentLimits.deletedPayments + 1))]
        ) { found.append(PaymentRow($0)) }
        guard found.count <= PaymentLimits.deletedPayments else { throw DeletionPlan.tooMany }
        return found
    }
}
