internal import ServiceStore
internal import BatchRules
internal import Money
internal import Protocol
internal import Storage

/// A payment as it is saved.
struct PaymentRow: Sendable {
    let id: Int64
    let batchID: Int64
    let accountID: String
    let amount: Int64
    let paymentType: PaymentType
    let checkNumber: String?
    let description: String
    let transactionDate: Int64
    let enteredBy: String
    let enteredAt: Int64
    let state: PaymentState
    let reversesPaymentID: Int64?
    let reasonCode: String?
    let note: String?
    let cashDrawerID: Int64?
    let cashDrawerSessionID: Int64?
    let cashierUserID: Int64?
    let studentAwardID: Int64?
    let achEntryID: Int64?
    let ledgerEntryID: Int64?
    let rowVersion: Int64

    static let columns = """
        id, batch_id, account_id, amount, payment_type, check_number, description,
        transaction_date, entered_by, entered_at, state, reverses_payment_id, reason_code, note,
        cash_drawer_id, cash_drawer_session_id, cashier_user_id, student_award_id, ach_entry_id,
        ledger_entry_id, row_version
        """

    /// A row of `columns`.
    init(_ row: Statement) {
        id = row.int64(0)
        batchID = row.int64(1)
        accountID = row.string(2)
        amount = row.int64(3)
        paymentType = PaymentType(rawValue: row.string(4)) ?? .other
        checkNumber = row.optionalString(5)
        description = row.string(6)
        transactionDate = row.int64(7)
        enteredBy = row.string(8)
        enteredAt = row.int64(9)
        state = PaymentState(rawValue: row.string(10)) ?? .deleted
        reversesPaymentID = row.optionalInteger(11)
        reasonCode = row.optionalString(12)
        note = row.optionalString(13)
        cashDrawerID = row.optionalInteger(14)
        cashDrawerSessionID = row.optionalInteger(15)
        cashierUserID = row.optionalInteger(16)
        studentAwardID = row.optionalInteger(17)
        achEntryID = row.optionalInteger(18)
        ledgerEntryID = row.optionalInteger(19)
        rowVersion = row.int64(20)
    }

    static func load(_ id: Int64, in transaction: ReadTransaction) throws -> PaymentRow? {
        try transaction.first(
            "SELECT \(columns) FROM payment WHERE id = ?1",
            [.integer(id)]
        ) { PaymentRow($0) }
    }

    /// The payment of a ledger entry.
    static func load(
        ledgerEntryID: Int64,
        in transaction: ReadTransaction
    ) throws -> PaymentRow? {
        try transaction.first(
            """
            SELECT \(columns) FROM payment
            WHERE ledger_entry_id = ?1 AND student_award_id IS NOT NULL
            """,
            [.integer(ledgerEntryID)]
        ) { PaymentRow($0) }
    }

    /// The reversal of a payment that is not deleted; nil where there is none.
    static func reversal(
        of id: Int64,
        in transaction: ReadTransaction
    ) throws -> PaymentRow? {
        try transaction.first(
            """
            SELECT \(columns) FROM payment
            WHERE reverses_payment_id = ?1 AND state <> 'Deleted'
            """,
            [.integer(id)]
        ) { PaymentRow($0) }
    }

    func facts(in batch: BatchRow) -> PaymentFacts {
        PaymentFacts(
            state: state,
            paymentType: paymentType,
            isReversal: reversesPaymentID != nil,
            isInReversalBatch: batch.kind == .reversal,
            isTransferred: achEntryID != nil,
            batch: batch.machine
        )
    }

    /// Moves a payment to another state, over the one that was read.
    ///
    /// Throws `aborted` where another writer was faster (fault T-06).
    static func move(
        _ id: Int64,
        from: PaymentState,
        to: PaymentState,
        in transaction: WriteTransaction
    ) throws {
        let row = try transaction.statement(
            """
            UPDATE payment SET state = ?3, row_version = row_version + 1
            WHERE id = ?1 AND state = ?2 RETURNING id
            """
        )
        defer { row.reset() }
        row.bind(1, id)
        row.bind(2, from.rawValue)
        row.bind(3, to.rawValue)
        guard try row.step() else { throw RPCError.changed("Payment \(id)") }
        _ = try row.step()
    }
}

extension PaymentRow {
    /// The payment was deleted or reversed: it is in its drawer no more, while the session is open.
    func leaveDrawer(in transaction: WriteTransaction) throws {
        guard let cashDrawerSessionID else { return }
        try DrawerReservations.undo(
            sessionID: cashDrawerSessionID,
            amountMinorUnits: amount,
            in: transaction
        )
    }
}

extension BatchRow {
    /// The refusal of an action on one of the batch's payments: the payment's state stands for the
    /// batch's where it is what forbids it.
    func illegal(_ action: String, on payment: PaymentRow, because reason: String) -> RPCError {
        let state = payment.state.shown(in: machine.status)
        let allowed = payment.facts(in: self).allowedActions
        let remedy =
            allowed.isEmpty
            ? "Nothing more can be done with it."
            : "Possible: \(allowed.joined(separator: ", "))."
        return RPCError.illegal(
            RPCError.Transition(
                status: state,
                lifeCycleStep: Int(machine.status.step),
                action: action,
                allowed: allowed
            ),
            "Payment \(payment.id) is \(state), its batch \(id) \(machine.status.rawValue): "
                + "\(reason) \(remedy)"
        )
    }
}
