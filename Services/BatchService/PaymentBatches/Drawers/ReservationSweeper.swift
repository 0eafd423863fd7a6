internal import ServiceStore
package import Logging
package import ServiceRuntime
internal import Storage

/// Gives back reservations that nobody has used or given back: their asker was killed in between.
///
/// posting-service is asked after them; once it says that one is not booked, it never will be.
package struct ReservationSweeper: Sendable {
    package static let ageMilliseconds: Int64 = 30_000
    package static let periodMilliseconds: Int64 = 5_000
    package static let maximumReservations = 500

    private let parts: PaymentParts
    private let ledger: any LedgerClient
    private let logger: Logger

    package init(_ parts: PaymentParts, ledger: any LedgerClient, logger: Logger) {
        self.parts = parts
        self.ledger = ledger
        self.logger = logger
    }

    package var loop: BackgroundLoop {
        BackgroundLoop(
            "reservation_sweeper",
            "Gives back drawer reservations that nobody has used.",
            every: .milliseconds(Self.periodMilliseconds)
        ) {
            try await sweep()
            return nil
        }
    }

    /// Asks after the oldest reservations; how many were given back.
    @discardableResult
    package func sweep() async throws -> Int {
        let now = parts.environment.now()
        let old = try await oldReservations(before: now - Self.ageMilliseconds)
        let forgotten = now - DrawerReservations.memoryMilliseconds
        var unbooked: [String] = []
        if !old.isEmpty {
            let booked = Set(try await ledger.booked(old))
            unbooked = old.filter { !booked.contains($0) }
        }
        let released = unbooked
        let hasForgettable = try await hasForgettable(before: forgotten)
        guard !released.isEmpty || hasForgettable else { return 0 }
        try await parts.store.writeRepeatedly { transaction in
            try DrawerReservations.release(released, in: transaction)
            try transaction.execute(
                "DELETE FROM drawer_reservation WHERE amount = 0 AND made_at <= ?1",
                [.integer(forgotten)]
            )
        }
        if !released.isEmpty {
            logger.notice(
                "drawer reservations were given back",
                metadata: ["count": "\(released.count)"]
            )
        }
        return released.count
    }

    private func oldReservations(before moment: Int64) async throws -> [String] {
        try await parts.store.read { transaction in
            var ids: [String] = []
            try transaction.rows(
                """
                SELECT id FROM drawer_reservation
                WHERE amount > 0 AND (made_at <= ?1 OR made_at > ?2)
                ORDER BY made_at LIMIT ?3
                """,
                [
                    .integer(moment),
                    // Made before the clock was set back.
                    .integer(moment + 2 * Self.ageMilliseconds),
                    .integer(Int64(Self.maximumReservations)),
                ]
            ) { ids.append($0.string(0)) }
            return ids
        }
    }

    private func hasForgettable(before moment: Int64) async throws -> Bool {
        try await parts.store.read { transaction in
            try transaction.integer(
                "SELECT 1 FROM drawer_reservation WHERE amount = 0 AND made_at <= ?1 LIMIT 1",
                [.integer(moment)]
            ) != nil
        }
    }
}
