internal import Logging
internal import NIOConcurrencyHelpers
internal import ServiceRuntime
internal import Storage

/// Remembers when each API key was last used, coarsely: at most one write every five minutes a key.
final class KeyUse: Sendable {
    static let periodMilliseconds: Int64 = 300_000

    private let noted = NIOLockedValueBox<[String: Int64]>([:])
    private let store: Store
    private let logger: Logger

    init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// When a key was last used, as far as this process knows better than the store.
    func lastUse(of keyID: String) -> Int64? { noted.withLockedValue { $0[keyID] } }

    func note(_ keyID: String, lastKnown: Int64?, now: Int64) {
        let isDue = noted.withLockedValue { noted in
            let last = max(noted[keyID] ?? 0, lastKnown ?? 0)
            guard now - last >= Self.periodMilliseconds else { return false }
            noted[keyID] = now
            return true
        }
        guard isDue else { return }
        Task { [store, logger] in
            do {
                try await store.write { transaction in
                    try transaction.execute(
                        "UPDATE api_key SET last_used_at = ?2 WHERE key_id = ?1",
                        [.text(keyID), .integer(now)]
                    )
                }
            } catch {
                logger.warning(
                    "the last use of a key was not stored",
                    metadata: ["key_id": "\(keyID)", "cause": "\(error)"]
                )
            }
        }
    }
}
