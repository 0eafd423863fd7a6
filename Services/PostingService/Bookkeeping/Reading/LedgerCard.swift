import Identity
import JSON
import LedgerRules
import Protocol
import ServiceRuntime
import ServiceStore
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
    /// `continuation` is `next` of the page before, given to the same caller. A card grows at its head
    /// only, so that paging neither misses nor repeats an entry while sets are posted (faults T-09).
    /// Nil where the account is unknown; throws `RPCError` where the continuation is not one of this
    /// account.
    package func card(
        of text: String,
        for caller: String,
        pageSize: Int = PageLimits.defaultSize,
        continuation: String? = nil
    ) async throws -> EntryPage? {
        guard let accountID = AccountID.canonical(text) else { return nil }
        guard let start = try await store.read({ try AccountView.read(accountID, in: $0) })
        else { return nil }
        var from = CardCursor(entry: start.lastEntry, balance: start.balance)
        let list = "card of \(start.number)"
        if let continuation { from = try await cursor(continuation, of: list, for: caller) }
        var (page, rest) = try await store.read { [from] transaction in
            try Self.page(of: accountID, from: from, pageSize, in: transaction)
        }
        if let rest {
            page.next = try await continuations.seal(
                rest.encoded,
                of: list,
                for: caller,
                expiresAt: Timestamps.now() + ContinuationKeys.lifetimeMilliseconds
            )
        }
        return page
    }

    /// A page of the chain from a place, and the place of the next one; nil at the chain's end.
    private static func page(
        of accountID: String,
        from start: CardCursor,
        _ pageSize: Int,
        in transaction: ReadTransaction
    ) throws -> (EntryPage, rest: CardCursor?) {
        let reader = EntryReader(transaction)
        var place = start
        var page = EntryPage(body: [], entries: 0, next: nil, lastEntryID: 0, more: false)
        page.body = try JSONWriter.array { json in
            while place.entry != 0, page.entries < pageSize {
                guard let entry = try reader.entry(place.entry),
                    ByteText(entry.accountID) == ByteText(accountID)
                else {
                    throw LedgerFault.entryIsMissing(place.entry)
                }
                entry.append(cardBalance: place.balance, to: &json)
                page.entries += 1
                page.lastEntryID = place.entry
                place = CardCursor(
                    entry: entry.previous,
                    balance: entry.balanceBefore(place.balance)
                )
            }
        }
        page.more = place.entry != 0
        return (page, page.more ? place : nil)
    }

    private func cursor(
        _ key: String,
        of list: String,
        for caller: String
    ) async throws -> CardCursor {
        let reading = try await continuations.open(
            key,
            of: list,
            for: caller,
            at: Timestamps.now()
        )
        guard case .payload(let bytes, _) = reading, let cursor = CardCursor(encoded: bytes)
        else { throw Self.unknownContinuation }
        return cursor
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
