import Storage

extension AccountBlock {
    /// Writes the whole block of every account in `pending`, the others of it as they stand.
    static func write(
        _ pending: PendingAccounts,
        over accounts: [AccountState],
        in transaction: WriteTransaction
    ) throws {
        guard !pending.entries.isEmpty else { return }
        let size = Self.accounts
        var isTouched = Array(repeating: false, count: accounts.count / size + 1)
        for entry in pending.entries { isTouched[Int(entry.account) / size] = true }
        try withUnsafeTemporaryAllocation(
            byteCount: size * bytesPerAccount,
            alignment: 8
        ) { bytes in
            let statement = try transaction.statement(
                """
                INSERT INTO account_block (id, b) VALUES (?1, ?2)
                ON CONFLICT (id) DO UPDATE SET b = excluded.b
                """
            )
            for block in isTouched.indices where isTouched[block] {
                let first = block * size
                let count = min(size, accounts.count - first)
                for offset in 0..<count {
                    let account = first + offset
                    put(
                        pending.state(of: account) ?? accounts[account],
                        at: offset * bytesPerAccount,
                        into: bytes
                    )
                }
                let used = bytes[..<(count * bytesPerAccount)]
                statement.reset()
                statement.bind(1, Int64(block))
                statement.bind(2, blob: UnsafeRawBufferPointer(rebasing: used))
                _ = try statement.step()
            }
            statement.reset()
        }
    }
}
