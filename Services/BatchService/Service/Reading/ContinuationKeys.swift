package import BatchRules
internal import Crypto

/// Continuation keys: a page's place in its found set, signed, so that nothing about it need be kept.
///
/// A key is good for the caller who was given it, for twelve hours, on any restart of the service.
package struct ContinuationKeys: Sendable {
    private static let codeBytes = 16
    private let secret: [UInt8]

    package init(secret: [UInt8]) { self.secret = secret }

    /// The store's own secret, made at first use.
    package static func open(_ store: BatchStore) async throws -> ContinuationKeys {
        if let text = try await store.setting(.continuationSecret) {
            return ContinuationKeys(secret: Array(text.utf8))
        }
        let text = Hexadecimal.encode(RandomBytes.make(32))
        try await store.set(.continuationSecret, to: text)
        return ContinuationKeys(secret: Array(text.utf8))
    }

    package func seal(_ point: ContinuationPoint, for account: String) -> String {
        let bytes = point.encoded()
        return Base64URL.encode(bytes + code(of: bytes, account))
    }

    /// What the key says; nil where it is not one that this caller was given.
    package func open(_ key: String, for account: String) -> ContinuationPoint? {
        guard let all = Base64URL.decode(key), all.count > Self.codeBytes else { return nil }
        let bytes = Array(all.dropLast(Self.codeBytes))
        let found = Array(all.suffix(Self.codeBytes))
        guard constantTimeEquals(found, code(of: bytes, account)) else { return nil }
        return ContinuationPoint(encoded: bytes)
    }

    private func code(of bytes: [UInt8], _ account: String) -> [UInt8] {
        let message = bytes + Array(account.utf8)
        let length = withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { Array($0) }
        return Array(HMACSHA256.code(of: length + message, key: secret).prefix(Self.codeBytes))
    }
}
