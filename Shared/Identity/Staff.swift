/// Where a batch that its clerk closes goes, by the clerk's role (contract S0-13, S0-15, A0-6).
package enum ReleaseBatchStatus: String, Sendable, Hashable, CaseIterable, Codable {
    case released = "Released"
    case inReview = "In Review"
    case approved = "Approved"
}

/// Whose batches a person may post, by role (contract 1b, "Batch posting permission level").
package enum BatchPostingLevel: String, Sendable, Hashable, CaseIterable, Codable {
    case own = "Own"
    case department = "Department"
    case all = "All"
}

/// When a payment batch must have a deposit number (contract 1b, "Deposit numbers").
package enum DepositNumberPolicy: String, Sendable, Hashable, CaseIterable, Codable {
    case alwaysRequired = "Always Required"
    case requiredOnPost = "Required on Post"
    case notRequired = "Not Required"
}

/// A task of the Security Console, which opens command operations to who holds it (contract S2-23).
package struct NamedTask: Hashable, Sendable, RawRepresentable, Codable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let newTransaction = NamedTask(
        rawValue: "Student Accounts - Student Account Transaction - New"
    )
    package static let editTransaction = NamedTask(
        rawValue: "Student Accounts - Student Account Transaction - Edit"
    )

    /// Every task that a role can hold, in the order in which they are listed to people.
    package static let all: [NamedTask] = [.newTransaction, .editTransaction]
}

/// What a role lets its holders do beside their scopes (design 1.4).
package struct StaffRole: Sendable, Hashable, Codable {
    package var name: String
    /// Nil acts as In Review.
    package var releaseBatchStatus: ReleaseBatchStatus?
    package var postingLevel: BatchPostingLevel
    package var depositNumbers: DepositNumberPolicy
    /// May post into a closed GL period.
    package var overridesGLPeriods: Bool
    /// May name another cashier than oneself in an unscheduled payment (contract A2-10).
    package var actsForOthers: Bool
    package var tasks: [NamedTask]

    package init(
        name: String,
        releaseBatchStatus: ReleaseBatchStatus? = nil,
        postingLevel: BatchPostingLevel = .own,
        depositNumbers: DepositNumberPolicy = .notRequired,
        overridesGLPeriods: Bool = false,
        actsForOthers: Bool = false,
        tasks: [NamedTask] = []
    ) {
        self.name = name
        self.releaseBatchStatus = releaseBatchStatus
        self.postingLevel = postingLevel
        self.depositNumbers = depositNumbers
        self.overridesGLPeriods = overridesGLPeriods
        self.actsForOthers = actsForOthers
        self.tasks = tasks
    }

    /// What an account without a role may do: nothing beyond its own batches.
    package static let none = StaffRole(name: "")

    private enum CodingKeys: String, CodingKey {
        case name = "role"
        case releaseBatchStatus = "release_batch_status"
        case postingLevel = "batch_posting_level"
        case depositNumbers = "deposit_number_policy"
        case overridesGLPeriods = "overrides_gl_periods"
        case actsForOthers = "acts_for_others"
        case tasks
    }

    /// Every key stands there, so that a reader need not tell absent from unknown.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(releaseBatchStatus, forKey: .releaseBatchStatus)
        try container.encode(postingLevel, forKey: .postingLevel)
        try container.encode(depositNumbers, forKey: .depositNumbers)
        try container.encode(overridesGLPeriods, forKey: .overridesGLPeriods)
        try container.encode(actsForOthers, forKey: .actsForOthers)
        try container.encode(tasks, forKey: .tasks)
    }
}

/// A person or station that works with payments, tied to the service account it signs in with.
package struct StaffUser: Sendable, Hashable, Codable {
    package var userID: Int64
    package var username: String
    /// The service account whose keys are this user's; empty where there is none.
    package var account: String
    package var role: String
    package var department: String
    package var isCashier: Bool
    package var isActive: Bool

    package init(
        userID: Int64,
        username: String,
        account: String,
        role: String,
        department: String,
        isCashier: Bool,
        isActive: Bool
    ) {
        self.userID = userID
        self.username = username
        self.account = account
        self.role = role
        self.department = department
        self.isCashier = isCashier
        self.isActive = isActive
    }

    /// By bytes, as a store compares: another spelling of a name is another name.
    package static func == (one: StaffUser, other: StaffUser) -> Bool {
        one.userID == other.userID && one.texts == other.texts
            && one.isCashier == other.isCashier && one.isActive == other.isActive
    }

    private var texts: [ByteText] { [username, account, role, department].map { ByteText($0) } }

    private enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case username, account, role, department
        case isCashier = "cashier"
        case isActive = "active"
    }
}
