internal import Dates
internal import Identity
internal import NIOConcurrencyHelpers

/// The texts of keys made in the last minutes, in memory only, so that a caller whose first answer
/// was lost gets the same answer again under its idempotency key.
final class RecentKeys: Sendable {
    private static let life = BoundedWait(longest: 600_000)
    static let maximumCount = 100

    private let held = NIOLockedValueBox<[ByteText: (text: String, until: Int64)]>([:])

    func keep(_ text: String, of keyID: String, now: Int64) {
        held.withLockedValue { held in
            held = held.filter { !Self.life.isOver($0.value.until, at: now) }
            guard held.count < Self.maximumCount else { return }
            held[keyID] = (text, Self.life.horizon(at: now))
        }
    }

    func text(of keyID: String, now: Int64) -> String? {
        held.withLockedValue { held in
            held[keyID].flatMap { Self.life.isOver($0.until, at: now) ? nil : $0.text }
        }
    }
}
