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
            "SELECT inactive, alert_code, warning_code FROM account WHERE account_id = ?1"
        )
        defer { statement.reset() }
        statement.bind(1, accountID)
        guard try statement.step() else { return none }
        return AccountCheck(
            accountID: accountID,
            inactive: statement.int64(0) != 0,
            alertCode: statement.isNull(1) ? nil : statement.string(1),
            warningCode: statement.isNull(2) ? nil : statement.string(2)
        )
    }
}
