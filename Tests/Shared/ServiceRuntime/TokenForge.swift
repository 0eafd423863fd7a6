import Crypto
import Foundation
import Identity
import Protocol
import ServiceRuntime

/// Makes tokens, good and bad, and the snapshot that they are judged by.
struct TokenForge {
    static let now: Int64 = 1_900_000_000
    static let account = "system-xyz"
    static let keyID = "00112233aabbccdd"

    let kid = "signing-key-1"
    let key: P256PrivateKey

    init() throws { key = try P256PrivateKey() }

    /// The claims of a good token; `replacing` sets members, a nil removes one.
    func claims(_ replacing: [String: String?] = [:]) -> [UInt8] {
        var members: [String: String] = [
            "iss": #""bursar://service/auth-service""#, "aud": #""bursar""#,
            "sub": #""\#(Self.account)""#, "client_id": #""\#(Self.keyID)""#,
            "jti": #""token-1""#, "iat": "\(Self.now)", "nbf": "\(Self.now)",
            "exp": "\(Self.now + 3_600)",
            "scope": #""\#(Scope.postingBatchesWrite.rawValue)""#,
        ]
        for (name, value) in replacing { members[name] = value }
        let pairs = members.sorted { $0.key < $1.key }.map { #""\#($0.key)":\#($0.value)"# }
        return Array(("{" + pairs.joined(separator: ",") + "}").utf8)
    }

    /// The header of a good token, with members set or removed as in `claims`.
    func header(_ replacing: [String: String?] = [:]) -> [UInt8] {
        var members: [String: String] = [
            "alg": #""ES256""#, "typ": #""at+jwt""#, "kid": #""\#(kid)""#,
        ]
        for (name, value) in replacing { members[name] = value }
        let pairs = members.sorted { $0.key < $1.key }.map { #""\#($0.key)":\#($0.value)"# }
        return Array(("{" + pairs.joined(separator: ",") + "}").utf8)
    }

    /// A token signed with our key, whatever stands in it.
    func token(header: [UInt8]? = nil, claims: [UInt8]? = nil) throws -> String {
        let signed = signingInput(header: header, claims: claims)
        return signed + "." + Base64URL.encode(try key.sign(Array(signed.utf8)))
    }

    func signingInput(header: [UInt8]? = nil, claims: [UInt8]? = nil) -> String {
        Base64URL.encode(header ?? self.header()) + "." + Base64URL.encode(claims ?? self.claims())
    }

    /// The public key as whoever confuses algorithms would use it: as PEM, as JWK, as a point.
    var publicKeyTexts: [String: [UInt8]] {
        let (x, y) = key.publicKey.coordinates
        let prefix: [UInt8] = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
            0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
        ]
        let der = prefix + key.publicKey.x + key.publicKey.y
        let body = Data(der).base64EncodedString(options: [
            .lineLength64Characters, .endLineWithLineFeed,
        ])
        let pem = "-----BEGIN PUBLIC KEY-----\n\(body)\n-----END PUBLIC KEY-----\n"
        return [
            "pem": Array(pem.utf8), "der": der,
            "jwk": Array(#"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#.utf8),
        ]
    }

    func snapshot(
        version: Int64 = 1,
        active: Bool = true,
        scopes: [Scope] = [.postingBatchesWrite],
        revokedKeys: [String] = [],
        revokedTokens: [String] = [],
        otherKeys: [TokenForge] = [],
        roles: [StaffRole] = [],
        staff: [StaffUser] = []
    ) -> AccessSnapshot {
        let (x, y) = key.publicKey.coordinates
        let others = otherKeys.map { forge in
            let (x, y) = forge.key.publicKey.coordinates
            return AccessSnapshot.VerificationKey(kid: "other", x: x, y: y)
        }
        return AccessSnapshot(
            version: version,
            issuer: "bursar://service/auth-service",
            keys: [AccessSnapshot.VerificationKey(kid: kid, x: x, y: y)] + others,
            accounts: [
                AccessSnapshot.Account(
                    account: Self.account,
                    active: active,
                    scopes: scopes.map(\.rawValue)
                ),
                AccessSnapshot.Account(
                    account: "batch-service",
                    active: true,
                    scopes: [Scope.postingTasksWrite.rawValue]
                ),
            ],
            revokedKeys: revokedKeys,
            revokedTokens: revokedTokens,
            sources: [
                AccessSnapshot.Source(
                    sourceName: "SYSTEM_XYZ",
                    account: Self.account,
                    commitPolicy: .allOrNothing
                )
            ],
            roles: roles,
            staff: staff
        )
    }
}
