internal import Identity
internal import NIOConcurrencyHelpers
package import Protocol

/// Idempotency keys whose first call is still being received: for requests whose bodies are too large
/// to be held while their key is looked up.
///
/// Kept in memory only: a call that dies with the process has stored nothing, and one that has stored
/// its change is found by its key in the store.
package final class KeyClaims: Sendable {
    fileprivate struct Name: Hashable {
        let account: ByteText
        let key: IdempotencyKey
    }

    private let names = NIOLockedValueBox<Set<Name>>([])

    package init() {}

    /// The right to be the first call with a key; given back with its last reference.
    package final class Claim: Sendable {
        private let name: Name
        private let claims: KeyClaims

        fileprivate init(_ name: Name, of claims: KeyClaims) {
            self.name = name
            self.claims = claims
        }

        deinit {
            claims.names.withLockedValue { [name] in _ = $0.remove(name) }
        }
    }

    /// - Throws: `in_progress` where another call holds the key.
    package func claim(_ key: IdempotencyKey, of account: String) throws(RPCError) -> Claim {
        let name = Name(account: ByteText(account), key: key)
        let isFirst = names.withLockedValue { $0.insert(name).inserted }
        guard isFirst else {
            throw RPCError(
                .aborted,
                reason: "in_progress",
                message: "The first call with this idempotency key has not ended yet.",
                retryAfterMilliseconds: 1_000
            )
        }
        return Claim(name, of: self)
    }
}
