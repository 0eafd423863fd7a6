package import BatchRules
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
    private let now: @Sendable () -> Instant
    private let state = NIOLockedValueBox(State())

    private struct State {
        var obstacle: String? = "The ledger has not been asked yet."
        /// The difference that the operator's consent was used for last.
        var accepted: String?
    }

    package init(
        store: BatchStore,
        posting: any PostingClient,
        hasConsent: Bool,
        logger: Logger,
        now: @escaping @Sendable () -> Instant
    ) {
        self.store = store
        self.posting = posting
        self.hasConsent = hasConsent
        self.logger = logger
        self.now = now
    }

    /// Why no set may be accepted; nil where one may.
    package var obstacle: String? { state.withLockedValue { $0.obstacle } }

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
            try await accept(verdict, message, own, ledger)
        } else if own.knownLedger != answer.storeID {
            try await store.set(.postingStore, to: answer.storeID)
        }
        state.withLockedValue { $0.obstacle = nil }
        return true
    }

    private func accept(
        _ verdict: StoreAnchor.Verdict,
        _ message: String,
        _ own: StoreAnchor.Own,
        _ ledger: StoreAnchor.Ledger
    ) async throws {
        guard state.withLockedValue({ $0.accepted }) != message else { return }
        var floor: Int64?
        if case .ownIsOlder(_, let number) = verdict { floor = number }
        try await store.accept(
            ledger: ledger.store,
            numberFloor: floor,
            audit: AuditEvent(
                outcome: .allowed,
                actor: "operator",
                action: "accept_restored_store",
                subject: "batch.db",
                reason: message,
                change: try AuditChange(
                    before: Accepted(ledger: own.knownLedger, number: own.highestNumber),
                    after: Accepted(
                        ledger: ledger.store,
                        number: max(own.highestNumber, floor ?? 0)
                    )
                ).text()
            ),
            at: now()
        )
        state.withLockedValue { $0.accepted = message }
        logger.warning("a restored store was accepted", metadata: ["found": "\(message)"])
    }

    /// What acceptance may change, as its audit event tells it.
    private struct Accepted: Encodable {
        let ledger: String?
        /// The newest number of a set that is known here.
        let number: Int64
    }

    private func report(_ message: String) {
        let isNew = state.withLockedValue { state in
            defer { state.obstacle = message }
            return state.obstacle != message
        }
        if isNew { logger.critical("stores differ", metadata: ["found": "\(message)"]) }
    }
}
