internal import Crypto

/// An API key as its holder presents it: `brs_<key id>_<secret>`.
///
/// The id stands in clear, so that a key is found by it and named in logs and audit; the secret is
/// 256 random bits. For such a secret SHA-256 is enough: slow hashes protect what people choose,
/// and 2^256 values cannot be tried at any speed, while a slow hash would hand every stranger a way
/// to load this service.
struct APIKey: Sendable {
    static let prefix = "brs_"
    /// Longest key in bytes that is looked at.
    static let maximumBytes = 256
    /// Shortest key of another shape, such as an operator brings along at the first start.
    static let minimumForeignBytes = 32
    private static let keyIDBytes = 8
    private static let secretBytes = 32

    let keyID: String
    /// SHA-256 of the whole text.
    let digest: [UInt8]

    /// Takes a presented key apart; nil where the text can be none.
    ///
    /// A text of another shape gets an id made from its digest, of which nothing can be learnt.
    init?(presented text: String) {
        let bytes = text.utf8
        guard (Self.minimumForeignBytes...Self.maximumBytes).contains(bytes.count),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        digest = SHA256.digest(text)
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3, text.hasPrefix(Self.prefix), parts[1].utf8.count == 16,
            parts[1].utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        {
            keyID = String(parts[1])
        } else {
            keyID = Hexadecimal.encode(SHA256.digest("key id of " + text).prefix(Self.keyIDBytes))
        }
    }

    /// A new key and its text, which is not kept.
    static func make() -> (key: APIKey, text: String) {
        let keyID = Hexadecimal.encode(RandomBytes.make(keyIDBytes))
        let text = prefix + keyID + "_" + Base64URL.encode(RandomBytes.make(secretBytes))
        return (APIKey(keyID: keyID, digest: SHA256.digest(text)), text)
    }

    private init(keyID: String, digest: [UInt8]) {
        self.keyID = keyID
        self.digest = digest
    }
}
