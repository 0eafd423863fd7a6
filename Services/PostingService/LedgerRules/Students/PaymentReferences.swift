package import Identity

/// What is held under the ids of an unscheduled payment's request; nil where nothing is.
package struct PaymentReferences: Sendable {
    package struct Student: Sendable, Hashable {
        package var accountID: String
        package var accountIsInactive: Bool
        /// Blocks the entry of payments.
        package var alertCode: String?
        /// Warns only.
        package var warningCode: String?

        package init(
            accountID: String,
            accountIsInactive: Bool,
            alertCode: String?,
            warningCode: String?
        ) {
            self.accountID = accountID
            self.accountIsInactive = accountIsInactive
            self.alertCode = alertCode
            self.warningCode = warningCode
        }
    }

    package struct EnrollmentPeriod: Sendable, Hashable {
        package var studentID: Int64
        package var campusID: Int64
        /// Whether cashiering is on at that campus (contract S2-9).
        package var isCashiering: Bool

        package init(studentID: Int64, campusID: Int64, isCashiering: Bool) {
            self.studentID = studentID
            self.campusID = campusID
            self.isCashiering = isCashiering
        }
    }

    package struct AcademicYear: Sendable, Hashable {
        package var studentID: Int64
        package var sequence: Int64

        package init(studentID: Int64, sequence: Int64) {
            self.studentID = studentID
            self.sequence = sequence
        }
    }

    package struct BankAccount: Sendable, Hashable {
        /// Of its bank.
        package var campusID: Int64
        package var glAccount: String

        package init(campusID: Int64, glAccount: String) {
            self.campusID = campusID
            self.glAccount = glAccount
        }
    }

    package var student: Student?
    package var enrollmentPeriod: EnrollmentPeriod?
    package var academicYear: AcademicYear?
    package var bankAccount: BankAccount?
    package var fundSourceIsKnown: Bool
    /// The setting Require Term Codes (contract S2-20).
    package var requiresTermCodes: Bool

    package init(
        student: Student?,
        enrollmentPeriod: EnrollmentPeriod?,
        academicYear: AcademicYear?,
        bankAccount: BankAccount?,
        fundSourceIsKnown: Bool,
        requiresTermCodes: Bool
    ) {
        self.student = student
        self.enrollmentPeriod = enrollmentPeriod
        self.academicYear = academicYear
        self.bankAccount = bankAccount
        self.fundSourceIsKnown = fundSourceIsKnown
        self.requiresTermCodes = requiresTermCodes
    }
}

/// Who posts a payment, and whom the request names as its cashier.
package struct PaymentPeople: Sendable {
    /// The caller's own staff user.
    package var caller: StaffUser?
    package var actsForOthers: Bool
    /// The staff user that `CashierUserId` names.
    package var cashier: StaffUser?

    package init(caller: StaffUser?, actsForOthers: Bool, cashier: StaffUser?) {
        self.caller = caller
        self.actsForOthers = actsForOthers
        self.cashier = cashier
    }
}
