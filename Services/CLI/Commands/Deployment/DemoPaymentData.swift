internal import Identity
internal import JSON
internal import Protocol

/// The demo data of payments: every id of the sample command of seed 002 (contract 3b), and a second
/// campus without cashiering.
enum DemoPaymentData {
    /// A file of an import, and its kind where a method takes several.
    struct File: Sendable {
        let kind: String
        let csv: String
    }

    /// Of `bursar demo payments`; they are no students', so that no report of students has them.
    static let payers = ["50092", "50093"]

    static let accounts =
        ["50090", "50091"].map { (id: $0, name: "Demo student \($0)") }
        + payers.map { (id: $0, name: "Demo payer \($0)") }

    static func accountFile(_ accounts: [(id: String, name: String)]) -> [UInt8] {
        let rows = accounts.map { "\($0.id),\($0.name),false,,\n" }
        return Array(("account_id,name,inactive,alert_code,warning_code\n" + rows.joined()).utf8)
    }

    /// In the order in which one refers to another.
    static let reference = [
        File(
            kind: "campuses",
            csv: """
                campus_id,name,cashiering
                5,Main Campus,true
                6,North Campus,false

                """
        ),
        File(
            kind: "students",
            csv: """
                student_id,account_id,name,campus_id
                50090,50090,Demo student 50090,5
                50091,50091,Demo student 50091,6

                """
        ),
        File(
            kind: "enrollment-periods",
            csv: """
                student_enrollment_period_id,student_id,campus_id,name
                264,50090,5,Fall 2024
                265,50091,6,Fall 2024

                """
        ),
        File(
            kind: "academic-years",
            csv: """
                student_academic_year_id,student_id,sequence
                719,50090,2
                720,50091,1

                """
        ),
        File(
            kind: "fund-sources",
            csv: """
                fund_source_id,name,kind
                11,Student Payment,non_federal
                12,Federal Direct Loan,federal
                13,Federal Pell Grant,federal

                """
        ),
        File(
            kind: "banks",
            csv: """
                bank_id,campus_id,name
                1,5,Main Campus Bank
                2,6,North Campus Bank

                """
        ),
        File(
            kind: "bank-accounts",
            csv: """
                bank_account_id,bank_id,name,gl_account
                1,1,Main Campus Operating,1000-0001
                2,2,North Campus Operating,1000-0002

                """
        ),
    ]

    /// Imported last: where it is there, everything of posting-service is.
    static let lastDetailCode = "NSF1"

    static let detailCodes = """
        detail_code,description,type,gl_account,active,subsystem
        NSF1,Returned check fee,charge,4100-0900,true,SA

        """

    struct Role: Sendable {
        let name: String
        let line: String
    }

    static let roleColumns =
        "role,release_batch_status,batch_posting_level,deposit_number_policy,"
        + "overrides_gl_periods,acts_for_others,tasks"

    static let roles: [Role] = {
        let tasks = NamedTask.all.map(\.rawValue).joined(separator: "|")
        return [
            Role(
                name: "AR Clerk",
                line: "AR Clerk,In Review,Own,Not Required,false,false,\(tasks)"
            ),
            Role(
                name: "AR Reviewer",
                line: "AR Reviewer,Released,All,Not Required,true,true,\(tasks)"
            ),
        ]
    }()

    struct User: Sendable {
        let id: Int
        let username: String
        let account: String
        let role: String
        let isCashier: Bool

        var line: String { "\(id),\(username),\(account),\(role),Bursar,\(isCashier),true" }
    }

    static let userColumns = "user_id,username,account,role,department,cashier,active"

    static let cashier = User(
        id: 3186,
        username: "cashier1",
        account: "system-xyz",
        role: "AR Clerk",
        isCashier: true
    )

    static let users = [
        cashier,
        User(
            id: 3187,
            username: "reviewer1",
            account: "system-abc",
            role: "AR Reviewer",
            isCashier: false
        ),
    ]

    static let settings: [(name: String, value: JSONNode)] = [
        ("nsf_detail_code", .string(lastDetailCode)), ("nsf_charge_amount", .number("25.00")),
    ]

    static let drawer = 15
    static let session = 20

    static let drawers = """
        cash_drawer_id,name,campus_id,warning_amount,restrict_amount
        15,Vendor drawer,5,40000.00,50000.00

        """
}
