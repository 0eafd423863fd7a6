internal import Identity
internal import Importing
internal import Protocol
internal import Storage

/// Reads files of roles, and applies them.
enum RoleFile {
    private static let columns = [
        ImportColumn(name: "role", isRequired: true),
        ImportColumn(name: "release_batch_status", isRequired: false),
        ImportColumn(name: "batch_posting_level", isRequired: false),
        ImportColumn(name: "deposit_number_policy", isRequired: false),
        ImportColumn(name: "overrides_gl_periods", isRequired: false),
        ImportColumn(name: "acts_for_others", isRequired: false),
        ImportColumn(name: "tasks", isRequired: false),
    ]
    /// Between the names of tasks.
    private static let separator: Character = "|"

    /// Creates or replaces the roles of a file, or throws one error that names all its faults.
    static func apply(
        _ file: [UInt8],
        _ format: ImportFormat,
        _ transaction: WriteTransaction
    ) throws -> ImportChanges<StaffRole> {
        let (records, faults) = ImportTable.records(
            file,
            format: format,
            columns: columns,
            key: ("role", \.name),
            read
        )
        guard faults.isEmpty else { throw ImportFault.error(faults) }
        let held = Dictionary(
            try StaffTables.roles(transaction).map { (ByteText($0.name), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var changes = ImportChanges<StaffRole>(count: records.count)
        for role in records.map(\.record) where held[role.name] != role {
            try StaffTables.store(role, transaction)
            try changes.note(before: held[role.name], after: role)
        }
        return changes
    }

    private static func read(_ row: inout RowReader) -> StaffRole? {
        let name = row.name("role", required: true)
        let role = StaffRole(
            name: name ?? "",
            releaseBatchStatus: row.word("release_batch_status"),
            postingLevel: row.word("batch_posting_level") ?? .own,
            depositNumbers: row.word("deposit_number_policy") ?? .notRequired,
            overridesGLPeriods: row.truth("overrides_gl_periods", absent: false) ?? false,
            actsForOthers: row.truth("acts_for_others", absent: false) ?? false,
            tasks: tasks(&row)
        )
        // A row with another fault still holds its name against a later one.
        return name == nil ? nil : role
    }

    private static func tasks(_ row: inout RowReader) -> [NamedTask] {
        guard let text = row.text("tasks") else { return [] }
        var named: Set<NamedTask> = []
        for piece in text.split(separator: separator, omittingEmptySubsequences: false) {
            let words = piece.split(separator: " ").joined(separator: " ").lowercased()
            let task = NamedTask.all.first { $0.rawValue.lowercased() == words }
            if let task {
                named.insert(task)
            } else {
                let known = NamedTask.all.map(\.rawValue).joined(separator: "; ")
                row.fail(
                    "tasks",
                    "unknown_task",
                    "There is no task '\(piece)'. Separate tasks by '\(separator)'; they are: \(known)."
                )
            }
        }
        return NamedTask.all.filter(named.contains)
    }
}
