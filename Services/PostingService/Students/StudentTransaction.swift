import Dates
import JSON
import LedgerRules
import Money
import Protocol
import Storage

/// A student account transaction: the row beside a ledger entry of an unscheduled payment, or of
/// what undoes one.
struct StudentTransaction: Equatable {
    var entryID: Int64
    var studentID: Int64
    var enrollmentPeriodID: Int64
    var academicYearID: Int64
    var academicYearSequence: Int64
    var awardYear: String
    var fundSourceID: Int64
    var awardID: Int64
    var bankAccountID: Int64
    var campusID: Int64
    /// Below zero for one that undoes a payment.
    var amount: Amount
    var paymentType: PaymentType
    var checkNumber: String?
    var description: String
    var date: CalendarDay
    var termID: Int64?
    var cashDrawerID: Int64?
    var cashDrawerSessionID: Int64?
    var cashierUserID: Int64?
    /// The service account that sent the payment.
    var enteredBy: String
    var reservationID: String?
    var reversesEntry: Int64?
    /// batch-service's, nil until it has the payment.
    var paymentID: Int64?
    var batchID: Int64?
    var rowVersion: Int64 = 1
    /// Milliseconds since 1970.
    var createdAt: Int64
}

extension StudentTransaction {
    private static let columns = [
        "entry_id", "student_id", "student_enrollment_period_id", "student_academic_year_id",
        "academic_year_sequence", "award_year", "fund_source_id", "student_award_id",
        "bank_account_id", "campus_id", "amount", "payment_type", "check_number", "description",
        "transaction_date", "term_id", "cash_drawer_id", "cash_drawer_session_id",
        "cashier_user_id", "entered_by", "reservation_id", "reverses_entry", "payment_id",
        "batch_id", "row_version", "created_at",
    ]
    private static let insertion: String = {
        let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        return "INSERT INTO student_transaction(\(columns.joined(separator: ", "))) "
            + "VALUES(\(places))"
    }()
    private static let selection =
        "SELECT \(columns.joined(separator: ", ")) FROM student_transaction WHERE entry_id = ?1"

    func insert(in transaction: WriteTransaction) throws {
        try transaction.execute(
            Self.insertion,
            [
                .integer(entryID), .integer(studentID), .integer(enrollmentPeriodID),
                .integer(academicYearID), .integer(academicYearSequence), .text(awardYear),
                .integer(fundSourceID), .integer(awardID), .integer(bankAccountID),
                .integer(campusID), .integer(amount.minorUnits), .text(paymentType.rawValue),
                .optional(checkNumber), .text(description), .integer(Int64(date.daysSince1970)),
                .optional(termID), .optional(cashDrawerID), .optional(cashDrawerSessionID),
                .optional(cashierUserID), .text(enteredBy), .optional(reservationID),
                .optional(reversesEntry), .optional(paymentID), .optional(batchID),
                .integer(rowVersion), .integer(createdAt),
            ]
        )
    }

    static func read(
        _ entryID: Int64,
        in transaction: ReadTransaction
    ) throws -> StudentTransaction? {
        try transaction.first(selection, [.integer(entryID)]) { try StudentTransaction($0) }
    }

    private init(_ row: Statement) throws {
        guard let type = PaymentType(rawValue: row.string(11)) else {
            throw StoreError.damaged("a student transaction has an unknown payment type")
        }
        entryID = row.int64(0)
        studentID = row.int64(1)
        enrollmentPeriodID = row.int64(2)
        academicYearID = row.int64(3)
        academicYearSequence = row.int64(4)
        awardYear = row.string(5)
        fundSourceID = row.int64(6)
        awardID = row.int64(7)
        bankAccountID = row.int64(8)
        campusID = row.int64(9)
        amount = Amount(minorUnits: row.int64(10))
        paymentType = type
        checkNumber = row.optionalString(12)
        description = row.string(13)
        date = CalendarDay(daysSince1970: Int(row.int64(14)))
        termID = row.optionalInteger(15)
        cashDrawerID = row.optionalInteger(16)
        cashDrawerSessionID = row.optionalInteger(17)
        cashierUserID = row.optionalInteger(18)
        enteredBy = row.string(19)
        reservationID = row.optionalString(20)
        reversesEntry = row.optionalInteger(21)
        paymentID = row.optionalInteger(22)
        batchID = row.optionalInteger(23)
        rowVersion = row.int64(24)
        createdAt = row.int64(25)
    }

    /// Whether what undoes the payment outweighs what took that back.
    static func isUndone(_ entryID: Int64, in transaction: ReadTransaction) throws -> Bool {
        let weight = try transaction.integer(
            """
            SELECT SUM(CASE WHEN amount < 0 THEN 1 ELSE -1 END) FROM student_transaction
            WHERE reverses_entry = ?1
            """,
            [.integer(entryID)]
        )
        return (weight ?? 0) > 0
    }
}

extension StudentTransaction {
    /// The entity as a command answers it (contract 3b): camelCase, amounts as decimals.
    var json: [UInt8] {
        JSONWriter.object(reserving: 1_024) { json in
            json.member("id", entryID)
            json.member("type", EntryKind.payment.rawValue)
            json.member("studentId", studentID)
            json.member("studentEnrollmentPeriodId", enrollmentPeriodID)
            json.member("studentAcademicYearId", academicYearID)
            json.member("academicYearSequence", academicYearSequence)
            json.member("awardYear", awardYear)
            json.member("fundSourceId", fundSourceID)
            json.member("studentAwardId", awardID)
            json.member("bankAccountId", bankAccountID)
            json.member("campusId", campusID)
            json.member("transactionAmount", amount: amount)
            json.member("paymentMode", PaymentRequest.paymentMode)
            json.member("paymentType", paymentType.rawValue)
            json.member("checkNumber", checkNumber)
            json.member("description", description)
            json.member("transactionDate", CommandDate.text(date))
            json.member("termId", termID)
            json.member("cashDrawerId", cashDrawerID)
            json.member("cashDrawerSessionId", cashDrawerSessionID)
            json.member("cashierUserId", cashierUserID)
            json.member("reversesTransactionId", reversesEntry)
            json.member("enteredBy", enteredBy)
            json.member("rowVersion", rowVersion)
            json.member("entityState", 0)
        }
    }
}
