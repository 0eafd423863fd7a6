internal import Identity
internal import NIOConcurrencyHelpers

/// Idempotency keys whose first call is still being received.
///
/// Kept in memory only: a call that dies with the process has stored nothing, and one that has stored
/// its set is found by its key in the store.
package final class KeyClaims: Sendable {
    fileprivate struct Name: Hashable {
        let account: ByteText
        let key: ByteText
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

    /// Nil where another call holds the key.
    package func claim(account: String, key: String) -> Claim? {
        let name = Name(account: ByteText(account), key: ByteText(key))
        let isFirst = names.withLockedValue { $0.insert(name).inserted }
        return isFirst ? Claim(name, of: self) : nil
    }
}
