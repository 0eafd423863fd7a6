package import Identity

/// The active staff users with their roles, found by whatever a service knows them by.
package struct StaffDirectory: Sendable {
    package typealias Member = (user: StaffUser, role: StaffRole)

    private var members: [Member] = []
    /// Places in `members`.
    private var byUserID: [Int64: Int] = [:]
    private var byUsername: [ByteText: Int] = [:]
    private var byAccount: [ByteText: Int] = [:]

    /// Inactive users are left out; one whose role is not among `roles` has none.
    package init(users: [StaffUser] = [], roles: [StaffRole] = []) {
        let rolesByName = Dictionary(
            roles.map { (ByteText($0.name), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for user in users where user.isActive {
            let place = members.count
            members.append((user, rolesByName[user.role] ?? .none))
            byUserID[user.userID] = place
            byUsername[user.username] = place
            if !user.account.isEmpty { byAccount[user.account] = place }
        }
    }

    package func member(userID: Int64) -> Member? { byUserID[userID].map { members[$0] } }

    /// The case of letters counts.
    package func member(username: String) -> Member? { byUsername[username].map { members[$0] } }

    package func member(account: String) -> Member? { byAccount[account].map { members[$0] } }
}
