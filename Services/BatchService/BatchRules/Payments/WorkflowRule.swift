package import Identity

/// A rule of the PEA workflow: the batches whose total lies in its range need its approvers.
package struct WorkflowRule: Sendable, Equatable {
    /// Who may approve: a staff user by name, or whoever holds a role.
    package enum Approver: Sendable, Hashable {
        case user(ByteText)
        case role(ByteText)

        /// Reads `user:NAME` or `role:NAME`; nil for anything else.
        package init?(_ text: String) {
            if text.hasPrefix("user:"), text.utf8.count > 5 {
                self = .user(ByteText(String(text.dropFirst(5))))
            } else if text.hasPrefix("role:"), text.utf8.count > 5 {
                self = .role(ByteText(String(text.dropFirst(5))))
            } else {
                return nil
            }
        }

        package var text: String {
            switch self {
            case .user(let name): "user:" + name.string
            case .role(let name): "role:" + name.string
            }
        }
    }

    package var step: Int64
    /// Bounds of the batch's total in minor units, both inclusive; nil where there is none.
    package var minimum: Int64?
    package var maximum: Int64?
    /// Applies only where no other rule does.
    package var isCatchAll: Bool
    /// One approver of the list is enough; otherwise every one of them must approve.
    package var anyOfGroup: Bool
    package var approvers: [Approver]

    package init(
        step: Int64,
        minimum: Int64? = nil,
        maximum: Int64? = nil,
        isCatchAll: Bool = false,
        anyOfGroup: Bool = false,
        approvers: [Approver]
    ) {
        self.step = step
        self.minimum = minimum
        self.maximum = maximum
        self.isCatchAll = isCatchAll
        self.anyOfGroup = anyOfGroup
        self.approvers = approvers
    }

    /// The size of the total counts: a batch of reversals is below zero.
    func covers(_ total: Int64) -> Bool {
        let size = total.magnitude
        if let minimum, minimum > 0, size < minimum.magnitude { return false }
        if let maximum, maximum < 0 || size > maximum.magnitude { return false }
        return true
    }
}

/// An approval that was given, bound to what the batch held then.
package struct WorkflowApproval: Sendable, Equatable {
    package var step: Int64
    /// The entry of the rule's list that it fills.
    package var entry: WorkflowRule.Approver
    /// The account that gave it.
    package var account: String
    package var contentHash: [UInt8]

    package init(
        step: Int64,
        entry: WorkflowRule.Approver,
        account: String,
        contentHash: [UInt8]
    ) {
        self.step = step
        self.entry = entry
        self.account = account
        self.contentHash = contentHash
    }
}

/// Who asks to approve.
package struct WorkflowCaller: Sendable, Equatable {
    package var account: String
    /// Nil where no staff user signs in with the account.
    package var username: String?
    /// Empty where there is none.
    package var role: String

    package init(account: String, username: String?, role: String) {
        self.account = account
        self.username = username
        self.role = role
    }

    func fills(_ entry: WorkflowRule.Approver) -> Bool {
        switch entry {
        case .user(let name): username.map { ByteText($0) == name } ?? false
        case .role(let name): ByteText(role) == name && !role.isEmpty
        }
    }
}
