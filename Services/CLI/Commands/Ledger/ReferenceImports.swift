internal import ArgumentParser
internal import Identity
internal import Protocol

/// `bursar import` of what students, funds and payments refer to.
extension ImportCommand {
    struct GLPeriods: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "gl-periods",
            abstract: "Create or replace posting periods of the general ledger.",
            discussion: "Columns: year,period,first_day,last_day,closed."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.uploadReference("gl-periods") }
    }

    struct Campuses: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace campuses, each with cashiering on or off.",
            discussion: "Columns: campus_id,name,cashiering."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.uploadReference("campuses") }
    }

    struct Students: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace students and the accounts that they pay.",
            discussion: "Columns: student_id,account_id,name,campus_id."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.uploadReference("students") }
    }

    struct EnrollmentPeriods: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enrollment-periods",
            abstract: "Create or replace students' enrollment periods.",
            discussion: "Columns: student_enrollment_period_id,student_id,campus_id,name."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.uploadReference("enrollment-periods") }
    }

    struct AcademicYears: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "academic-years",
            abstract: "Create or replace students' academic years.",
            discussion: "Columns: student_academic_year_id,student_id,sequence."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.uploadReference("academic-years") }
    }

    struct FundSources: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fund-sources",
            abstract: "Create or replace fund sources.",
            discussion: "Columns: fund_source_id,name,kind (federal or non_federal)."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.uploadReference("fund-sources") }
    }

    struct Banks: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace banks, each of a campus.",
            discussion: "Columns: bank_id,campus_id,name."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.uploadReference("banks") }
    }

    struct BankAccounts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bank-accounts",
            abstract: "Create or replace bank accounts and their GL accounts.",
            discussion: "Columns: bank_account_id,bank_id,name,gl_account."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.uploadReference("bank-accounts") }
    }

    struct Drawers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace cash drawers.",
            discussion: "Columns: cash_drawer_id,name,campus_id,warning_amount,restrict_amount."
        )

        @OptionGroup var file: ImportFile

        func run() async throws {
            try await file.upload(to: PaymentMethods.importDrawers, of: .batch)
        }
    }

    struct Roles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace the roles of staff users.",
            discussion: """
                Columns: role,release_batch_status,batch_posting_level,deposit_number_policy,\
                overrides_gl_periods,acts_for_others,tasks (with | between them).
                """
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.upload(to: AuthMethods.importRoles, of: .auth) }
    }

    struct Users: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace staff users.",
            discussion: "Columns: user_id,username,account,role,department,cashier,active."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.upload(to: AuthMethods.importUsers, of: .auth) }
    }
}

extension ImportFile {
    fileprivate func uploadReference(_ kind: String) async throws {
        try await upload(to: StudentMethods.importReference, kind: kind)
    }
}
