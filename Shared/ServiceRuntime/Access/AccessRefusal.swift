package import Protocol
package import AccessRules

/// Why a call was not let in, with what is known of the caller for the audit trail.
package struct AccessRefusal: Error, Sendable {
    package enum Reason: Sendable, Hashable {
        case token(TokenFault)
        /// Nothing can be judged: no snapshot, or one older than five seconds (fault A-12).
        case stale
    }

    package let reason: Reason
    /// What the token states; only where its signature is good.
    package let claims: TokenClaims?

    package init(_ reason: Reason, claims: TokenClaims? = nil) {
        self.reason = reason
        self.claims = claims
    }

    /// The stable word of the audit trail.
    package var word: String {
        switch reason {
        case .token(let fault): fault.rawValue
        case .stale: "access_unavailable"
        }
    }

    /// What the caller hears: one body for everything that is wrong with a token, one for a missing
    /// scope, and that the service is unavailable where it cannot judge (design 1.7).
    package var error: RPCError {
        switch reason {
        case .token(.wrongScope): .forbidden
        case .token: .unauthenticated
        case .stale: .unavailable("Access cannot be judged at the moment.")
        }
    }
}
