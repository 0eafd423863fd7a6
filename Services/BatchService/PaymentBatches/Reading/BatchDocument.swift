internal import BatchRules
internal import JSON
internal import Money
internal import Storage

/// The sums of a batch by the way of payment.
struct Tender: Sendable, Equatable {
    var type: PaymentType
    var count: Int64
    var total: Int64

    /// The tenders of a batch that are not empty, in the order of their letters.
    static func load(_ batchID: Int64, in transaction: ReadTransaction) throws -> [Tender] {
        let row = try transaction.statement(
            """
            SELECT payment_type, payment_count, total FROM payment_batch_tender
            WHERE batch_id = ?1 AND payment_count > 0 ORDER BY payment_type
            """
        )
        defer { row.reset() }
        row.bind(1, batchID)
        var tenders: [Tender] = []
        while try row.step() {
            guard let type = PaymentType(rawValue: row.string(0)) else { continue }
            tenders.append(Tender(type: type, count: row.int64(1), total: row.int64(2)))
        }
        return tenders
    }
}

extension JSONWriter {
    /// A batch as it is served.
    mutating func append(_ batch: BatchRow, _ tenders: [Tender]) {
        object { text in
            text.member("batch_id", batch.id)
            text.member("kind", batch.kind.rawValue)
            text.member("username", batch.username)
            text.member("date", day: batch.entryDate)
            text.member("department", batch.department)
            text.member("deposit_number", batch.depositNumber)
            text.member("life_cycle_step", batch.machine.status.step)
            text.member("status", batch.machine.status.rawValue)
            text.member("count", batch.count)
            text.member("total", amount: batch.total)
            text.array("tenders") { text in
                for tender in tenders {
                    text.object { text in
                        text.member("payment_type", tender.type.rawValue)
                        text.member("name", tender.type.name)
                        text.member("count", tender.count)
                        text.member("total", amount: tender.total)
                    }
                }
            }
            text.member("created_by", batch.createdBy)
            text.member("created_at", moment: batch.createdAt)
            text.member("closed_by", batch.closedBy)
            text.member("closed_at", moment: batch.closedAt)
            text.member("released_by", batch.releasedBy)
            text.member("released_at", moment: batch.releasedAt)
            text.member("posted_by", batch.postedBy)
            text.member("posted_at", moment: batch.postedAt)
            text.member("gl_effective_date", day: batch.glEffectiveDate)
            text.member("gl_period", batch.glPeriod)
            text.member("journal_id", batch.journalID)
            text.member("journal_run_id", batch.journalRunID)
            text.member("lock_owner", batch.machine.lockOwner)
            text.member("workflow_step", batch.workflowStep)
            text.member("workflow_locked", batch.machine.isWorkflowLocked)
            text.member("content_hash", hash: batch.contentHash)
            text.member("row_version", batch.rowVersion)
            text.array("allowed") { text in
                for action in batch.allowedActions { text.value(action) }
            }
        }
    }

    /// A payment as it is served.
    mutating func append(_ payment: PaymentRow, in status: PaymentBatch.Status) {
        object { text in
            text.member("payment_id", payment.id)
            text.member("batch_id", payment.batchID)
            text.member("account_id", payment.accountID)
            text.member("amount", amount: payment.amount)
            text.member("payment_type", payment.paymentType.rawValue)
            text.member("check_number", payment.checkNumber)
            text.member("description", payment.description)
            text.member("transaction_date", day: payment.transactionDate)
            text.member("entered_by", payment.enteredBy)
            text.member("entered_at", moment: payment.enteredAt)
            text.member("state", payment.state.shown(in: status))
            text.member("reverses_payment_id", payment.reversesPaymentID)
            text.member("reason_code", payment.reasonCode)
            text.member("note", payment.note)
            text.member("cash_drawer_id", payment.cashDrawerID)
            text.member("cash_drawer_session_id", payment.cashDrawerSessionID)
            text.member("cashier_user_id", payment.cashierUserID)
            text.member("student_award_id", payment.studentAwardID)
            text.member("ach_entry_id", payment.achEntryID)
            text.member("ledger_entry_id", payment.ledgerEntryID)
            text.member("row_version", payment.rowVersion)
        }
    }
}
