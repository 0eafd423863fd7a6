package import Dates
internal import NIOConcurrencyHelpers
package import Storage

/// The right of one instance to do a piece of the clock's work, for a limited time.
///
/// It keeps instances from doing the same work twice; what is done is harmless when it is, so that
/// nothing has to be fenced behind it.
package final class WorkLease: Sendable {
    /// Part of a migration of the store.
    package static let table = """
        CREATE TABLE work_lease(
            name TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            until BIGINT NOT NULL
        );
        """

    package static let length = BoundedWait(longest: 5_000)

    private let store: Store
    private let name: String
    private let owner: String
    /// When the lease that this instance holds runs out; zero where it holds none.
    private let until = NIOLockedValueBox<Int64>(0)

    package init(_ name: String, owner: String, store: Store) {
        self.store = store
        self.name = name
        self.owner = owner
    }

    /// Whether this instance holds the lease now; it is taken or renewed where that is possible.
    package func isHeld(at now: Int64) async throws -> Bool {
        let known = until.withLockedValue { $0 }
        // Renewed when a third of it is over, so that most calls cost nothing.
        if known - now > Self.length.longest * 2 / 3, !Self.length.isOver(known, at: now) {
            return true
        }
        let (name, owner) = (name, owner)
        let end = Self.length.horizon(at: now)
        let isHeld = try await store.write { transaction in
            try transaction.execute(
                """
                INSERT INTO work_lease(name, owner, until) VALUES(?1, ?2, ?3)
                ON CONFLICT(name) DO UPDATE SET owner = excluded.owner, until = excluded.until
                WHERE work_lease.owner = excluded.owner OR work_lease.until <= ?4
                    OR work_lease.until > excluded.until
                """,
                [.text(name), .text(owner), .integer(end), .integer(now)]
            ) == 1
        }
        until.withLockedValue { $0 = isHeld ? end : 0 }
        return isHeld
    }

    /// Ends the leases of every other instance where the store is exclusive.
    ///
    /// They are a dead one's then (fault C-14); elsewhere they run out.
    package static func endOthers(than owner: String, in store: Store) async throws {
        guard store.isExclusive else { return }
        try await store.write { transaction in
            _ = try transaction.execute(
                "UPDATE work_lease SET until = 0 WHERE owner <> ?1",
                [.text(owner)]
            )
        }
    }
}
