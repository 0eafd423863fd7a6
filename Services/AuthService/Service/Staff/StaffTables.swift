internal import Identity
internal import Storage

/// The rows of roles and staff users.
enum StaffTables {
    /// By name.
    static func roles(_ transaction: ReadTransaction) throws -> [StaffRole] {
        var held: [ByteText: Set<NamedTask>] = [:]
        try transaction.rows("SELECT role, task FROM role_task") { rows in
            held[rows.string(0), default: []].insert(NamedTask(rawValue: rows.string(1)))
        }
        var roles: [StaffRole] = []
        try transaction.rows(
            """
            SELECT name, release_batch_status, batch_posting_level, deposit_number_policy,
                overrides_gl_periods, acts_for_others
            FROM role ORDER BY name
            """
        ) { rows in
            let name = rows.string(0)
            let status = rows.isNull(1) ? nil : ReleaseBatchStatus(rawValue: rows.string(1))
            guard status != nil || rows.isNull(1),
                let level = BatchPostingLevel(rawValue: rows.string(2)),
                let policy = DepositNumberPolicy(rawValue: rows.string(3))
            else { throw DirectoryFault.unknownRoleValue(role: name) }
            let tasks = held[name] ?? []
            roles.append(
                StaffRole(
                    name: name,
                    releaseBatchStatus: status,
                    postingLevel: level,
                    depositNumbers: policy,
                    overridesGLPeriods: rows.int64(4) == 1,
                    actsForOthers: rows.int64(5) == 1,
                    tasks: NamedTask.all.filter(tasks.contains)
                )
            )
        }
        return roles
    }

    /// By number.
    static func users(_ transaction: ReadTransaction) throws -> [StaffUser] {
        var users: [StaffUser] = []
        try transaction.rows(
            """
            SELECT user_id, username, account, role, department, cashier, active
            FROM staff_user ORDER BY user_id
            """
        ) { rows in
            users.append(
                StaffUser(
                    userID: rows.int64(0),
                    username: rows.string(1),
                    account: rows.string(2),
                    role: rows.isNull(3) ? "" : rows.string(3),
                    department: rows.string(4),
                    isCashier: rows.int64(5) == 1,
                    isActive: rows.int64(6) == 1
                )
            )
        }
        return users
    }

    static func store(_ role: StaffRole, _ transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO role (name, release_batch_status, batch_posting_level,
                deposit_number_policy, overrides_gl_periods, acts_for_others)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (name) DO UPDATE
            SET release_batch_status = excluded.release_batch_status,
                batch_posting_level = excluded.batch_posting_level,
                deposit_number_policy = excluded.deposit_number_policy,
                overrides_gl_periods = excluded.overrides_gl_periods,
                acts_for_others = excluded.acts_for_others
            """,
            [
                .text(role.name), role.releaseBatchStatus.map { .text($0.rawValue) } ?? .null,
                .text(role.postingLevel.rawValue), .text(role.depositNumbers.rawValue),
                .integer(role.overridesGLPeriods ? 1 : 0), .integer(role.actsForOthers ? 1 : 0),
            ]
        )
        try transaction.execute("DELETE FROM role_task WHERE role = ?1", [.text(role.name)])
        for task in role.tasks {
            try transaction.execute(
                "INSERT INTO role_task (role, task) VALUES (?1, ?2)",
                [.text(role.name), .text(task.rawValue)]
            )
        }
    }

    /// Stores users new or anew, all at once: two of them may change names or accounts.
    static func store(_ users: [StaffUser], _ transaction: WriteTransaction) throws {
        for user in users {
            try transaction.execute(
                "DELETE FROM staff_user WHERE user_id = ?1",
                [.integer(user.userID)]
            )
        }
        for user in users {
            try transaction.execute(
                """
                INSERT INTO staff_user (user_id, username, account, role, department, cashier, active)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                [
                    .integer(user.userID), .text(user.username), .text(user.account),
                    user.role.isEmpty ? .null : .text(user.role), .text(user.department),
                    .integer(user.isCashier ? 1 : 0), .integer(user.isActive ? 1 : 0),
                ]
            )
        }
    }
}
