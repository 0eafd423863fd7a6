internal import Crypto
internal import Dates
internal import Identity
internal import Protocol

/// Everything that auth-service judges by, as it stands in the store; a value that is loaded whole.
struct Directory: Sendable {
    struct Account: Sendable {
        var isActive: Bool
        /// In the order in which they are listed.
        var scopes: [String]
    }

    struct Key: Sendable {
        let keyID: String
        let account: String
        let digest: [UInt8]
        let note: String
        let createdAt: Int64
        let expiresAt: Int64?
        let revokedAt: Int64?
        let lastUsedAt: Int64?
    }

    struct SigningKey: Sendable {
        let keyID: String
        let privateKey: P256PrivateKey
        /// Milliseconds since 1970.
        let signsFrom: Int64
        let verifiesUntil: Int64?
    }

    /// Who issues the tokens of a deployment.
    static let issuer = "bursar://service/auth-service"
    /// How long a revocation is told: the longest life of a token, and a minute for clocks.
    static let revocationMilliseconds: Int64 = 3_660_000

    /// How long a change takes to be known by every service that can ask: their period, and a moment
    /// for the answer.
    static let spreadMilliseconds: Int64 = 1_200

    /// Rises with every change; milliseconds since 1970 of the newest one, or just above.
    var version: Int64
    var accounts: [ByteText: Account]
    var keys: [ByteText: Key]
    var sources: [AccessSnapshot.Source]
    var revokedTokens: [ByteText: Int64]
    /// Oldest first.
    var signingKeys: [SigningKey]
    /// By name.
    var roles: [StaffRole]
    /// By number; active and inactive ones.
    var staff: [StaffUser]

    /// The key to sign with at `now`: the newest that every service has had time to learn.
    func signer(now: Int64) -> SigningKey? {
        signingKeys.filter { SigningKeys.publication.isOver($0.signsFrom, at: now) }.max {
            $0.signsFrom < $1.signsFrom
        }
    }

    /// When something is to be forgotten next.
    func nextForgetting() -> Int64 {
        (signingKeys.compactMap(\.verifiesUntil) + Array(revokedTokens.values)).min() ?? .max
    }

    /// What services judge by.
    func snapshot(now: Int64) -> AccessSnapshot {
        AccessSnapshot(
            version: version,
            issuer: Self.issuer,
            keys: signingKeys.map { key in
                let (x, y) = key.privateKey.publicKey.coordinates
                return AccessSnapshot.VerificationKey(kid: key.keyID, x: x, y: y)
            },
            accounts: accounts.sorted { $0.key < $1.key }.map { name, account in
                AccessSnapshot.Account(
                    account: name.string,
                    active: account.isActive,
                    scopes: account.scopes
                )
            },
            revokedKeys: keys.values
                .filter { key in
                    key.revokedAt.map { $0 + Self.revocationMilliseconds > now } ?? false
                }
                .map(\.keyID).sorted(),
            revokedTokens: revokedTokens.keys.sorted().map(\.string),
            sources: sources,
            roles: roles,
            staff: staff
        )
    }
}
