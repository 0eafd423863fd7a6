internal import JSON
package import ServiceStore
internal import BatchRules
internal import Crypto
internal import Money
internal import Protocol
internal import Storage

/// Deletes payments that are not posted (contract S3-18, A3-12, A3-13).
///
/// A dry run counts; the deletion names that count and total, and does nothing where they are not what
/// it would delete. A deleted payment keeps its row, and the audit trail says who deleted it and why.
package struct PaymentDeletion: Sendable {
    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    /// Counts or deletes a selection (`batch.payments.delete`).
    ///
    /// - Throws: `selection_changed` (409) where count or total are not those of now; for one named
    ///   payment 409 where its state forbids it, `NotPermitted` where it is out of the caller's reach.
    package func delete(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let environment = parts.environment
        // The faults of a body are thrown below, where its key has been answered first.
        let read = Result { try DeletionRequest(body) }
        if case .success(let request) = read, request.isDryRun {
            // It changes nothing, so that there is nothing to keep with its key.
            return try await parts.store.read { transaction in
                let plan = try DeletionPlan(request.filter, caller, in: transaction)
                return KeyedReply(body: try plan.reply(isDryRun: true))
            }
        }
        let reply = try await parts.keyed(caller) {
            try read.get()
        } change: { request, transaction in
            let plan = try DeletionPlan(request.filter, caller, in: transaction)
            try Self.judge(plan, request, in: transaction)
            let changing = BatchChanging(
                caller: caller,
                note: request.reason,
                now: environment.now(),
                transaction: transaction
            )
            for batch in plan.batches {
                var row = batch.row
                try Self.delete(batch.payments, from: &row, changing)
            }
            return KeyedReply(body: try plan.reply(isDryRun: false))
        }
        environment.ledger.wake()
        return reply
    }

    /// Refuses a plan that is not what the caller expects.
    private static func judge(
        _ plan: DeletionPlan,
        _ request: DeletionRequest,
        in transaction: WriteTransaction
    ) throws {
        if let paymentID = request.filter.paymentID, plan.count == 0 {
            try refuse(paymentID, plan.skipped.keys.first, in: transaction)
        }
        var details: [RPCError.Detail] = []
        if plan.count != request.count {
            details.append(
                RPCError.Detail(
                    field: "/count",
                    code: "differs",
                    message: "\(plan.count) payments would be deleted now, not \(request.count)."
                )
            )
        }
        let total = try plan.total
        if total != request.total {
            let (now, given) = (Amount(minorUnits: total), Amount(minorUnits: request.total))
            details.append(
                RPCError.Detail(
                    field: "/total",
                    code: "differs",
                    message: "They come to \(now.fixedDecimal) now, not \(given.fixedDecimal)."
                )
            )
        }
        guard details.isEmpty else {
            throw RPCError(
                .alreadyExists,
                reason: "selection_changed",
                message: "Nothing was deleted: the selection is not what was confirmed. "
                    + "Make a dry run again.",
                details: details
            )
        }
    }

    private static func refuse(
        _ paymentID: Int64,
        _ refusal: DeletionRefusal?,
        in transaction: WriteTransaction
    ) throws {
        guard let payment = try PaymentRow.load(paymentID, in: transaction),
            let batch = try BatchRow.load(payment.batchID, in: transaction)
        else { throw RPCError.notFound }
        let reason: String
        switch refusal {
        case .notCovered, .approvedByYou:
            throw NotPermitted(refusal?.rawValue ?? "", subject: "payment/\(paymentID)")
        case .alreadyDeleted: reason = "it is deleted."
        case .posted: reason = "a posted payment is reversed, not deleted."
        case .locked: reason = "a journal run is posting it."
        case .transferred: reason = "it is in an ACH file."
        case .workflowLocked: reason = "its workflow is approved and completed."
        case .reversedPair: reason = "a pair that was reversed in its batch stays there."
        // The other filters do not mean it.
        case nil: throw RPCError.notFound
        }
        throw batch.illegal("delete_payment", on: payment, because: reason)
    }

    /// Deletes payments of one batch.
    private static func delete(
        _ payments: [PaymentRow],
        from batch: inout BatchRow,
        _ changing: BatchChanging
    ) throws {
        let transaction = changing.transaction
        let (status, before) = (batch.machine.status, (count: batch.count, total: batch.total))
        let outcome = batch.machine.paymentDeleted()
        guard outcome != .refused else { throw batch.illegal("delete_payment") }
        var bytes = ContentHash.start(after: batch.contentHash)
        var tenders: [PaymentType: (count: Int64, total: Int128)] = [:]
        for payment in payments {
            try PaymentRow.move(payment.id, from: .nonPosted, to: .deleted, in: transaction)
            try LedgerOutbox.add(.withdraw, paymentID: payment.id, in: transaction)
            append(.deleted, payment, to: &bytes)
            if let original = payment.reversesPaymentID {
                try restore(original, transaction)
            } else {
                try payment.leaveDrawer(in: transaction)
            }
            tenders[payment.paymentType, default: (0, 0)].count += 1
            tenders[payment.paymentType, default: (0, 0)].total += Int128(payment.amount)
        }
        var sums = TenderSums()
        for (type, tender) in tenders {
            let amount = try DeletionPlan.booked(-tender.total)
            try batch.change(by: amount, count: -tender.count)
            try sums.change(batch.id, type, by: amount, count: -tender.count, in: transaction)
        }
        try sums.save(in: transaction)
        // Who changed what a batch holds does not judge it either (fault A-10).
        try BatchMakers.add(changing.caller.account, to: batch, in: transaction)
        batch.operations += Int64(payments.count)
        batch.contentHash = SHA256.digest(bytes)
        try changing.contentChanged("delete_payments", &batch, outcome, from: status)
        try batch.save(in: transaction)
        try audit(payments, batch, before: before, changing)
    }

    /// The payment that a deleted reversal had reversed stands as before.
    private static func restore(
        _ paymentID: Int64,
        _ transaction: WriteTransaction
    ) throws {
        guard let original = try PaymentRow.load(paymentID, in: transaction) else { return }
        try PaymentRow.move(paymentID, from: original.state, to: .nonPosted, in: transaction)
        guard let sessionID = original.cashDrawerSessionID else { return }
        try DrawerReservations.redo(
            sessionID: sessionID,
            amountMinorUnits: original.amount,
            in: transaction
        )
    }

    private static func append(
        _ change: ContentHash.Change,
        _ payment: PaymentRow,
        to bytes: inout [UInt8]
    ) {
        ContentHash.append(
            change,
            paymentID: payment.id,
            accountID: payment.accountID,
            amountMinorUnits: payment.amount,
            paymentType: payment.paymentType.rawValue,
            to: &bytes
        )
    }

    private static func audit(
        _ payments: [PaymentRow],
        _ batch: BatchRow,
        before: (count: Int64, total: Int64),
        _ changing: BatchChanging
    ) throws {
        let change = JSONWriter.objectText { change in
            change.member("batch_id", batch.id)
            change.member("first_payment_id", payments.first?.id)
            change.member("last_payment_id", payments.last?.id)
            change.member("deleted_count", Int64(payments.count))
            change.member("deleted_total", amount: before.total &- batch.total)
            change.object("before") { change in
                change.member("count", before.count)
                change.member("total", amount: before.total)
            }
            change.object("after") { change in
                change.member("count", batch.count)
                change.member("total", amount: batch.total)
            }
            change.member("reason", changing.note)
        }
        try AuditOutbox.add(
            changing.caller.event(subject: batch.subject, change: change),
            at: changing.now,
            in: changing.transaction
        )
    }
}
