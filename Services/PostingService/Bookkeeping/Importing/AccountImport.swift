import Identity
package import Importing
import LedgerRules
package import Protocol
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

extension Ledger {
    /// Creates or replaces accounts, all of them or none; balances stay as they are.
    ///
    /// - Throws: `RPCError` that names every fault of the file with its line and column, or its JSON
    ///   pointer.
    package func importAccounts(
        _ bytes: [UInt8],
        format: ImportFormat
    ) async throws -> ImportResult {
        try await importAccounts(AccountImport.records(bytes, format))
    }

    package func importAccounts(_ records: [AccountRecord]) async throws -> ImportResult {
        try await write { transaction, books in
            try AccountImport.apply(records, books, in: transaction)
        }
    }
}

/// Reads a file of accounts, and applies it on the writer.
package enum AccountImport {
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

    static func apply(
        _ records: [AccountRecord],
        _ books: Books,
        in transaction: WriteTransaction
    ) throws -> ImportResult {
        var result = ImportResult(imported: records.count, created: 0, changed: 0)
        var new: [AccountRecord] = []
        var flags: [(account: Int, inactive: Bool)] = []
        for record in records {
            let number = books.accountNumbers.find(record.accountID)
            if number < 0 {
                try insert(record, books.accounts.count + new.count, in: transaction)
                new.append(record)
            } else if try update(record, in: transaction) {
                flags.append((Int(number), record.inactive))
            }
        }
        result.created = new.count
        result.changed = flags.count
        for record in new { books.addAccount(record.accountID, inactive: record.inactive) }
        for flag in flags { books.accountInactive[flag.account] = flag.inactive }
        return result
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

    /// Whether the account was held otherwise; it is now as the record has it.
    private static func update(
        _ record: AccountRecord,
        in transaction: WriteTransaction
    ) throws -> Bool {
        guard let held = try AccountView.read(record.accountID, in: transaction) else {
            throw LedgerFault.accountIsMissing(-1)
        }
        let texts = [held.name, held.alertCode, held.warningCode].map { $0.map { ByteText($0) } }
        let new = [record.name, record.alertCode, record.warningCode].map {
            $0.map { ByteText($0) }
        }
        guard texts != new || held.inactive != record.inactive else { return false }
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
        return true
    }
}
