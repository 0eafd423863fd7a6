import LedgerRules
package import Money
package import Storage

/// The awards that payments are tied to, each of a period, a fund source and an award year.
package enum StudentAwards {
    /// The award of the three keys, which is made where there is none (contract S2-13, S2-16).
    package static func findOrMake(
        enrollmentPeriodID: Int64,
        fundSourceID: Int64,
        awardYear: String,
        academicYearID: Int64,
        in transaction: WriteTransaction
    ) throws -> Int64 {
        let keys: [SQLValue] = [
            .integer(enrollmentPeriodID), .integer(fundSourceID), .text(awardYear),
        ]
        try transaction.execute(
            """
            INSERT INTO student_award(student_enrollment_period_id, fund_source_id, award_year,
                student_academic_year_id, amount_received, row_version)
            VALUES(?1, ?2, ?3, ?4, 0, 1)
            ON CONFLICT (student_enrollment_period_id, fund_source_id, award_year) DO NOTHING
            """,
            keys + [.integer(academicYearID)]
        )
        let id = try transaction.integer(
            """
            SELECT id FROM student_award
            WHERE student_enrollment_period_id = ?1 AND fund_source_id = ?2 AND award_year = ?3
            """,
            keys
        )
        guard let id else { throw StoreError.damaged("a student award has vanished") }
        return id
    }

    /// Adds to what an award has received.
    ///
    /// - Throws: `CommandRefusal` where the sum leaves 64 bits.
    package static func add(
        _ amount: Amount,
        to award: Int64,
        in transaction: WriteTransaction
    ) throws {
        let held = try transaction.integer(
            "SELECT amount_received FROM student_award WHERE id = ?1",
            [.integer(award)]
        )
        guard let held, let sum = Amount(minorUnits: held).adding(amount) else {
            throw CommandRefusal.beyondBooking
        }
        try transaction.execute(
            """
            UPDATE student_award SET amount_received = ?2, row_version = row_version + 1
            WHERE id = ?1
            """,
            [.integer(award), .integer(sum.minorUnits)]
        )
    }
}
