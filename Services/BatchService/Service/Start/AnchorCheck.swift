internal import BatchRules
package import Logging
internal import NIOConcurrencyHelpers
internal import Protocol
package import ServiceRuntime

/// Refuses new sets until this store and the ledger's are known to belong together (fault D-08).
///
/// Asked at start, again and again until posting-service answers, and later every half minute: a
/// ledger that is restored while batch-service runs is found as well.
package final class AnchorCheck: Sendable {
    /// Where the stores differ: an operator mends it by hand.
    private static let pauseOutOfStep = Duration.seconds(2)

    private let store: BatchStore
    private let posting: any PostingClient
    private let hasConsent: Bool
    private let logger: Logger
    /// Told when the operator's consent was used.
    private let onConsent: @Sendable (String) -> Void
    private let state = NIOLockedValueBox<String?>("The ledger has not been asked yet.")

    package init(
        store: BatchStore,
        posting: any PostingClient,
        hasConsent: Bool,
        logger: Logger,
        onConsent: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.posting = posting
        self.hasConsent = hasConsent
        self.logger = logger
        self.onConsent = onConsent
    }

    /// Why no set may be accepted; nil where one may.
    package var obstacle: String? { state.withLockedValue { $0 } }

    package var loop: BackgroundLoop {
        BackgroundLoop(
            "store_anchor",
            "Compares this store with the ledger: one of the two may have been restored.",
            every: .seconds(30)
        ) { try await self.check() ? nil : Self.pauseOutOfStep }
    }

    /// Compares once.
    ///
    /// - Returns: whether sets may be accepted.
    /// - Throws: where posting-service does not answer; what was known stays.
    package func check() async throws -> Bool {
        // What was posted is read before the ledger is asked, the newest number after: sets that are
        // posted meanwhile cannot look like a difference.
        let posted = try await store.highestPosted()
        let answer = try await posting.anchor()
        let own = StoreAnchor.Own(
            highestNumber: try await store.highestKnownNumber(),
            highestPosted: posted,
            knownLedger: try await store.setting(.postingStore)
        )
        let ledger = StoreAnchor.Ledger(
            store: answer.storeID,
            highestNumber: answer.highestSetID
        )
        let verdict = StoreAnchor.compare(own, ledger)
        if let message = verdict.message {
            guard hasConsent else {
                report(message)
                return false
            }
            try await accept(verdict, message)
        }
        if own.knownLedger != answer.storeID {
            try await store.set(.postingStore, to: answer.storeID)
        }
        state.withLockedValue { $0 = nil }
        return true
    }

    private func accept(_ verdict: StoreAnchor.Verdict, _ message: String) async throws {
        if case .ownIsOlder(_, let ledger) = verdict {
            try await store.raiseNumberFloor(to: ledger)
        }
        guard state.withLockedValue({ $0 }) != nil else { return }
        logger.warning("a restored store was accepted", metadata: ["found": "\(message)"])
        onConsent(message)
    }

    private func report(_ message: String) {
        let isNew = state.withLockedValue { state in
            defer { state = message }
            return state != message
        }
        if isNew { logger.critical("stores differ", metadata: ["found": "\(message)"]) }
    }
}
