import LedgerRules
package import Protocol
import Storage

extension Ledger {
    /// Whether payments may be entered for accounts: one answer for each id, in order.
    package func checkAccounts(_ accountIDs: [String]) async throws -> [AccountCheck] {
        try await store.read { transaction in
            try accountIDs.map { try Self.check($0, in: transaction) }
        }
    }

    private static func check(
        _ text: String,
        in transaction: ReadTransaction
    ) throws -> AccountCheck {
        let none = AccountCheck(
            accountID: nil,
            inactive: false,
            alertCode: nil,
            warningCode: nil
        )
        guard let accountID = AccountID.canonical(text) else { return none }
        let statement = try transaction.statement(
            "SELECT inactive, alert_code, warning_code, id FROM account WHERE account_id = ?1"
        )
        defer { statement.reset() }
        statement.bind(1, accountID)
        guard try statement.step() else { return none }
        return AccountCheck(
            accountID: accountID,
            inactive: statement.int64(0) != 0,
            alertCode: statement.optionalString(1),
            warningCode: statement.optionalString(2),
            balanceMinorUnits: try balance(ofAccount: Int(statement.int64(3)), in: transaction)
        )
    }

    /// As it stands in the account's block; zero where it has no entry yet.
    private static func balance(
        ofAccount number: Int,
        in transaction: ReadTransaction
    ) throws -> Int64 {
        let statement = try transaction.statement("SELECT b FROM account_block WHERE id = ?1")
        defer { statement.reset() }
        statement.bind(1, Int64(number / AccountBlock.accounts))
        guard try statement.step() else { return 0 }
        let offset = number % AccountBlock.accounts * AccountBlock.bytesPerAccount
        let block = statement.blob(0)
        guard offset + AccountBlock.bytesPerAccount <= block.count else { return 0 }
        return AccountBlock.state(block, at: offset).balance
    }
}

extension Ledger {
    /// Whether charges may be booked under a detail code: its newest version is active, and a charge.
    package func isChargeCode(_ code: String) async throws -> Bool {
        try await store.read { transaction in
            try transaction.first(
                """
                SELECT type, active FROM detail_code WHERE detail_code = ?1
                ORDER BY version DESC LIMIT 1
                """,
                [.text(code)]
            ) { $0.string(0) == DetailCodeType.charge.rawValue && $0.int64(1) != 0 } ?? false
        }
    }
}
