import LedgerRules
import Money
import PostingSets
import Protocol
import Storage

/// What a set comes to: which rows load, with what, and why the others do not; nothing is changed.
///
/// Its arrays are kept from set to set. Writer-confined; valid until the next plan. A value, and
/// loops work on local copies of what they read: each access to a property of an object would be
/// checked for exclusivity, row by row.
struct SetPlanner {
    /// Rows that load, in their order in the set.
    private(set) var accepted: [Int32] = []
    /// Number of each row's account and code; -1 where unknown.
    private(set) var accountOf: [Int32] = []
    private(set) var codeOf: [Int32] = []
    /// Beside `accepted`: the account's entry before.
    private(set) var previous: [Int64] = []
    private(set) var acceptedHashes: [UInt64] = []
    private(set) var pending = PendingAccounts()
    private(set) var journal = JournalTotals(glAccounts: 0)
    private(set) var refusals: [SetRefusal] = []
    private(set) var failureCount = 0
    /// Raw value of `TransactionFault` of each row; 0 where it has none.
    private var faults: [UInt8] = []
    private var hashes: [UInt64] = []
    private var repeated = RepeatedIDs()

    /// The fault of a row, or nil.
    func fault(of row: Int) -> TransactionFault? { TransactionFault(rawValue: faults[row]) }
}

extension SetPlanner {
    /// Plans a set against the books; see `TransactionFault` for the order of faults.
    mutating func plan(
        _ set: PostingSetView,
        source: Int64,
        sourceIsKnown: Bool,
        policy: CommitPolicy,
        books: Books,
        in transaction: ReadTransaction
    ) throws {
        reset(for: books)
        refusals = SetRefusal.all(
            of: SetClaims(
                sourceIsKnown: sourceIsKnown,
                sourceName: set.header.sourceName,
                recordCount: set.header.recordCount,
                totalAmount: set.header.totalAmount
            ),
            count: set.count,
            sum: set.sum()
        )
        guard refusals.isEmpty else { return }
        lookUp(set, books)
        hash(set, source, books.duplicates.hash)
        try findDuplicates(set, source, books, in: transaction)
        accept(set, books)
        if policy == .allOrNothing, failureCount > 0 { loadNothing(books) }
    }

    private mutating func reset(for books: Books) {
        accepted.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
        acceptedHashes.removeAll(keepingCapacity: true)
        accountOf.removeAll(keepingCapacity: true)
        codeOf.removeAll(keepingCapacity: true)
        faults.removeAll(keepingCapacity: true)
        failureCount = 0
        loadNothing(books)
    }

    /// Takes back what was accepted; the failures stay.
    private mutating func loadNothing(_ books: Books) {
        accepted.removeAll(keepingCapacity: true)
        acceptedHashes.removeAll(keepingCapacity: true)
        pending.reset(accounts: books.accounts.count)
        journal = JournalTotals(glAccounts: books.glBalances.count)
    }

    private mutating func lookUp(_ set: PostingSetView, _ books: Books) {
        let accounts = books.accountNumbers
        let inactive = books.accountInactive
        let codeNumbers = books.codeNumbers
        let codes = books.codes
        let accountIDs = set.accountIDs
        let detailCodes = set.detailCodes
        let amounts = set.amounts
        for row in 0..<set.count {
            let account = accounts.find(accountIDs[row].raw)
            let code = codeNumbers.find(detailCodes[row].raw)
            let fault = TransactionFault.ofRow(
                accountInactive: account < 0 ? nil : inactive[Int(account)],
                codeIsUsable: code >= 0 && codes[Int(code)].active,
                amount: amounts[row]
            )
            accountOf.append(account)
            codeOf.append(code)
            faults.append(fault?.rawValue ?? 0)
        }
    }

    private mutating func hash(_ set: PostingSetView, _ source: Int64, _ function: KeyedHash) {
        hashes.removeAll(keepingCapacity: true)
        for id in set.sourceTransactionIDs {
            hashes.append(function.hash(source: source, transactionID: id.raw))
        }
    }

    private mutating func findDuplicates(
        _ set: PostingSetView,
        _ source: Int64,
        _ books: Books,
        in transaction: ReadTransaction
    ) throws {
        let ids = set.sourceTransactionIDs
        let keys = SourceKeys(source: source) { ids[$0].raw }
        let committed = try hashes.withUnsafeBufferPointer {
            try books.duplicates.committed(keys, hashes: $0, in: transaction)
        }
        for row in committed where faults[row] == 0 {
            faults[row] = TransactionFault.duplicate.rawValue
        }
        let faults = faults
        let hashes = hashes
        hashes.withUnsafeBufferPointer { hashes in
            repeated.find(
                hashes: hashes,
                takesPart: { faults[$0] == 0 },
                sameText: { SourceTransactionID.areSame(ids[$0].raw, ids[$1].raw) }
            )
        }
    }
}

extension SetPlanner {
    /// Goes through the rows in order and books those without a fault on pending balances.
    private mutating func accept(_ set: PostingSetView, _ books: Books) {
        let accounts = books.accounts
        let codes = books.codes
        let nextEntry = books.nextEntry
        let amounts = set.amounts
        var usedGroups: Set<Int32> = []
        let hasRepeats = !repeated.leaders.isEmpty
        for row in 0..<set.count {
            if faults[row] == 0 {
                let group = hasRepeats ? repeated.leaders[Int32(row)] : nil
                if let group, usedGroups.contains(group) {
                    faults[row] = TransactionFault.duplicate.rawValue
                } else if !book(
                    row,
                    amount: amounts[row],
                    as: codes[Int(codeOf[row])],
                    accounts,
                    nextEntry
                ) {
                    faults[row] = TransactionFault.balanceOutOfRange.rawValue
                } else if let group {
                    usedGroups.insert(group)
                }
            }
            if faults[row] != 0 { failureCount += 1 }
        }
    }

    /// Books one row; false, with nothing changed, where a balance or the journal cannot hold it.
    private mutating func book(
        _ row: Int,
        amount: Int64,
        as code: CodeState,
        _ accounts: [AccountState],
        _ nextEntry: Int64
    ) -> Bool {
        let account = accountOf[row]
        let known = pending.state(of: Int(account)) ?? accounts[Int(account)]
        guard let balance = code.kind.balance(known.balance, after: amount),
            journal.book(code.kind, amount: amount, glAccount: code.glAccount)
        else { return false }
        let place = pending.place(of: account, joiningWith: known)
        previous.append(known.lastEntry)
        pending[place] = AccountState(
            balance: balance,
            lastEntry: nextEntry + Int64(accepted.count)
        )
        accepted.append(Int32(row))
        acceptedHashes.append(hashes[row])
        return true
    }
}
