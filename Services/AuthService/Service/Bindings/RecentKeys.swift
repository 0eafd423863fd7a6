internal import NIOConcurrencyHelpers

/// The texts of keys made in the last minutes, in memory only, so that a caller whose first answer
/// was lost gets the same answer again under its idempotency key.
final class RecentKeys: Sendable {
    static let lifeMilliseconds: Int64 = 600_000
    static let maximumCount = 100

    private let held = NIOLockedValueBox<[String: (text: String, until: Int64)]>([:])

    func keep(_ text: String, of keyID: String, now: Int64) {
        held.withLockedValue { held in
            held = held.filter { $0.value.until > now }
            guard held.count < Self.maximumCount else { return }
            held[keyID] = (text, now + Self.lifeMilliseconds)
        }
    }

    func text(of keyID: String, now: Int64) -> String? {
        held.withLockedValue { held in
            held[keyID].flatMap { $0.until > now ? $0.text : nil }
        }
    }
}
