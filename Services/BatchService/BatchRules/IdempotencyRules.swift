/// The rules of `Idempotency-Key`: what a key may look like and what a repeated one means.
package enum IdempotencyRules {
    /// Longest key in bytes.
    package static let maximumBytes = 255

    /// Whether `key` is 1 to 255 printable ASCII characters without spaces at its ends.
    package static func isWellFormed(_ key: String) -> Bool {
        let bytes = key.utf8
        guard (1...maximumBytes).contains(bytes.count) else { return false }
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
        return bytes.first != 0x20 && bytes.last != 0x20
    }

    package enum Verdict: Sendable, Equatable {
        /// Answer as the first time.
        case replay
        /// The key stands for another body (design 1.7: 422).
        case reused
    }

    /// Judges a key that already stands for a body with digest `first`.
    package static func judge<Digest: Equatable>(first: Digest, second: Digest) -> Verdict {
        first == second ? .replay : .reused
    }
}
