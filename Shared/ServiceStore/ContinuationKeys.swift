internal import Crypto
internal import NIOConcurrencyHelpers
package import Storage

/// Continuation keys: where the next page of a list begins, signed, so that nothing about it need be
/// kept and nobody can make one up.
///
/// A key is good for the account and the list that it was given for, until it expires, on any restart
/// of the service. Shape: base64url of the expiry (8 bytes), the list's own payload and 16 bytes of
/// HMAC-SHA-256. The secret stands in the store, made at first use.
package final class ContinuationKeys: Sendable {
    /// Part of a migration of the store.
    package static let table = """
        CREATE TABLE continuation_secret(
            id INTEGER PRIMARY KEY CHECK (id = 1),
            secret BLOB NOT NULL
        );
        """

    /// How long a key is good for (contract A1-22).
    package static let lifetimeMilliseconds: Int64 = 12 * 60 * 60 * 1_000

    private static let codeBytes = 16
    private static let expiryBytes = 8

    /// What a key says.
    package enum Reading: Sendable, Equatable {
        case payload([UInt8], expiresAt: Int64)
        /// Not one that this account was given for this list.
        case unknown
        case expired
    }

    private let store: Store
    private let known = NIOLockedValueBox<[UInt8]?>(nil)

    package init(_ store: Store) { self.store = store }

    /// The key of a payload; `expiresAt` is in milliseconds since 1970.
    package func seal(
        _ payload: [UInt8],
        of list: String,
        for account: String,
        expiresAt: Int64
    ) async throws -> String {
        let content = Self.bytes(expiresAt) + payload
        let code = Self.code(of: content, list, account, try await secret())
        return Base64URL.encode(content + code)
    }

    /// Reads a key that came from outside.
    ///
    /// - Throws: `StoreError`.
    package func open(
        _ key: String,
        of list: String,
        for account: String,
        at now: Int64
    ) async throws -> Reading {
        let least = Self.expiryBytes + Self.codeBytes
        guard let all = Base64URL.decode(key), all.count >= least else { return .unknown }
        let content = Array(all.dropLast(Self.codeBytes))
        let code = Self.code(of: content, list, account, try await secret())
        guard constantTimeEquals(Array(all.suffix(Self.codeBytes)), code) else { return .unknown }
        let expiry = content.prefix(Self.expiryBytes).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard now < expiry else { return .expired }
        return .payload(Array(content.dropFirst(Self.expiryBytes)), expiresAt: expiry)
    }

    /// List and account stand with their lengths, so that no two pairs read alike.
    private static func code(
        of content: [UInt8],
        _ list: String,
        _ account: String,
        _ secret: [UInt8]
    ) -> [UInt8] {
        var message: [UInt8] = []
        for text in [list, account] {
            message += bytes(Int64(text.utf8.count))
            message += text.utf8
        }
        return Array(HMACSHA256.code(of: message + content, key: secret).prefix(codeBytes))
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private func secret() async throws -> [UInt8] {
        if let secret = known.withLockedValue({ $0 }) { return secret }
        let held = try await store.read { try Self.held(in: $0) }
        let secret: [UInt8]
        if let held { secret = held } else { secret = try await make() }
        known.withLockedValue { $0 = secret }
        return secret
    }

    /// Of two callers at once the first makes it.
    private func make() async throws -> [UInt8] {
        try await store.write { transaction in
            if let held = try Self.held(in: transaction) { return held }
            let secret = RandomBytes.make(32)
            try transaction.execute(
                "INSERT INTO continuation_secret(id, secret) VALUES(1, ?1)",
                [.blob(secret)]
            )
            return secret
        }
    }

    private static func held(in transaction: ReadTransaction) throws -> [UInt8]? {
        try transaction.first("SELECT secret FROM continuation_secret") { Array($0.blob(0)) }
    }
}
