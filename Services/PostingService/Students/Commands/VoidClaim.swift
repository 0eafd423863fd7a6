import Crypto
import Dates
import LedgerRules
import Protocol
import ServiceStore
import Storage

/// Who may ask batch-service to void a payment: of several calls at once one, and one that was cut
/// off again when it comes under its idempotency key (fault T-06).
///
/// A claim lasts longer than a call; one whose call died without a key is taken over after that.
struct VoidClaim: Sendable {
    static let lease = BoundedWait(longest: 60_000)

    let entryID: Int64
    let owner: String
    /// An earlier call of the same owner may have voided the payment already.
    private(set) var isResumed = false

    init(_ entryID: Int64, _ key: RequestKey?) {
        self.entryID = entryID
        owner = key?.name ?? Hexadecimal.encode(RandomBytes.make(16))
    }

    /// Whether the payment counts as voided for this owner: one that goes on with its own void asks
    /// for the answer that it did not get.
    func seesVoided(in transaction: ReadTransaction) throws -> Bool {
        try held(in: transaction)?.owner != owner
            && StudentTransaction.isUndone(entryID, in: transaction)
    }

    /// Takes the claim.
    ///
    /// - Throws: `CommandRefusal` where another call has it.
    mutating func take(at time: Int64, in transaction: WriteTransaction) throws {
        if let held = try held(in: transaction) {
            guard held.owner == owner || Self.lease.isOver(held.until, at: time) else {
                throw CommandRefusal(faults: [.beingVoided(entryID)])
            }
            isResumed = held.owner == owner
        }
        try put(until: Self.lease.horizon(at: time), in: transaction)
    }

    /// The call has its answer: the claim blocks nobody, and is still known as its owner's.
    func end(in transaction: WriteTransaction) throws { try put(until: 0, in: transaction) }

    /// Nothing was voided: the claim is as if it had never been.
    func drop(in transaction: WriteTransaction) throws {
        try transaction.execute(
            "DELETE FROM void_claim WHERE entry_id = ?1 AND owner = ?2",
            [.integer(entryID), .text(owner)]
        )
    }

    private func held(in transaction: ReadTransaction) throws -> (owner: String, until: Int64)? {
        try transaction.first(
            "SELECT owner, until FROM void_claim WHERE entry_id = ?1",
            [.integer(entryID)]
        ) { ($0.string(0), $0.int64(1)) }
    }

    private func put(until: Int64, in transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO void_claim(entry_id, owner, until) VALUES(?1, ?2, ?3)
            ON CONFLICT (entry_id) DO UPDATE SET owner = excluded.owner, until = excluded.until
            """,
            [.integer(entryID), .text(owner), .integer(until)]
        )
    }
}

extension RequestKey {
    /// Tells this account's request under this key from every other.
    fileprivate var name: String {
        Hexadecimal.encode(SHA256.digest(Array("\(account)\n\(key.text)\n".utf8) + digest))
    }
}
