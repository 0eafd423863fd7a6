import Identity

/// What an unscheduled payment must be true to beyond its own text (contract S2-9 to S2-21).
///
/// Every rule that can be judged is judged, whatever else is wrong: one request's faults come all
/// at once, in the order of the documentation.
package struct PaymentRules {
    package let request: PaymentRequest
    package let references: PaymentReferences
    package let people: PaymentPeople

    package init(
        _ request: PaymentRequest,
        _ references: PaymentReferences,
        _ people: PaymentPeople
    ) {
        self.request = request
        self.references = references
        self.people = people
    }

    /// The code of a fault that is a matter of permission, so that it is audited too.
    package static let anotherCashier = "cashier_is_another"

    /// Whether drawer, session and cashier are asked for: cashiering is on at the period's campus.
    package var isCashiering: Bool { references.enrollmentPeriod?.isCashiering ?? false }

    /// Every fault and warning of the request, but for those of drawer and session that
    /// batch-service finds.
    package var faults: [CommandFault] {
        request.faults + enrolmentFaults + moneyFaults + accountFaults + termFaults + drawerFaults
    }
}

extension PaymentRules {
    private var enrolmentFaults: [CommandFault] {
        var faults: [CommandFault] = []
        if let id = request.studentID, references.student == nil {
            faults.append(.init("studentId", "unknown_student", "StudentId \(id) is not known."))
        }
        if let id = request.studentEnrollmentPeriodID {
            faults += periodFault(id).map { [$0] } ?? []
        }
        if let id = request.studentAcademicYearID { faults += academicYearFaults(id) }
        return faults
    }

    /// Whose period and year are asked for: of a student that is not known, nothing else is told.
    private var knownStudent: Int64? { references.student == nil ? nil : request.studentID }

    private func periodFault(_ id: Int64) -> CommandFault? {
        let property = "studentEnrollmentPeriodId"
        guard let period = references.enrollmentPeriod else {
            return .init(
                property,
                "unknown_enrollment_period",
                "StudentEnrollmentPeriodId \(id) is not known."
            )
        }
        guard let student = knownStudent, period.studentID != student else { return nil }
        return .init(
            property,
            "enrollment_period_of_other_student",
            "StudentEnrollmentPeriodId \(id) is not a period of StudentId \(student)."
        )
    }

    private func academicYearFaults(_ id: Int64) -> [CommandFault] {
        guard let year = references.academicYear else {
            return [
                .init(
                    "studentAcademicYearId",
                    "unknown_academic_year",
                    "StudentAcademicYearId \(id) is not known."
                )
            ]
        }
        var faults: [CommandFault] = []
        if let student = knownStudent, year.studentID != student {
            faults.append(
                .init(
                    "studentAcademicYearId",
                    "academic_year_of_other_student",
                    "StudentAcademicYearId \(id) is not an academic year of StudentId \(student)."
                )
            )
        }
        if let sequence = request.academicYearSequence, year.sequence != sequence {
            faults.append(
                .init(
                    "academicYearSequence",
                    "sequence_differs",
                    "AcademicYearSequence is \(sequence), but the Sequence of "
                        + "StudentAcademicYearId \(id) is \(year.sequence)."
                )
            )
        }
        return faults
    }

    private var moneyFaults: [CommandFault] {
        var faults: [CommandFault] = []
        if let id = request.bankAccountID { faults += bankFault(id).map { [$0] } ?? [] }
        if let id = request.fundSourceID, !references.fundSourceIsKnown {
            faults.append(
                .init("fundSourceId", "unknown_fund_source", "FundSourceId \(id) is not known.")
            )
        }
        return faults
    }

    private func bankFault(_ id: Int64) -> CommandFault? {
        guard let account = references.bankAccount else {
            return .init(
                "bankAccountId",
                "unknown_bank_account",
                "BankAccountId \(id) is not known."
            )
        }
        guard let period = references.enrollmentPeriod, period.campusID != account.campusID else {
            return nil
        }
        return .init(
            "bankAccountId",
            "bank_of_other_campus",
            "BankAccountId \(id) is of a bank of campus \(account.campusID), but the enrollment "
                + "period is at campus \(period.campusID)."
        )
    }

    private var accountFaults: [CommandFault] {
        guard let student = references.student else { return [] }
        var faults: [CommandFault] = []
        if student.accountIsInactive {
            faults.append(
                .init(
                    "studentId",
                    "account_inactive",
                    "Account \(student.accountID) of the student is inactive."
                )
            )
        }
        if let code = student.alertCode {
            faults.append(
                .init(
                    "studentId",
                    "account_alert",
                    "Account \(student.accountID) has alert code \(code), which blocks payments."
                )
            )
        }
        if let code = student.warningCode {
            faults.append(
                .init(
                    "studentId",
                    "account_warning",
                    "Account \(student.accountID) has warning code \(code).",
                    severity: .warning
                )
            )
        }
        return faults
    }

    private var termFaults: [CommandFault] {
        guard references.requiresTermCodes, !request.ignoresTermRequired, request.termID == nil,
            !request.faults.contains(where: { $0.property == "termId" })
        else { return [] }
        return [
            .init(
                "termId",
                "term_required",
                "TermId is required by the setting Require Term Codes, unless IgnoreTermRequired "
                    + "is 1."
            )
        ]
    }
}

extension PaymentRules {
    private var drawerFaults: [CommandFault] {
        // While the campus is not known, a mistyped property is still mistyped.
        guard let period = references.enrollmentPeriod else { return request.drawerFaults }
        guard period.isCashiering else { return [] }
        var faults = request.drawerFaults
        let properties = [
            ("cashDrawerId", request.cashDrawerID),
            ("cashDrawerSessionId", request.cashDrawerSessionID),
            ("cashierUserId", request.cashierUserID),
        ]
        for (name, value) in properties
        where value == nil && !faults.contains(where: { $0.property == name }) {
            faults.append(
                .init(
                    name,
                    "missing",
                    "\(PropertyReader.pascalCase(name)) is required: cashiering is on at campus "
                        + "\(period.campusID)."
                )
            )
        }
        if let id = request.cashierUserID, let fault = cashierFault(id) { faults.append(fault) }
        return faults
    }

    /// What is wrong with a cashier first of all; the rest follows from it.
    private func cashierFault(_ id: Int64) -> CommandFault? {
        let property = "cashierUserId"
        guard let cashier = people.cashier, cashier.isActive else {
            return .init(property, "unknown_cashier", "CashierUserId \(id) is no active user.")
        }
        guard cashier.isCashier else {
            return .init(
                property,
                "not_a_cashier",
                "CashierUserId \(id) is a user that is not set up as a cashier."
            )
        }
        guard people.caller?.userID == id || people.actsForOthers else {
            return .init(
                property,
                Self.anotherCashier,
                "CashierUserId \(id) is another user, and your role does not act for others."
            )
        }
        return nil
    }

    /// Every fault and warning of the request with what batch-service finds in the drawer.
    ///
    /// A session that is of another drawer has, of course, another cashier too: that is not told.
    package func faults(withDrawer found: [CommandFault]) -> [CommandFault] {
        let isOtherSession = found.contains { $0.code == "wrong_drawer" }
        return faults + found.filter { !isOtherSession || $0.code != "wrong_cashier" }
    }

    /// The cashier that the drawer's session is asked for; nil where the rules refuse it already.
    package var judgeableCashier: Int64? {
        request.cashierUserID.flatMap { cashierFault($0) == nil ? $0 : nil }
    }
}
