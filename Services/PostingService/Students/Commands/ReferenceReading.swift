import Bookkeeping
import LedgerRules
import Storage

extension PaymentReferences {
    /// What is held under the ids of a request.
    static func read(
        _ request: PaymentRequest,
        in transaction: ReadTransaction
    ) throws -> PaymentReferences {
        PaymentReferences(
            student: try request.studentID.flatMap { try student($0, in: transaction) },
            enrollmentPeriod: try request.studentEnrollmentPeriodID.flatMap {
                try period($0, in: transaction)
            },
            academicYear: try request.studentAcademicYearID.flatMap {
                try academicYear($0, in: transaction)
            },
            bankAccount: try request.bankAccountID.flatMap { try bank($0, in: transaction) },
            fundSourceIsKnown: try request.fundSourceID.map {
                try transaction.integer(
                    "SELECT id FROM fund_source WHERE id = ?1",
                    [.integer($0)]
                ) != nil
            } ?? false,
            requiresTermCodes: try LedgerSetting.requireTermCodes.isTrue(in: transaction)
        )
    }

    private static func student(
        _ id: Int64,
        in transaction: ReadTransaction
    ) throws -> Student? {
        try transaction.first(
            """
            SELECT a.account_id, a.inactive, a.alert_code, a.warning_code
            FROM student s JOIN account a ON a.account_id = s.account_id WHERE s.id = ?1
            """,
            [.integer(id)]
        ) { row in
            Student(
                accountID: row.string(0),
                accountIsInactive: row.int64(1) != 0,
                alertCode: row.optionalString(2),
                warningCode: row.optionalString(3)
            )
        }
    }

    private static func period(
        _ id: Int64,
        in transaction: ReadTransaction
    ) throws -> EnrollmentPeriod? {
        try transaction.first(
            """
            SELECT p.student_id, p.campus_id, c.cashiering
            FROM enrollment_period p JOIN campus c ON c.id = p.campus_id WHERE p.id = ?1
            """,
            [.integer(id)]
        ) { row in
            EnrollmentPeriod(
                studentID: row.int64(0),
                campusID: row.int64(1),
                isCashiering: row.int64(2) != 0
            )
        }
    }

    private static func academicYear(
        _ id: Int64,
        in transaction: ReadTransaction
    ) throws -> AcademicYear? {
        try transaction.first(
            "SELECT student_id, sequence FROM student_academic_year WHERE id = ?1",
            [.integer(id)]
        ) { AcademicYear(studentID: $0.int64(0), sequence: $0.int64(1)) }
    }

    private static func bank(
        _ id: Int64,
        in transaction: ReadTransaction
    ) throws -> BankAccount? {
        try transaction.first(
            """
            SELECT b.campus_id, a.gl_account
            FROM bank_account a JOIN bank b ON b.id = a.bank_id WHERE a.id = ?1
            """,
            [.integer(id)]
        ) { BankAccount(campusID: $0.int64(0), glAccount: $0.string(1)) }
    }
}
