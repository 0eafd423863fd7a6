import Money

/// Where the next page of a card begins: an entry and the account's balance after it.
///
/// The balance is not stored with entries but follows from the newest one along the chain, so that
/// it travels in the cursor; a keyed hash over both keeps callers from making up figures.
struct CardCursor: Equatable {
    var entry: Int64
    var balance: Amount

    /// Writes and reads cursors under the store's secret.
    struct Keys: Sendable {
        let hash: KeyedHash

        func text(_ cursor: CardCursor, account: Int64) -> String {
            let content = "\(cursor.entry).\(cursor.balance.minorUnits)"
            return content + "." + String(mark(content, account), radix: 16)
        }

        /// The cursor of a text; nil where it is not one that this ledger gave for this account.
        func read(_ text: String, account: Int64) -> CardCursor? {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, let entry = Int64(parts[0]), let balance = Int64(parts[1])
            else { return nil }
            let cursor = CardCursor(entry: entry, balance: Amount(minorUnits: balance))
            return self.text(cursor, account: account) == text ? cursor : nil
        }

        private func mark(_ content: String, _ account: Int64) -> UInt64 {
            // Sources are numbered from 0: no hash of an entry's key begins like this one.
            Array(content.utf8).withUnsafeBytes { hash.hash(source: -1 - account, text: $0) }
        }
    }
}
