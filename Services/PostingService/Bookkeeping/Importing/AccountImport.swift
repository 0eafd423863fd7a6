import Identity
import Importing
import LedgerRules
package import Protocol
import ServiceRuntime
package import ServiceStore
import Storage

/// An account as an import gives it.
package struct AccountRecord: Equatable, Sendable {
    var accountID: String
    var name: String
    var inactive: Bool
    var alertCode: String?
    var warningCode: String?

    static let columns = [
        ImportColumn(name: "account_id", isRequired: true),
        ImportColumn(name: "name", isRequired: true),
        ImportColumn(name: "inactive", isRequired: false),
        ImportColumn(name: "alert_code", isRequired: false),
        ImportColumn(name: "warning_code", isRequired: false),
    ]

    init?(_ row: ImportTable.Row, _ faults: inout [ImportFault]) {
        let values = row.values
        guard
            let id = values[0].checked(by: ReferenceRules.accountID, &faults),
            let name = values[1].checked(by: ReferenceRules.name, &faults),
            let inactive = values[2].checked(
                by: { text throws(ReferenceFault) in
                    try ReferenceRules.truth(text, absent: false)
                },
                &faults
            ),
            let alert = values[3].checked(by: ReferenceRules.optionalCode, &faults),
            let warning = values[4].checked(by: ReferenceRules.optionalCode, &faults)
        else { return nil }
        accountID = id
        self.name = name
        self.inactive = inactive
        alertCode = alert
        warningCode = warning
    }
}

extension ImportTable.Value {
    /// The value that a rule makes of the text; nil, and a fault more, where it refuses.
    func checked<T>(
        by rule: (String) throws(ReferenceFault) -> T,
        _ faults: inout [ImportFault]
    ) -> T? {
        do {
            return try rule(text)
        } catch {
            faults.append(ImportFault(place, error.rawValue, error.message))
            return nil
        }
    }
}

/// As audit events tell it.
extension AccountRecord: Encodable {
    private enum CodingKeys: String, CodingKey {
        case accountID = "account_id"
        case name, inactive
        case alertCode = "alert_code"
        case warningCode = "warning_code"
    }

    fileprivate init(_ view: AccountView) {
        accountID = view.accountID
        name = view.name
        inactive = view.inactive
        alertCode = view.alertCode
        warningCode = view.warningCode
    }

    /// Whether nothing changes: texts are compared by their bytes.
    fileprivate func isSame(as other: AccountRecord) -> Bool {
        func texts(_ record: AccountRecord) -> [ByteText?] {
            [record.name, record.alertCode, record.warningCode].map { $0.map { ByteText($0) } }
        }
        return texts(self) == texts(other) && inactive == other.inactive
    }
}

extension Ledger {
    /// Creates or replaces accounts, all of them or none, with their audit event; balances stay as
    /// they are.
    package func importAccounts(
        _ records: [AccountRecord],
        audit: ImportAudit
    ) async throws -> ImportResult {
        let now = Timestamps.now()
        return try await write { transaction, books in
            let plan = try AccountImport.write(records, books, in: transaction)
            try audit.add(plan.changes, at: now, in: transaction)
            plan.apply(to: books)
            return plan.changes.result
        }
    }
}

/// Reads a file of accounts, and applies it on the writer.
package struct AccountImport {
    fileprivate private(set) var changes: ImportChanges<AccountRecord>
    private var new: [AccountRecord] = []
    private var flags: [(account: Int, inactive: Bool)] = []

    /// - Throws: `RPCError` that names every fault of the file with its line and column, or its JSON
    ///   pointer.
    package static func records(
        _ bytes: [UInt8],
        _ format: ImportFormat
    ) throws(RPCError) -> [AccountRecord] {
        let table = bytes.withUnsafeBytes {
            ImportTable($0, format: format, columns: AccountRecord.columns)
        }
        var faults = table.faults
        var seen: Set<ByteText> = []
        var records: [AccountRecord] = []
        for row in table.rows {
            guard let record = AccountRecord(row, &faults) else { continue }
            if !seen.insert(record.accountID) {
                faults.append(
                    ImportFault(row.values[0].place, "repeated", "The account stands twice.")
                )
            }
            records.append(record)
        }
        guard faults.isEmpty else { throw ImportFault.error(faults) }
        return records
    }

    fileprivate static func write(
        _ records: [AccountRecord],
        _ books: Books,
        in transaction: WriteTransaction
    ) throws -> AccountImport {
        var plan = AccountImport(changes: ImportChanges(count: records.count))
        for record in records {
            let number = books.accountNumbers.find(record.accountID)
            if number < 0 {
                try insert(record, books.accounts.count + plan.new.count, in: transaction)
                plan.new.append(record)
                try plan.changes.note(before: nil, after: record)
            } else if let before = try update(record, in: transaction) {
                plan.flags.append((Int(number), record.inactive))
                try plan.changes.note(before: before, after: record)
            }
        }
        return plan
    }

    /// Brings memory to where the store is; nothing here can fail.
    fileprivate func apply(to books: Books) {
        for record in new { books.addAccount(record.accountID, inactive: record.inactive) }
        for flag in flags { books.accountInactive[flag.account] = flag.inactive }
    }

    private static func insert(
        _ record: AccountRecord,
        _ number: Int,
        in transaction: WriteTransaction
    ) throws {
        _ = try transaction.execute(
            """
            INSERT INTO account (id, account_id, name, inactive, alert_code, warning_code)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            [
                .integer(Int64(number)), .text(record.accountID), .text(record.name),
                .integer(record.inactive ? 1 : 0), .optional(record.alertCode),
                .optional(record.warningCode),
            ]
        )
    }

    /// The account as it was held, now as the record has it; nil where it was so already.
    private static func update(
        _ record: AccountRecord,
        in transaction: WriteTransaction
    ) throws -> AccountRecord? {
        let held = try AccountView.read(record.accountID, in: transaction).map(AccountRecord.init)
        guard let held else { throw LedgerFault.accountIsMissing(-1) }
        guard !held.isSame(as: record) else { return nil }
        _ = try transaction.execute(
            """
            UPDATE account SET name = ?2, inactive = ?3, alert_code = ?4, warning_code = ?5
            WHERE account_id = ?1
            """,
            [
                .text(record.accountID), .text(record.name), .integer(record.inactive ? 1 : 0),
                .optional(record.alertCode), .optional(record.warningCode),
            ]
        )
        return held
    }
}
