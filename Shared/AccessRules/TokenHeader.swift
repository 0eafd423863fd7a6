/// The header of an access token: which of our keys signed it, and nothing else.
///
/// The algorithm is fixed, not chosen by the token (RFC 8725 section 3.1; fault A-01), the type
/// must be that of RFC 9068 section 2.1 (fault A-04), and members that point to other keys are
/// refused, never followed (fault A-05).
package struct TokenHeader: Sendable, Hashable {
    package static let algorithm = "ES256"
    package static let type = "at+jwt"
    package static let maximumKeyIDBytes = 64

    package let keyID: String

    package init(_ bytes: some Collection<UInt8>) throws(TokenFault) {
        guard let document = TokenDocument(bytes) else { throw .malformed }
        guard document.string("alg") == Self.algorithm else { throw .wrongAlgorithm }
        guard document.string("typ") == Self.type else { throw .wrongType }
        guard Set(document.members.keys).isSubset(of: ["alg", "typ", "kid"]) else {
            throw .foreignHeader
        }
        guard let keyID = document.string("kid"), !keyID.isEmpty,
            keyID.utf8.count <= Self.maximumKeyIDBytes
        else { throw .unknownKey }
        self.keyID = keyID
    }
}
