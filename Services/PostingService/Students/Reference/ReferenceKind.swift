import Importing

/// What `posting.reference.import` takes, by the word of its `kind`.
///
/// Kinds of students are tables of rows with an id; `gl-periods` are the general ledger's own.
enum ReferenceKind: String, CaseIterable {
    case campuses
    case students
    case enrollmentPeriods = "enrollment-periods"
    case academicYears = "academic-years"
    case fundSources = "fund-sources"
    case banks
    case bankAccounts = "bank-accounts"
    case glPeriods = "gl-periods"
}

/// A table of reference data as an import fills it; its first column is the id.
struct ReferenceTable {
    struct Column {
        enum Content {
            case number
            case text
            case truth
            case fundSourceKind
            case account
            case glAccount
        }

        var name: String
        /// In the store.
        var field: String
        var content: Content
        var isRequired = true
        /// The table whose ids the values are.
        var references: String?
    }

    var table: String
    var columns: [Column]

    var importColumns: [ImportColumn] {
        columns.map { ImportColumn(name: $0.name, isRequired: $0.isRequired) }
    }
}

extension ReferenceTable {
    /// The table of a kind; nil for `gl-periods`.
    init?(_ kind: ReferenceKind) {
        switch kind {
        case .campuses: self = Self.campuses
        case .students: self = Self.students
        case .enrollmentPeriods: self = Self.enrollmentPeriods
        case .academicYears: self = Self.academicYears
        case .fundSources: self = Self.fundSources
        case .banks: self = Self.banks
        case .bankAccounts: self = Self.bankAccounts
        case .glPeriods: return nil
        }
    }

    private static let campuses = ReferenceTable(
        table: "campus",
        columns: [
            Column(name: "campus_id", field: "id", content: .number),
            Column(name: "name", field: "name", content: .text),
            Column(name: "cashiering", field: "cashiering", content: .truth),
        ]
    )
    private static let students = ReferenceTable(
        table: "student",
        columns: [
            Column(name: "student_id", field: "id", content: .number),
            Column(name: "account_id", field: "account_id", content: .account),
            Column(name: "name", field: "name", content: .text),
            Column(
                name: "campus_id",
                field: "campus_id",
                content: .number,
                references: "campus"
            ),
        ]
    )
    private static let enrollmentPeriods = ReferenceTable(
        table: "enrollment_period",
        columns: [
            Column(name: "student_enrollment_period_id", field: "id", content: .number),
            Column(
                name: "student_id",
                field: "student_id",
                content: .number,
                references: "student"
            ),
            Column(
                name: "campus_id",
                field: "campus_id",
                content: .number,
                references: "campus"
            ),
            Column(name: "name", field: "name", content: .text, isRequired: false),
        ]
    )
    private static let academicYears = ReferenceTable(
        table: "student_academic_year",
        columns: [
            Column(name: "student_academic_year_id", field: "id", content: .number),
            Column(
                name: "student_id",
                field: "student_id",
                content: .number,
                references: "student"
            ),
            Column(name: "sequence", field: "sequence", content: .number),
        ]
    )
    private static let fundSources = ReferenceTable(
        table: "fund_source",
        columns: [
            Column(name: "fund_source_id", field: "id", content: .number),
            Column(name: "name", field: "name", content: .text),
            Column(name: "kind", field: "kind", content: .fundSourceKind),
        ]
    )
    private static let banks = ReferenceTable(
        table: "bank",
        columns: [
            Column(name: "bank_id", field: "id", content: .number),
            Column(
                name: "campus_id",
                field: "campus_id",
                content: .number,
                references: "campus"
            ),
            Column(name: "name", field: "name", content: .text),
        ]
    )
    private static let bankAccounts = ReferenceTable(
        table: "bank_account",
        columns: [
            Column(name: "bank_account_id", field: "id", content: .number),
            Column(name: "bank_id", field: "bank_id", content: .number, references: "bank"),
            Column(name: "name", field: "name", content: .text),
            Column(name: "gl_account", field: "gl_account", content: .glAccount),
        ]
    )
}
