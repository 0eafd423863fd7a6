import Identity
import LedgerRules
import Storage

/// An account's balance and newest entry, as they stand in its block.
package struct AccountState: Equatable {
    package var balance: Int64 = 0
    /// Id of the newest entry; 0 where there is none.
    package var lastEntry: Int64 = 0
}

/// The newest version of a detail code.
struct CodeState {
    /// Row of `detail_code`: this version.
    var id: Int64
    var kind: EntryKind
    var glAccount: Int
    var active: Bool
}

/// What posting needs at hand: reference data, balances and the duplicate index, all in memory.
///
/// Confined to the store's writer: everything here is read and changed inside write closures only,
/// and changed as their last step, after all SQL has succeeded. A COMMIT that fails ends the process
/// or, where the disk is full, makes the books be read again: memory never runs ahead of the store.
package final class Books {
    var accountNumbers = NameTable()
    var accountInactive: [Bool] = []
    var accounts: [AccountState] = []
    var codeNumbers = NameTable()
    var codes: [CodeState] = []
    var nextCodeVersionID: Int64 = 1
    var glNumbers: [ByteText: Int] = [:]
    var glBalances: [(debit: WideTotal, credit: WideTotal)] = []
    /// Number of the receivable control account.
    var receivable = 0
    /// Number of the cash account of payments that name no other.
    var cash = 0
    var sources: [ByteText: Int64] = [:]
    var nextEntry: Int64 = 1
    var nextJournal: Int64 = 1
    let duplicates: DuplicateIndex
    var planner = SetPlanner()
    /// Memory for the next booking outside of sets.
    var sparePending = PendingAccounts()

    init(duplicates: DuplicateIndex) { self.duplicates = duplicates }

    func addAccount(_ accountID: String, inactive: Bool) {
        accountNumbers.set(accountID, to: accounts.count)
        accounts.append(AccountState())
        accountInactive.append(inactive)
    }

    func addGLAccount(_ name: String) {
        glNumbers[name] = glBalances.count
        glBalances.append((WideTotal(), WideTotal()))
    }
}

/// The blocks of `account_block`.
package enum AccountBlock {
    static let accounts = 512
    static let bytesPerAccount = 16
}

/// The rows of `entry`.
enum EntryRow {
    static let columns = [
        "id", "account", "code", "amount", "date", "source", "source_tx", "description", "set_id",
        "prev",
    ]
    /// Rows of one INSERT: the statement's own cost is shared by 64.
    static let perInsert = 64
}
