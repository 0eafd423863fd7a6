internal import Crypto
internal import Identity
internal import JSON
internal import Protocol
internal import AccessRules

/// Writes access tokens (RFC 9068): ES256, typed `at+jwt`, naming their key.
enum TokenSigner {
    private struct Claims: Encodable {
        let aud = TokenClaims.audience
        let client_id: String
        let exp: Int64
        let iat: Int64
        let iss: String
        let jti: String
        let nbf: Int64
        let scope: String
        let sub: String
    }

    static func sign(_ claims: TokenClaims, with key: Directory.SigningKey) throws -> String {
        let header = JSONWriter.object { json in
            json.member("alg", TokenHeader.algorithm)
            json.member("typ", TokenHeader.type)
            json.member("kid", key.keyID)
        }
        let payload = try StrictJSON.encode(
            Claims(
                client_id: claims.keyID,
                exp: claims.expiresAt,
                iat: claims.issuedAt,
                iss: claims.issuer,
                jti: claims.tokenID,
                nbf: claims.notBefore,
                scope: claims.scopes.map(\.rawValue).joined(separator: " "),
                sub: claims.account
            )
        )
        let signed = Base64URL.encode(header) + "." + Base64URL.encode(payload)
        let signature = try key.privateKey.sign(Array(signed.utf8))
        return signed + "." + Base64URL.encode(signature)
    }
}
