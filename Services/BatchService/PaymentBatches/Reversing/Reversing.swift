internal import JSON
internal import ServiceStore
internal import BatchRules
internal import Identity
internal import Money
internal import Protocol
internal import Storage

/// One reversal on its way: everything is decided in the transaction that writes it, so of several at
/// once one wins (fault T-06).
struct Reversing {
    struct Made: Sendable {
        var paymentID: Int64
        /// The batch that the reversal is in.
        var batch: BatchRow
    }

    let changing: BatchChanging
    /// Days since 1970.
    let today: Int64
    let reasonCode: String

    /// How the payment is reversed.
    func ruling(_ payment: PaymentRow, _ batch: BatchRow) throws -> ReversalRuling {
        let ruling = payment.facts(in: batch).reversal(reasonCode: reasonCode)
        switch ruling {
        case .inBatch, .afterPosting:
            return ruling
        case .nsfNotPossible:
            throw RPCError.ruleBroken([
                RPCError.Detail(
                    field: "/reason_code",
                    code: "nsf_not_possible",
                    message: "NSF is for posted checks only; give another reason."
                )
            ])
        case .refused:
            throw batch.illegal(
                "reverse_payment",
                on: payment,
                because: payment.reversesPaymentID == nil
                    ? "it cannot be reversed." : "a reversal is not reversed."
            )
        }
    }

    /// Refuses a caller whose posting level does not reach the batch, or who has judged what it holds.
    func requireRight(_ batch: BatchRow, _ ruling: ReversalRuling, subject: String) throws {
        let caller = changing.caller
        guard caller.covers(batch) else { throw NotPermitted("not_covered", subject: subject) }
        guard ruling == .inBatch else { return }
        let hasJudged = try BatchHistory.hasJudged(
            caller.account,
            batch.id,
            in: changing.transaction
        )
        guard !hasJudged else { throw NotPermitted("approved_by_you", subject: subject) }
    }

    /// Writes the reversal, and what it does to the payment and to its batch.
    func reverse(
        _ payment: PaymentRow,
        _ batch: BatchRow,
        _ ruling: ReversalRuling
    ) throws -> Made {
        guard let amount = Amount(minorUnits: payment.amount).negated() else {
            throw TenderSums.outOfRange
        }
        let isInBatch = ruling == .inBatch
        try PaymentRow.move(
            payment.id,
            from: .nonPosted,
            to: isInBatch ? .reversedInBatch : .reversed,
            in: changing.transaction
        )
        try payment.leaveDrawer(in: changing.transaction)
        var target = isInBatch ? batch : try reversalBatch(of: batch)
        let before = (count: target.count, total: target.total)
        let status = target.machine.status
        let outcome = isInBatch ? target.machine.paymentReversed() : .accepted
        let paymentID = try target.add(
            draft(of: payment, amount.minorUnits, in: target),
            in: changing.transaction
        )
        if isInBatch {
            try changing.contentChanged("reverse_payment", &target, outcome, from: status)
        }
        try target.save(in: changing.transaction)
        try audit(payment, paymentID, target, before: before)
        return Made(paymentID: paymentID, batch: target)
    }

    private func reversalBatch(of batch: BatchRow) throws -> BatchRow {
        let caller = changing.caller
        return try BatchOpening(
            kind: .reversal,
            username: caller.staff?.username ?? caller.account,
            entryDate: today,
            department: caller.staff?.department ?? batch.department,
            depositNumber: nil,
            createdBy: caller.account,
            createdAt: changing.now
        ).findOrCreate(in: changing.transaction)
    }

    private func draft(
        of payment: PaymentRow,
        _ amount: Int64,
        in batch: BatchRow
    ) -> PaymentDraft {
        PaymentDraft(
            accountID: payment.accountID,
            amount: amount,
            paymentType: payment.paymentType,
            checkNumber: payment.checkNumber,
            description: "Reversal of payment \(payment.id)",
            transactionDate: batch.entryDate,
            enteredBy: changing.caller.account,
            enteredAt: changing.now,
            reversesPaymentID: payment.id,
            reasonCode: reasonCode,
            note: changing.note.isEmpty ? nil : changing.note,
            cashDrawerID: payment.cashDrawerID,
            cashDrawerSessionID: payment.cashDrawerSessionID,
            cashierUserID: payment.cashierUserID,
            studentAwardID: payment.studentAwardID
        )
    }

    private func audit(
        _ payment: PaymentRow,
        _ paymentID: Int64,
        _ batch: BatchRow,
        before: (count: Int64, total: Int64)
    ) throws {
        let change = JSONWriter.objectText { change in
            change.member("reverses_payment_id", payment.id)
            change.member("reason_code", reasonCode)
            change.member("amount", amount: payment.amount)
            change.member("batch_id", batch.id)
            change.object("before") { change in
                change.member("count", before.count)
                change.member("total", amount: before.total)
            }
            change.object("after") { change in
                change.member("count", batch.count)
                change.member("total", amount: batch.total)
            }
            if !changing.note.isEmpty { change.member("note", changing.note) }
        }
        try AuditOutbox.add(
            changing.caller.event(subject: "payment/\(paymentID)", change: change),
            at: changing.now,
            in: changing.transaction
        )
    }

    /// Books the NSF fee, where the settings have one.
    func charge(for paymentID: Int64) throws {
        guard let charge = try Self.nsfCharge(in: changing.transaction) else { return }
        try LedgerOutbox.add(
            .charge,
            paymentID: paymentID,
            charge: charge,
            in: changing.transaction
        )
    }

    /// What the settings say; nil where nothing is charged.
    static func nsfCharge(
        in transaction: ReadTransaction
    ) throws -> (amountMinorUnits: Int64, detailCode: String)? {
        guard let text = try SettingRows.text("nsf_charge_amount", in: transaction),
            let code = try SettingRows.text("nsf_detail_code", in: transaction), !code.isEmpty
        else { return nil }
        let amount = try Amount(text)
        return amount > .zero ? (amount.minorUnits, code) : nil
    }
}
