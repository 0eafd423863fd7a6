internal import Crypto
internal import AccessRules
internal import Dates
internal import ServiceRuntime
internal import Storage

/// Makes and replaces the keys that tokens are signed with.
enum SigningKeys {
    /// How long a new key is published before it signs.
    ///
    /// A service whose snapshot is older than five seconds refuses everything, so after this time
    /// every service that judges at all knows the new key: no token is refused by a rotation.
    static let publicationMilliseconds = AccessGate.maximumAgeSeconds * 1_000 + 1_000
    static let publication = BoundedWait(longest: publicationMilliseconds)
    /// How long a key verifies after its successor began to sign: its last token's life and a minute.
    static let retirementMilliseconds = (TokenClaims.maximumLifeSeconds + 60) * 1_000

    /// Inserts a new key that signs from `signsFrom` on; older ones retire after that.
    static func insert(
        signsFrom: Int64,
        now: Int64,
        into transaction: WriteTransaction
    ) throws
        -> String
    {
        let keyID = Hexadecimal.encode(RandomBytes.make(8))
        let pem = try P256PrivateKey().pem()
        try transaction.execute(
            "UPDATE signing_key SET verifies_until = ?1 WHERE verifies_until IS NULL",
            [.integer(signsFrom + retirementMilliseconds)]
        )
        try transaction.execute(
            """
            INSERT INTO signing_key (key_id, private_pem, created_at, signs_from, verifies_until)
            VALUES (?1, ?2, ?3, ?4, NULL)
            """,
            [.text(keyID), .text(pem), .integer(now), .integer(signsFrom)]
        )
        return keyID
    }

    /// A key that is published and does not sign yet.
    static func pending(
        _ transaction: ReadTransaction,
        now: Int64
    ) throws -> (keyID: String, signsFrom: Int64)? {
        try transaction.first(
            """
            SELECT key_id, signs_from FROM signing_key
            WHERE signs_from > ?1 AND signs_from <= ?2
            ORDER BY signs_from DESC LIMIT 1
            """,
            [.integer(now), .integer(publication.horizon(at: now))]
        ) { ($0.string(0), $0.int64(1)) }
    }
}
