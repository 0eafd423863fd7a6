import Money
import ServiceRuntime
import Storage

/// What student transactions and awards learn from the ledger.
enum StudentLedger {
    /// Called in the transaction that books an entry which takes back another, or part of it back
    /// in.
    ///
    /// Writes the transaction of the new entry beside that of the original, and changes what the
    /// award has received. Nothing happens where the original is no student's.
    ///
    /// - Parameters:
    ///   - original: the entry of the payment that was received first.
    ///   - entry: the new entry.
    ///   - amount: of the new entry; below zero where the payment is withdrawn or reversed, above
    ///     zero where its reversal is withdrawn.
    ///   - transaction: the new entry's.
    /// - Throws: `StoreError`, and where an award's sum leaves 64 bits.
    static func entryWasUndone(
        _ original: Int64,
        by entry: Int64,
        amount: Int64,
        in transaction: WriteTransaction
    ) throws {
        let award = try transaction.integer(
            "SELECT student_award_id FROM student_transaction WHERE entry_id = ?1",
            [.integer(original)]
        )
        guard let award else { return }
        try transaction.execute(
            """
            INSERT INTO student_transaction(entry_id, student_id, student_enrollment_period_id,
                student_academic_year_id, academic_year_sequence, award_year, fund_source_id,
                student_award_id, bank_account_id, campus_id, amount, payment_type, check_number,
                description, transaction_date, term_id, cash_drawer_id, cash_drawer_session_id,
                cashier_user_id, entered_by, reverses_entry, payment_id, batch_id, row_version,
                created_at)
            SELECT ?2, t.student_id, t.student_enrollment_period_id, t.student_academic_year_id,
                t.academic_year_sequence, t.award_year, t.fund_source_id, t.student_award_id,
                t.bank_account_id, t.campus_id, ?3, t.payment_type, t.check_number, e.description,
                e.date, t.term_id, t.cash_drawer_id, t.cash_drawer_session_id, t.cashier_user_id,
                t.entered_by, t.entry_id, p.payment_id, p.batch_id, 1, ?4
            FROM student_transaction t
            JOIN entry e ON e.id = ?2
            LEFT JOIN payment_entry p ON p.entry_id = ?2
            WHERE t.entry_id = ?1
            """,
            [.integer(original), .integer(entry), .integer(amount), .integer(Timestamps.now())]
        )
        try StudentAwards.add(Amount(minorUnits: amount), to: award, in: transaction)
    }
}
