import Bookkeeping
import Importing
import LedgerRules
import Protocol
import ServiceRuntime
import ServiceStore
import Storage

extension Ledger {
    /// Creates or replaces reference data, all rows of a file or none, with their audit event.
    ///
    /// - Throws: `RPCError` that names every fault of the file with its place: those of its text
    ///   and those of rows that name what is not held.
    func importReference(
        _ file: ReferenceFile,
        _ table: ReferenceTable,
        audit: ImportAudit
    ) async throws -> ImportResult {
        let now = Timestamps.now()
        return try await write { transaction, books in
            let plan = ReferenceImport(table: table, file: file)
            let changes = try plan.write(in: transaction)
            try audit.add(changes, at: now, in: transaction)
            try plan.addGLAccounts(books, in: transaction)
            return changes.result
        }
    }
}

/// One file on the writer: checked against what is held, then written.
struct ReferenceImport {
    let table: ReferenceTable
    let file: ReferenceFile

    func write(in transaction: WriteTransaction) throws -> ImportChanges<ReferenceRow> {
        var faults = file.faults
        for record in file.records { faults += try self.faults(of: record, in: transaction) }
        faults += repeatedFaults
        guard faults.isEmpty else { throw ImportFault.error(faults.inOrder) }
        var changes = ImportChanges<ReferenceRow>(count: file.records.count)
        for record in file.records {
            let held = try held(record, in: transaction)
            guard held != record.values else { continue }
            try write(record, isNew: held == nil, in: transaction)
            try changes.note(
                before: held.map { ReferenceRow(table: table, values: $0) },
                after: ReferenceRow(table: table, values: record.values)
            )
        }
        return changes
    }
}

// MARK: - Checking

extension ReferenceImport {
    private func faults(
        of record: ReferenceRecord,
        in transaction: ReadTransaction
    ) throws -> [ImportFault] {
        var faults: [ImportFault] = []
        for (column, value) in zip(table.columns, record.values) {
            if let referenced = column.references,
                try !holds("SELECT 1 FROM \(referenced) WHERE id = ?1", [value], in: transaction)
            {
                faults.append(
                    ImportFault(
                        record.place(of: column.name),
                        "unknown_\(referenced)",
                        "\(column.name) names none that is held: import it first."
                    )
                )
            }
        }
        if table.table == "student" {
            faults += try studentFaults(record, in: transaction)
        }
        if table.table == "student_academic_year" {
            faults += try sequenceFaults(record, in: transaction)
        }
        return faults
    }

    /// A student's account is there, is nobody else's, and stays once payments are on it.
    private func studentFaults(
        _ record: ReferenceRecord,
        in transaction: ReadTransaction
    ) throws -> [ImportFault] {
        let place = record.place(of: "account_id")
        let pair = [record.values[0], record.values[1]]
        let exists = try holds(
            "SELECT 1 FROM account WHERE account_id = ?1",
            [record.values[1]],
            in: transaction
        )
        guard exists else {
            return [
                ImportFault(
                    place,
                    "unknown_account",
                    "account_id names no account that is held: import it first."
                )
            ]
        }
        var faults: [ImportFault] = []
        let isTaken = try holds(
            "SELECT 1 FROM student WHERE account_id = ?2 AND id <> ?1",
            pair,
            in: transaction
        )
        if isTaken {
            faults.append(
                ImportFault(place, "account_taken", "account_id is the account of another student.")
            )
        }
        let isMoved = try holds(
            """
            SELECT 1 FROM student WHERE id = ?1 AND account_id <> ?2
            AND EXISTS (SELECT 1 FROM student_transaction WHERE student_id = ?1)
            """,
            pair,
            in: transaction
        )
        if isMoved {
            faults.append(
                ImportFault(
                    place,
                    "account_in_use",
                    "The student has payments on another account: account_id cannot change."
                )
            )
        }
        return faults
    }

    private func sequenceFaults(
        _ record: ReferenceRecord,
        in transaction: ReadTransaction
    ) throws -> [ImportFault] {
        let isTaken = try holds(
            """
            SELECT 1 FROM student_academic_year
            WHERE id <> ?1 AND student_id = ?2 AND sequence = ?3
            """,
            record.values,
            in: transaction
        )
        guard isTaken else { return [] }
        return [
            ImportFault(
                record.place(of: "sequence"),
                "sequence_taken",
                "Another academic year of the student has this sequence."
            )
        ]
    }

    /// Rows of the file that are at odds with each other beside their ids.
    private var repeatedFaults: [ImportFault] {
        let unique: [Int]
        switch table.table {
        case "student": unique = [1]
        case "student_academic_year": unique = [1, 2]
        default: return []
        }
        var seen: Set<[SQLValue]> = []
        return file.records.compactMap { record in
            guard !seen.insert(unique.map { record.values[$0] }).inserted else { return nil }
            let names = unique.map { table.columns[$0].name }.joined(separator: " and ")
            return ImportFault(
                record.place(of: table.columns[unique[0]].name),
                "repeated",
                "\(names) stands twice in the file."
            )
        }
    }

    private func holds(
        _ sql: String,
        _ values: [SQLValue],
        in transaction: ReadTransaction
    ) throws -> Bool {
        try transaction.first(sql, values) { _ in true } ?? false
    }
}

// MARK: - Writing

extension ReferenceImport {
    private var fields: [String] { table.columns.map(\.field) }

    /// What is held under the id of a record.
    private func held(
        _ record: ReferenceRecord,
        in transaction: ReadTransaction
    ) throws -> [SQLValue]? {
        try transaction.first(
            "SELECT \(fields.joined(separator: ", ")) FROM \(table.table) WHERE id = ?1",
            [record.values[0]]
        ) { row in fields.indices.map { row.value(Int32($0)) } }
    }

    private func write(
        _ record: ReferenceRecord,
        isNew: Bool,
        in transaction: WriteTransaction
    ) throws {
        if isNew {
            let places = fields.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
            try transaction.execute(
                "INSERT INTO \(table.table)(\(fields.joined(separator: ", "))) VALUES(\(places))",
                record.values
            )
            return
        }
        let changes = fields.indices.dropFirst().map { "\(fields[$0]) = ?\($0 + 1)" }
        try transaction.execute(
            "UPDATE \(table.table) SET \(changes.joined(separator: ", ")) WHERE id = ?1",
            record.values
        )
    }
}

extension ReferenceImport {
    /// Makes the GL accounts that bank accounts name and that are new; the last step of an import.
    fileprivate func addGLAccounts(_ books: Books, in transaction: WriteTransaction) throws {
        guard let place = table.columns.firstIndex(where: { $0.content == .glAccount }) else {
            return
        }
        var accounts = NewGLAccounts(books)
        for record in file.records {
            guard case .text(let name) = record.values[place] else { continue }
            try accounts.number(of: name, in: transaction)
        }
        accounts.apply()
    }
}

extension [ImportFault] {
    /// In the order in which they stand in a text; faults of JSON stay as they are.
    fileprivate var inOrder: [ImportFault] {
        enumerated().sorted { $0.element.place.key($0.offset) < $1.element.place.key($1.offset) }
            .map(\.element)
    }
}

extension ImportPlace {
    /// What orders faults: line, column, then the order in which they were found.
    fileprivate func key(_ offset: Int) -> (Int, Int, Int) {
        switch self {
        case .text(let line, let column): (line, column, offset)
        case .pointer: (0, 0, offset)
        }
    }
}
