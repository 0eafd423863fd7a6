package import Crypto
package import AccessRules

/// A compact token (RFC 7515 section 7.1) taken apart: nothing of it is believed yet.
package struct SignedToken: Sendable {
    /// Longest token in bytes.
    package static let maximumBytes = 8 << 10
    private static let signatureBytes = 64

    package let header: TokenHeader
    /// The claims as JSON; to be read only once the signature has been verified.
    package let payload: [UInt8]
    package let signature: [UInt8]
    /// The bytes that were signed.
    package let signedBytes: [UInt8]

    package init(_ text: String) throws(TokenFault) {
        guard !text.isEmpty else { throw .noToken }
        guard text.utf8.count <= Self.maximumBytes else { throw .tooLong }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let headerBytes = Base64URL.decode(Substring(parts[0])) else {
            throw .malformed
        }
        header = try TokenHeader(headerBytes)
        guard let payload = Base64URL.decode(Substring(parts[1])) else { throw .malformed }
        guard let signature = Base64URL.decode(Substring(parts[2])),
            signature.count == Self.signatureBytes
        else { throw .badSignature }
        self.payload = payload
        self.signature = signature
        signedBytes = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    }

    /// The claims, if `key` signed them (ES256, and nothing else).
    package func claims(verifiedBy key: P256PublicKey) throws(TokenFault) -> TokenClaims {
        guard key.verify(signature, of: signedBytes) else { throw .badSignature }
        return try TokenClaims(payload)
    }
}
