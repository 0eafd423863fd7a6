/// Why a token is not accepted, in the order in which it is judged.
///
/// The word goes to the audit trail; the caller hears one and the same answer for all of them but
/// `wrongScope`, so that nothing can be learnt by trying (faults ).
package enum TokenFault: String, Error, Sendable, CaseIterable {
    case noToken = "no_token"
    case tooLong = "too_long"
    case malformed
    case wrongAlgorithm = "wrong_algorithm"
    case wrongType = "wrong_type"
    /// The header holds a member beside `alg`, `typ` and `kid`: `jku`, `x5u`, `jwk`, `crit` …
    case foreignHeader = "foreign_header"
    case unknownKey = "unknown_key"
    case badSignature = "bad_signature"
    case malformedClaims = "malformed_claims"
    case wrongIssuer = "wrong_issuer"
    case wrongAudience = "wrong_audience"
    case livesTooLong = "lives_too_long"
    case notYetValid = "not_yet_valid"
    case expired
    case revokedToken = "revoked_token"
    case revokedKey = "revoked_key"
    case unknownAccount = "unknown_account"
    case inactiveAccount = "inactive_account"
    /// A service's own token came over another's certificate (fault A-06).
    case wrongPeer = "wrong_peer"
    /// The token is good, but does not hold the scope that the method needs.
    case wrongScope = "wrong_scope"
}
