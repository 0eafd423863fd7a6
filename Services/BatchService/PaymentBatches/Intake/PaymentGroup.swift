internal import JSON
internal import ServiceStore
internal import BatchRules
internal import Identity
internal import Protocol
internal import Storage

/// Payments that share a transaction: a batch and its tenders are read once and written once, however
/// many of the payments are theirs.
///
/// A payment that a rule refuses writes nothing, so that the others go on.
struct PaymentGroup {
    private struct Key: Hashable {
        var username: ByteText
        var date: Int64
    }

    private let now: Int64
    private let transaction: WriteTransaction
    private var batches: [Key: BatchRow] = [:]
    private var changed: Set<Key> = []
    private var tenders = TenderSums()

    init(at now: Int64, in transaction: WriteTransaction) {
        self.now = now
        self.transaction = transaction
    }

    /// Adds one payment; the answer of its key where that is known already.
    mutating func add(_ checked: CheckedPayment) throws -> KeyedReply {
        let caller = checked.caller
        if let known = try RequestKeys.answer(to: caller.key, in: transaction) { return known }
        let reply = try insert(checked)
        try RequestKeys.keep(reply, for: caller.key, at: now, in: transaction)
        return reply
    }

    /// Writes the batches and their sums.
    mutating func save() throws {
        for key in changed { try batches[key]?.saveContents(in: transaction) }
        try tenders.save(in: transaction)
    }

    private mutating func insert(_ checked: CheckedPayment) throws -> KeyedReply {
        let (payment, caller) = (checked.payment, checked.caller)
        let key = Key(username: ByteText(payment.username), date: payment.date)
        var batch = try batches[key] ?? opened(payment, caller)
        // Kept before the rules of the payment: a batch that was made for it stands in the store.
        batches[key] = batch
        let before = (count: batch.count, total: batch.total)
        try batch.fill(department: payment.department, depositNumber: payment.depositNumber)
        let paymentID = try batch.add(draft(payment, caller), &tenders, in: transaction)
        try AuditOutbox.add(
            caller.event(
                subject: "payment/\(paymentID)",
                change: BatchChange.text(of: batch, before: before)
            ),
            at: now,
            in: transaction
        )
        batches[key] = batch
        changed.insert(key)
        return KeyedReply(
            body: Self.reply(paymentID, batch, checked.warnings),
            undelivered: paymentID
        )
    }

    private func opened(_ payment: NewPayment, _ caller: PaymentCaller) throws -> BatchRow {
        try BatchOpening(
            kind: .payment,
            username: payment.username,
            entryDate: payment.date,
            department: payment.department ?? caller.staff?.department ?? "",
            depositNumber: payment.depositNumber,
            createdBy: caller.account,
            createdAt: now
        ).findOrCreate(in: transaction)
    }

    private func draft(_ payment: NewPayment, _ caller: PaymentCaller) -> PaymentDraft {
        PaymentDraft(
            accountID: payment.accountID,
            amount: payment.amount,
            paymentType: payment.paymentType,
            checkNumber: payment.checkNumber,
            description: payment.description,
            transactionDate: payment.date,
            enteredBy: caller.account,
            enteredAt: now
        )
    }

    private static func reply(
        _ paymentID: Int64,
        _ batch: BatchRow,
        _ warnings: [RPCError.Detail]
    ) -> [UInt8] {
        JSONWriter.object { text in
            text.member("payment_id", paymentID)
            text.member("batch_id", batch.id)
            text.member("life_cycle_step", batch.machine.status.step)
            text.member("status", batch.machine.status.rawValue)
            text.array("warnings") { text in
                for warning in warnings {
                    text.object { text in
                        text.member("code", warning.code)
                        text.member("message", warning.message)
                    }
                }
            }
        }
    }
}
