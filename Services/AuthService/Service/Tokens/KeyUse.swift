internal import Identity
internal import NIOConcurrencyHelpers
internal import ServiceRuntime
internal import Storage

/// Remembers when each API key was last used, coarsely: at most one write every five minutes a key.
final class KeyUse: Sendable {
    static let periodMilliseconds: Int64 = 300_000

    private struct State {
        var noted: [ByteText: Int64] = [:]
        /// Keys whose use the store does not know yet.
        var unsaved: Set<ByteText> = []
    }

    private let state = NIOLockedValueBox(State())
    private let signal = Signal()
    private let store: Store

    init(store: Store) { self.store = store }

    /// When a key was last used, as far as this process knows better than the store.
    func lastUse(of keyID: String) -> Int64? { state.withLockedValue { $0.noted[keyID] } }

    func note(_ keyID: String, lastKnown: Int64?, now: Int64) {
        let isDue = state.withLockedValue { state in
            let last = max(state.noted[keyID] ?? 0, lastKnown ?? 0)
            // A use in the future was noted before the clock went back.
            guard now - last >= Self.periodMilliseconds || last > now else { return false }
            state.noted[keyID] = now
            state.unsaved.insert(keyID)
            return true
        }
        if isDue { signal.raise() }
    }

    var loop: BackgroundLoop {
        BackgroundLoop(
            "key_use",
            "Stores when each API key was last used.",
            every: .seconds(60),
            wokenBy: signal
        ) {
            try await self.save()
            return nil
        }
    }

    private func save() async throws {
        let uses = state.withLockedValue { state in
            state.unsaved.map { (key: $0, at: state.noted[$0] ?? 0) }
        }
        guard !uses.isEmpty else { return }
        try await store.write { transaction in
            for use in uses {
                try transaction.execute(
                    "UPDATE api_key SET last_used_at = ?2 WHERE key_id = ?1",
                    [.text(use.key.string), .integer(use.at)]
                )
            }
        }
        state.withLockedValue { $0.unsaved.subtract(uses.map(\.key)) }
    }
}
