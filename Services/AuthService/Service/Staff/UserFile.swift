internal import Identity
internal import Importing
internal import Protocol
internal import Storage

/// Reads files of staff users, and applies them.
enum UserFile {
    private static let columns = [
        ImportColumn(name: "user_id", isRequired: true),
        ImportColumn(name: "username", isRequired: true),
        ImportColumn(name: "account", isRequired: false),
        ImportColumn(name: "role", isRequired: false),
        ImportColumn(name: "department", isRequired: false),
        ImportColumn(name: "cashier", isRequired: false),
        ImportColumn(name: "active", isRequired: false),
    ]

    /// Creates or replaces the users of a file, or throws one error that names all its faults.
    static func apply(
        _ file: [UInt8],
        _ format: ImportFormat,
        _ transaction: WriteTransaction
    ) throws -> ImportChanges<StaffUser> {
        let table = file.withUnsafeBytes { ImportTable($0, format: format, columns: columns) }
        let rows = table.rows.map { RowReader($0, columns: columns) }
        let held = try StaffTables.users(transaction)
        var check = UserCheck(
            roles: try StaffTables.roles(transaction),
            users: held,
            replaced: Set(
                rows.compactMap { row in
                    var row = row
                    return row.integer("user_id")
                }
            )
        )
        var users: [StaffUser] = []
        var faults = table.faults
        for var row in rows {
            users.append(check.read(&row))
            faults += row.faults
        }
        guard faults.isEmpty else { throw ImportFault.error(faults) }
        let heldByID = Dictionary(
            held.map { ($0.userID, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let changed = users.filter { heldByID[$0.userID] != $0 }
        try StaffTables.store(changed, transaction)
        var changes = ImportChanges<StaffUser>(count: users.count)
        for user in changed { try changes.note(before: heldByID[user.userID], after: user) }
        return changes
    }
}

/// Judges users one after the other, each against the store and the rows before it.
private struct UserCheck {
    /// Who holds a name or an account.
    private enum Holder {
        case row
        case user(Int64)
    }

    private let roles: [ByteText: StaffRole]
    private var numbers: Set<Int64> = []
    private var usernames: [ByteText: Holder] = [:]
    private var accounts: [ByteText: Holder] = [:]

    /// - Parameters:
    ///   - roles: those of the store.
    ///   - users: those of the store.
    ///   - replaced: the numbers of the file: what such a user has held is free.
    init(roles: [StaffRole], users: [StaffUser], replaced: Set<Int64>) {
        self.roles = Dictionary(
            roles.map { (ByteText($0.name), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for user in users where !replaced.contains(user.userID) {
            usernames[user.username] = .user(user.userID)
            accounts[user.account] = .user(user.userID)
        }
    }

    /// The user of a row; of use only where the row has no fault.
    mutating func read(_ row: inout RowReader) -> StaffUser {
        let userID = row.integer("user_id", required: true)
        if let userID, !numbers.insert(userID).inserted {
            row.fail("user_id", "repeated", "user_id stands twice in the file.")
        }
        let username = row.name("username", required: true)
        if let username { Self.take(username, "username", &usernames, &row) }
        return StaffUser(
            userID: userID ?? 0,
            username: username ?? "",
            account: account(&row),
            role: role(&row),
            department: row.name("department") ?? "",
            isCashier: row.truth("cashier", absent: false) ?? false,
            isActive: row.truth("active", absent: true) ?? true
        )
    }

    private mutating func account(_ row: inout RowReader) -> String {
        guard let account = row.text("account") else { return "" }
        if let fault = Names.accountFault(account) {
            row.fail("account", fault.code, fault.message)
        } else {
            Self.take(account, "account", &accounts, &row)
        }
        return account
    }

    private func role(_ row: inout RowReader) -> String {
        guard let name = row.text("role") else { return "" }
        guard roles[name] != nil else {
            row.fail("role", "unknown_role", "There is no such role; import it first.")
            return ""
        }
        return name
    }

    private static func take(
        _ value: String,
        _ column: String,
        _ holders: inout [ByteText: Holder],
        _ row: inout RowReader
    ) {
        switch holders[value] {
        case nil:
            holders[value] = .row
        case .row:
            row.fail(column, "repeated", "\(column) stands twice in the file.")
        case .user(let holder):
            row.fail(
                column,
                "taken",
                "User \(holder) has this \(column); choose another, or change that user in the "
                    + "same file."
            )
        }
    }
}
