import LedgerRules
import Storage

/// What the ledger keeps for the store's writer: touched on that one thread only, inside closures
/// that the store runs there.
final class WriterState: @unchecked Sendable {
    /// Where small sets are read, on the writer itself.
    let workspace: SetWorkspace
    /// Whether the store was told that maintenance waits.
    var isMaintaining = false
    /// Nil until they are read, and after work was lost.
    private(set) var heldBooks: Books?
    private let options: Ledger.Options

    init(_ options: Ledger.Options) {
        self.options = options
        workspace = SetWorkspace(maximumBytes: options.maximumSetBytes)
    }

    /// The store lost work that the books have in them (the disk was full at a commit): they are
    /// read again before they are used again.
    func forgetBooks() { heldBooks = nil }

    /// The books, read from the store where they are not at hand.
    func books(in transaction: WriteTransaction) throws -> Books {
        if let heldBooks { return heldBooks }
        let books = Books(
            duplicates: DuplicateIndex(
                key: try Self.hashKey(in: transaction),
                limits: options.duplicateLimits
            )
        )
        try books.load(
            receivableAccount: options.receivableAccount,
            cashAccount: options.cashAccount,
            in: transaction
        )
        heldBooks = books
        return books
    }

    /// The store's secret, made with the store.
    private static func hashKey(in transaction: WriteTransaction) throws -> [UInt8] {
        let held = try transaction.first("SELECT hash_key FROM secret WHERE id = 1") {
            Array($0.blob(0))
        }
        if let held { return held }
        var random = SystemRandomNumberGenerator()
        let key = (0..<KeyedHash.keyBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
        _ = try transaction.execute(
            "INSERT INTO secret (id, hash_key) VALUES (1, ?1)",
            [.blob(key)]
        )
        return key
    }
}
