package import Identity

/// A caller that was turned away for what its certificate is or is not; to be audited (design 4.1).
package struct Refusal: Sendable {
    /// A stable word, such as `no_certificate`, `certificate_expired`, `untrusted_certificate`,
    /// `wrong_usage`, `wrong_identity` or `caller_not_allowed`.
    package let reason: String
    /// Nil where the certificate was not accepted.
    package let peer: PeerIdentity?
    package let peerAddress: String
    /// The method asked for, once a call was made.
    package let method: String?
    package let requestID: String
    /// For the log: names no secret.
    package let detail: String
}
