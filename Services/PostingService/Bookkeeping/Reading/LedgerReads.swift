package import LedgerRules
package import Money
package import Protocol
package import Storage

/// An account as it is read.
package struct AccountView: Sendable, Equatable {
    package var accountID: String
    package var name: String
    package var inactive: Bool
    package var alertCode: String?
    package var warningCode: String?
    package var balance: Amount
    /// Row number; 512 of them share a block of balances.
    var number: Int64
    var lastEntry: Int64
}

/// A detail code as it is read: its newest version.
package struct DetailCodeView: Sendable, Equatable {
    package var detailCode: String
    package var description: String
    package var type: DetailCodeType
    package var glAccount: String
    package var active: Bool
    package var subsystem: String?
    package var version: Int64
}

/// Debits and credits of the general ledger.
package struct TrialBalance: Sendable, Equatable {
    package struct Line: Sendable, Equatable {
        package var glAccount: String
        package var debits: WideTotal
        package var credits: WideTotal
    }

    package var lines: [Line]
    package var debits: WideTotal { lines.reduce(WideTotal()) { $0 + $1.debits } }
    package var credits: WideTotal { lines.reduce(WideTotal()) { $0 + $1.credits } }
    package var difference: WideTotal { debits - credits }
}

extension Ledger {
    package func anchor() async throws -> LedgerAnchor {
        let identifier = store.identifier
        return try await store.read { transaction in
            LedgerAnchor(
                storeID: identifier,
                highestSetID: try transaction.integer("SELECT MAX(set_id) FROM posting") ?? 0,
                entries: try transaction.integer("SELECT MAX(id) FROM entry") ?? 0
            )
        }
    }

    /// The account of this id in any spelling that contract A1-4 allows, or nil.
    package func account(_ text: String) async throws -> AccountView? {
        guard let accountID = AccountID.canonical(text) else { return nil }
        return try await store.read { try AccountView.read(accountID, in: $0) }
    }

    package func detailCode(_ code: String) async throws -> DetailCodeView? {
        try await store.read { try DetailCodeView.read(code, in: $0) }
    }

    package func trialBalance() async throws -> TrialBalance {
        try await store.read { transaction in
            let statement = try transaction.statement(
                """
                SELECT a.gl_account, b.debit_high, b.debit_low, b.credit_high, b.credit_low
                FROM gl_balance b JOIN gl_account a ON a.id = b.gl ORDER BY a.gl_account
                """
            )
            defer { statement.reset() }
            var lines: [TrialBalance.Line] = []
            while try statement.step() {
                lines.append(
                    TrialBalance.Line(
                        glAccount: statement.string(0),
                        debits: WideTotal(high: statement.int64(1), low: statement.int64(2)),
                        credits: WideTotal(high: statement.int64(3), low: statement.int64(4))
                    )
                )
            }
            return TrialBalance(lines: lines)
        }
    }
}

extension AccountView {
    static func read(_ accountID: String, in transaction: ReadTransaction) throws -> AccountView? {
        let statement = try transaction.statement(
            """
            SELECT id, name, inactive, alert_code, warning_code FROM account
            WHERE account_id = ?1
            """
        )
        defer { statement.reset() }
        statement.bind(1, accountID)
        guard try statement.step() else { return nil }
        let number = statement.int64(0)
        let state = try AccountBlock.state(of: number, in: transaction)
        return AccountView(
            accountID: accountID,
            name: statement.string(1),
            inactive: statement.int64(2) != 0,
            alertCode: statement.optionalString(3),
            warningCode: statement.optionalString(4),
            balance: Amount(minorUnits: state.balance),
            number: number,
            lastEntry: state.lastEntry
        )
    }
}

extension DetailCodeView {
    static func read(_ code: String, in transaction: ReadTransaction) throws -> DetailCodeView? {
        let statement = try transaction.statement(
            """
            SELECT c.description, c.type, g.gl_account, c.active, c.subsystem, c.version
            FROM detail_code c JOIN gl_account g ON g.id = c.gl
            WHERE c.detail_code = ?1 ORDER BY c.version DESC LIMIT 1
            """
        )
        defer { statement.reset() }
        statement.bind(1, code)
        guard try statement.step(), let type = DetailCodeType(rawValue: statement.string(1)) else {
            return nil
        }
        return DetailCodeView(
            detailCode: code,
            description: statement.string(0),
            type: type,
            glAccount: statement.string(2),
            active: statement.int64(3) != 0,
            subsystem: statement.optionalString(4),
            version: statement.int64(5)
        )
    }
}

extension AccountBlock {
    /// An account's state in a snapshot: nothing where it never had an entry.
    package static func state(
        of account: Int64,
        in transaction: ReadTransaction
    ) throws -> AccountState {
        let statement = try transaction.statement("SELECT b FROM account_block WHERE id = ?1")
        defer { statement.reset() }
        let block = account / Int64(accounts)
        statement.bind(1, block)
        guard try statement.step() else { return AccountState() }
        let offset = Int(account % Int64(accounts)) * bytesPerAccount
        let bytes = statement.blob(0)
        guard bytes.count % bytesPerAccount == 0 else { throw LedgerFault.blockIsDamaged(block) }
        return offset < bytes.count ? state(bytes, at: offset) : AccountState()
    }
}
