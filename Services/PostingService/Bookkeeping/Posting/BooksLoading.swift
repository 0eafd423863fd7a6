import Identity
import LedgerRules
import Storage

extension Books {
    /// Reads everything from the store, once, at start.
    ///
    /// - Throws: `LedgerFault` where the store contradicts itself.
    func load(
        receivableAccount: String,
        cashAccount: String,
        in transaction: WriteTransaction
    ) throws {
        try loadAccounts(in: transaction)
        try loadBlocks(in: transaction)
        try loadGLAccounts(in: transaction)
        var standing = NewGLAccounts(self)
        receivable = try standing.number(of: receivableAccount, in: transaction)
        cash = try standing.number(of: cashAccount, in: transaction)
        standing.apply()
        try loadGeneralLedger(in: transaction)
        try loadCodes(in: transaction)
        try loadSources(in: transaction)
        try duplicates.load(in: transaction)
        nextEntry = duplicates.nextEntry
        nextJournal =
            (try transaction.integer("SELECT MAX(id) FROM gl_line") ?? 0) >> GLLine.glBits + 1
    }

    private func loadAccounts(in transaction: ReadTransaction) throws {
        let statement = try transaction.statement(
            "SELECT id, account_id, inactive FROM account ORDER BY id"
        )
        defer { statement.reset() }
        while try statement.step() {
            guard statement.int64(0) == Int64(accounts.count) else {
                throw LedgerFault.accountIsMissing(Int64(accounts.count))
            }
            addAccount(statement.string(1), inactive: statement.int64(2) != 0)
        }
    }

    private func loadBlocks(in transaction: ReadTransaction) throws {
        let statement = try transaction.statement("SELECT id, b FROM account_block ORDER BY id")
        defer { statement.reset() }
        while try statement.step() {
            let block = statement.int64(0)
            let states = try AccountBlock.states(statement.blob(1), of: block)
            let first = Int(block) * AccountBlock.accounts
            for (offset, state) in states.enumerated() where state != AccountState() {
                guard first + offset < accounts.count else {
                    throw LedgerFault.accountIsMissing(Int64(first + offset))
                }
                accounts[first + offset] = state
            }
        }
    }

    private func loadGLAccounts(in transaction: ReadTransaction) throws {
        let names = try transaction.statement("SELECT id, gl_account FROM gl_account ORDER BY id")
        defer { names.reset() }
        while try names.step() { addGLAccount(names.string(1)) }
    }

    private func loadGeneralLedger(in transaction: ReadTransaction) throws {
        let totals = try transaction.statement(
            "SELECT gl, debit_high, debit_low, credit_high, credit_low FROM gl_balance"
        )
        defer { totals.reset() }
        var debits = WideTotal()
        var credits = WideTotal()
        while try totals.step() {
            let debit = WideTotal(high: totals.int64(1), low: totals.int64(2))
            let credit = WideTotal(high: totals.int64(3), low: totals.int64(4))
            glBalances[Int(totals.int64(0))] = (debit, credit)
            debits = debits + debit
            credits = credits + credit
        }
        guard debits == credits else { throw LedgerFault.trialBalanceDiffers }
    }

    private func loadCodes(in transaction: ReadTransaction) throws {
        let statement = try transaction.statement(
            "SELECT id, detail_code, type, gl, active FROM detail_code ORDER BY id"
        )
        defer { statement.reset() }
        while try statement.step() {
            guard let type = DetailCodeType(rawValue: statement.string(2)) else {
                throw LedgerFault.detailCodeIsMissing(statement.int64(0))
            }
            setCode(
                statement.string(1),
                CodeState(
                    id: statement.int64(0),
                    kind: type.entryKind,
                    glAccount: Int(statement.int64(3)),
                    active: statement.int64(4) != 0
                )
            )
        }
    }

    /// Makes a version the one in force.
    func setCode(_ code: String, _ state: CodeState) {
        let known = codeNumbers.find(code)
        if known >= 0 {
            codes[Int(known)] = state
        } else {
            codeNumbers.set(code, to: codes.count)
            codes.append(state)
        }
        nextCodeVersionID = max(nextCodeVersionID, state.id + 1)
    }

    private func loadSources(in transaction: ReadTransaction) throws {
        let statement = try transaction.statement("SELECT id, source_name FROM source ORDER BY id")
        defer { statement.reset() }
        while try statement.step() { sources[statement.string(1)] = statement.int64(0) }
    }
}

/// The rows of `gl_line`.
enum GLLine {
    /// Bits of a row's id that hold the GL account; those above hold the journal.
    static let glBits: Int64 = 20
    static let maximumGLAccounts = 1 << 20

    static func id(journal: Int64, glAccount: Int) -> Int64 {
        journal << glBits | Int64(glAccount)
    }
}

extension AccountBlock {
    /// The states of a block; accounts behind its end have none yet.
    static func states(
        _ bytes: UnsafeRawBufferPointer,
        of block: Int64
    ) throws -> [AccountState] {
        guard bytes.count % bytesPerAccount == 0, bytes.count <= accounts * bytesPerAccount else {
            throw LedgerFault.blockIsDamaged(block)
        }
        return stride(from: 0, to: bytes.count, by: bytesPerAccount).map { state(bytes, at: $0) }
    }

    static func state(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> AccountState {
        func word(_ at: Int) -> Int64 {
            Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: Int64.self))
        }
        return AccountState(balance: word(offset), lastEntry: word(offset + 8))
    }

    static func put(
        _ state: AccountState,
        at offset: Int,
        into bytes: UnsafeMutableRawBufferPointer
    ) {
        bytes.storeBytes(of: state.balance.littleEndian, toByteOffset: offset, as: Int64.self)
        bytes.storeBytes(of: state.lastEntry.littleEndian, toByteOffset: offset + 8, as: Int64.self)
    }
}
