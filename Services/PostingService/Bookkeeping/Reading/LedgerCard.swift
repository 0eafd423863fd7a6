import Identity
import JSON
import LedgerRules
import Protocol
import Storage

/// One page of an account's ledger card or of the export.
package struct EntryPage: Sendable, Equatable {
    /// A JSON array (card) or JSON lines (export).
    package var body: [UInt8]
    package var entries: Int
    /// Where the next page begins; nil at the end of a card.
    package var next: String?
    /// Id of the last entry of the page.
    package var lastEntryID: Int64
    package var more: Bool
}

extension Ledger {
    /// The ledger card of an account, newest entry first: a walk along its chain.
    ///
    /// `continuation` is `next` of the page before. A card grows at its head only, so that paging
    /// neither misses nor repeats an entry while sets are posted (faults T-09). Nil where the account
    /// is unknown; throws `RPCError` where the continuation is not one of this account.
    package func card(
        of text: String,
        pageSize: Int = PageLimits.defaultSize,
        continuation: String? = nil
    ) async throws -> EntryPage? {
        guard let accountID = AccountID.canonical(text) else { return nil }
        let cursors = CardCursor.Keys(hash: cursorHash)
        return try await store.read { transaction in
            guard let account = try AccountView.read(accountID, in: transaction) else { return nil }
            let reader = EntryReader(transaction)
            var id = account.lastEntry
            var balance = account.balance
            if let continuation {
                guard let cursor = cursors.read(continuation, account: account.number) else {
                    throw Self.unknownContinuation
                }
                id = cursor.entry
                balance = cursor.balance
            }
            var page = EntryPage(body: [], entries: 0, next: nil, lastEntryID: 0, more: false)
            page.body = try JSONWriter.array { json in
                while id != 0, page.entries < pageSize {
                    guard let entry = try reader.entry(id),
                        ByteText(entry.accountID) == ByteText(accountID)
                    else {
                        throw LedgerFault.entryIsMissing(id)
                    }
                    entry.append(cardBalance: balance, to: &json)
                    balance = entry.balanceBefore(balance)
                    page.entries += 1
                    page.lastEntryID = id
                    id = entry.previous
                }
            }
            page.more = id != 0
            if page.more {
                let cursor = CardCursor(entry: id, balance: balance)
                page.next = cursors.text(cursor, account: account.number)
            }
            return page
        }
    }

    /// Entries of all accounts in order of their ids as JSON lines, amounts as decimal texts.
    package func export(
        after id: Int64 = 0,
        limit: Int = PageLimits.defaultExportSize
    ) async throws -> EntryPage {
        try await store.read { transaction in
            var page = EntryPage(body: [], entries: 0, next: nil, lastEntryID: id, more: false)
            page.body.reserveCapacity(limit * 300)
            try EntryReader(transaction).entries(after: id, limit: limit) { entry in
                JSONWriter.append(to: &page.body) { entry.append(cardBalance: nil, to: &$0) }
                page.body.append(0x0A)
                page.entries += 1
                page.lastEntryID = entry.id
            }
            let newest = try transaction.integer("SELECT MAX(id) FROM entry") ?? 0
            page.more = page.lastEntryID < newest
            return page
        }
    }

    private static let unknownContinuation = RPCError.invalid([
        .init(
            field: "/continuation_key",
            code: "unknown",
            message: "This key does not continue the card of this account."
        )
    ])
}
