internal import ArgumentParser
internal import Protocol

/// A kind of reference data that posting-service imports: the word of its method and of its command.
protocol ReferenceKind {
    static var word: String { get }
    static var abstract: String { get }
    static var columns: String { get }
}

/// `bursar import KIND` for one kind of what students, funds and payments refer to.
struct ReferenceImport<Kind: ReferenceKind>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Kind.word,
            abstract: Kind.abstract,
            discussion: "Columns: \(Kind.columns)."
        )
    }

    @OptionGroup var file: ImportFile

    func run() async throws {
        try await file.upload(to: LedgerPaymentMethods.importReference, kind: Kind.word)
    }
}

extension ImportCommand {
    typealias GLPeriods = ReferenceImport<GLPeriodKind>
    typealias Campuses = ReferenceImport<CampusKind>
    typealias Students = ReferenceImport<StudentKind>
    typealias EnrollmentPeriods = ReferenceImport<EnrollmentPeriodKind>
    typealias AcademicYears = ReferenceImport<AcademicYearKind>
    typealias FundSources = ReferenceImport<FundSourceKind>
    typealias Banks = ReferenceImport<BankKind>
    typealias BankAccounts = ReferenceImport<BankAccountKind>
}

enum GLPeriodKind: ReferenceKind {
    static let word = "gl-periods"
    static let abstract = "Create or replace posting periods of the general ledger."
    static let columns = "year,period,first_day,last_day,closed"
}

enum CampusKind: ReferenceKind {
    static let word = "campuses"
    static let abstract = "Create or replace campuses, each with cashiering on or off."
    static let columns = "campus_id,name,cashiering"
}

enum StudentKind: ReferenceKind {
    static let word = "students"
    static let abstract = "Create or replace students and the accounts that they pay."
    static let columns = "student_id,account_id,name,campus_id"
}

enum EnrollmentPeriodKind: ReferenceKind {
    static let word = "enrollment-periods"
    static let abstract = "Create or replace students' enrollment periods."
    static let columns = "student_enrollment_period_id,student_id,campus_id,name"
}

enum AcademicYearKind: ReferenceKind {
    static let word = "academic-years"
    static let abstract = "Create or replace students' academic years."
    static let columns = "student_academic_year_id,student_id,sequence"
}

enum FundSourceKind: ReferenceKind {
    static let word = "fund-sources"
    static let abstract = "Create or replace fund sources."
    static let columns = "fund_source_id,name,kind (federal or non_federal)"
}

enum BankKind: ReferenceKind {
    static let word = "banks"
    static let abstract = "Create or replace banks, each of a campus."
    static let columns = "bank_id,campus_id,name"
}

enum BankAccountKind: ReferenceKind {
    static let word = "bank-accounts"
    static let abstract = "Create or replace bank accounts and their GL accounts."
    static let columns = "bank_account_id,bank_id,name,gl_account"
}
