internal import AuditOutbox
internal import BatchRules
internal import Identity
internal import Money
internal import Protocol
internal import Storage

/// Takes payments into the open batch of their username and date (contract S0-3 to S0-10).
///
/// One durable transaction holds everything that a payment changes: batch, payment, sums, what the
/// ledger is to be told, the audit event and the answer to the request's key. The ledger follows; the
/// answer waits a moment for it, so that a reader sees the balance at once, and never fails for it.
package struct PaymentIntake: Sendable {
    /// How long an answer waits for the ledger.
    static let ledgerWaitMilliseconds: Int64 = 250

    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    /// The body and the warnings of its account.
    private struct Checked: Sendable {
        var payment: NewPayment
        var warnings: [RPCError.Detail]
    }

    /// Adds a payment (`batch.payments.add`).
    ///
    /// - Throws: `invalid` for faults of the body, `ruleBroken` where the account takes no payments or
    ///   the batch has another department or deposit number.
    package func add(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let environment = parts.environment
        let reply = try await parts.keyed(caller) {
            var payment = try NewPayment(body, today: environment.today)
            let check = try await environment.accounts.check(payment.accountID)
            let warnings = try AccountRules.judge(&payment.accountID, check)
            return Checked(payment: payment, warnings: warnings)
        } change: { checked, transaction in
            try Self.write(checked, caller, at: environment.now(), in: transaction)
        }
        if let paymentID = reply.newPaymentID {
            _ = await environment.ledger.settled(
                paymentID,
                withinMilliseconds: Self.ledgerWaitMilliseconds
            )
        }
        return reply
    }

    private static func write(
        _ checked: Checked,
        _ caller: PaymentCaller,
        at now: Int64,
        in transaction: WriteTransaction
    ) throws -> KeyedReply {
        let payment = checked.payment
        var batch = try BatchOpening(
            kind: .payment,
            username: payment.username,
            entryDate: payment.date,
            department: payment.department ?? caller.staff?.department ?? "",
            depositNumber: payment.depositNumber,
            createdBy: caller.account,
            createdAt: now
        ).findOrCreate(in: transaction)
        let before = (count: batch.count, total: batch.total)
        try batch.fill(department: payment.department, depositNumber: payment.depositNumber)
        let paymentID = try batch.add(
            PaymentDraft(
                accountID: payment.accountID,
                amount: payment.amount,
                paymentType: payment.paymentType,
                checkNumber: payment.checkNumber,
                description: payment.description,
                transactionDate: payment.date,
                enteredBy: caller.account,
                enteredAt: now
            ),
            in: transaction
        )
        try batch.saveContents(in: transaction)
        try AuditOutbox.add(
            caller.event(
                subject: "payment/\(paymentID)",
                change: BatchChange.text(of: batch, before: before)
            ),
            at: now,
            in: transaction
        )
        return KeyedReply(
            body: reply(paymentID, batch, checked.warnings),
            newPaymentID: paymentID
        )
    }

    private static func reply(
        _ paymentID: Int64,
        _ batch: BatchRow,
        _ warnings: [RPCError.Detail]
    ) -> [UInt8] {
        var text = ReplyText()
        text.object { text in
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
        return text.bytes
    }
}

/// What a change of a batch looks like in the audit trail.
enum BatchChange {
    static func text(of batch: BatchRow, before: (count: Int64, total: Int64)) -> String {
        var text = ReplyText()
        text.object { text in
            text.member("batch_id", batch.id)
            text.object("before") { text in
                text.member("count", before.count)
                text.member("total", amount: before.total)
            }
            text.object("after") { text in
                text.member("count", batch.count)
                text.member("total", amount: batch.total)
            }
        }
        return text.text
    }
}
