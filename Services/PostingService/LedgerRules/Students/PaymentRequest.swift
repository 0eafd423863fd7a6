package import Dates
package import Money

/// What an unscheduled payment's request says; what is absent or faulty is nil, and every fault is
/// noted (contract S2-8 to S2-21).
package struct PaymentRequest: Sendable {
    package var academicYearSequence: Int64?
    package var awardYear: AwardYear?
    package var bankAccountID: Int64?
    package var description: String?
    package var fundSourceID: Int64?
    package var paymentType: PaymentType?
    package var checkNumber: String?
    package var studentAcademicYearID: Int64?
    package var studentEnrollmentPeriodID: Int64?
    package var studentID: Int64?
    package var amount: Amount?
    package var transactionDate: CalendarDay?
    package var ignoresTermRequired = false
    package var termID: Int64?
    package var cashDrawerID: Int64?
    package var cashDrawerSessionID: Int64?
    package var cashierUserID: Int64?
    /// Faults of the text alone.
    package private(set) var faults: [CommandFault] = []
    /// Faults of drawer, session and cashier, which count only where cashiering is on (A2-9).
    package private(set) var drawerFaults: [CommandFault] = []
    /// Properties that were passed over, to be logged (A2-18).
    package private(set) var ignored: [String] = []

    /// The only mode that this command offers: not tied to an expected disbursement (S2-14, A2-6).
    package static let paymentMode: Int64 = 2

    package init(_ members: [(name: String, value: PropertyValue)]) {
        var reader = PropertyReader(members)
        academicYearSequence = reader.number("academicYearSequence", required: true)
        awardYear = Self.awardYear(&reader)
        bankAccountID = reader.number("bankAccountId", required: true)
        description = reader.text("description", required: true)
        fundSourceID = reader.number("fundSourceId", required: true)
        Self.checkMode(&reader)
        paymentType = Self.paymentType(&reader)
        checkNumber = reader.text("checkNumber", maximumBytes: 64)
        studentAcademicYearID = reader.number("studentAcademicYearId", required: true)
        studentEnrollmentPeriodID = reader.number("studentEnrollmentPeriodId", required: true)
        studentID = reader.number("studentId", required: true)
        amount = reader.payment("transactionAmount")
        transactionDate = reader.day("transactionDate")
        if reader.truth("isNewPaymentSuccessful") == false {
            reader.fail(
                "isNewPaymentSuccessful",
                "payment_not_successful",
                "IsNewPaymentSuccessful is 1: only a payment that has succeeded is posted."
            )
        }
        ignoresTermRequired = reader.truth("ignoreTermRequired") ?? false
        termID = reader.number("termId")
        let before = reader.faults.count
        cashDrawerID = reader.number("cashDrawerId")
        cashDrawerSessionID = reader.number("cashDrawerSessionId")
        cashierUserID = reader.number("cashierUserId")
        let after = reader.faults.count
        reader.finish(ignoring: PublishedEntity.unusedProperties)
        drawerFaults = Array(reader.faults[before..<after])
        faults = Array(reader.faults[..<before] + reader.faults[after...])
        ignored = reader.ignored
    }

    private static func awardYear(_ reader: inout PropertyReader) -> AwardYear? {
        guard let text = reader.text("awardYear", required: true) else { return nil }
        do throws(AwardYear.Fault) {
            return try AwardYear(text)
        } catch {
            switch error {
            case .malformed:
                reader.fail("awardYear", "malformed", "AwardYear is written like 2023-24.")
            case .notConsecutive:
                reader.fail(
                    "awardYear",
                    "award_year_not_consecutive",
                    "The second year of AwardYear is the one after the first, as in 2023-24."
                )
            }
            return nil
        }
    }

    private static func checkMode(_ reader: inout PropertyReader) {
        guard let mode = reader.number("paymentMode", required: true, from: .min),
            mode != paymentMode
        else { return }
        reader.fail(
            "paymentMode",
            "payment_mode_unsupported",
            "PaymentMode is 2: only unscheduled payments are posted here."
        )
    }

    private static func paymentType(_ reader: inout PropertyReader) -> PaymentType? {
        guard let text = reader.text("paymentType", required: true) else { return nil }
        if let type = PaymentType(rawValue: text) { return type }
        let words = PaymentType.allCases.map { "\($0.rawValue) (\($0.name))" }
        reader.fail(
            "paymentType",
            "unknown_value",
            "PaymentType is one of \(words.joined(separator: ", "))."
        )
        return nil
    }
}
