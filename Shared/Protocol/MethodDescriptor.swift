package import Identity

/// One method of one service: its name, who may call it, what it needs and how large it may be.
///
/// The tables of descriptors (`AuthMethods`, `BatchMethods`, …) are the whole public surface between
/// processes; HELLO announces them, `bursar.describe` prints them and every server enforces them.
package struct MethodDescriptor: Sendable, Hashable {
    /// Who may call a method, judged by the certificate alone.
    package enum Callers: Sendable, Hashable {
        /// Every certificate of the deployment.
        case anyone
        /// The gateway and the internal systems (`bursar://client/…`), which bring a user's token.
        case edgeAndClients
        /// Only the services named.
        case services(Set<ServiceName>)

        /// Whether a certificate that names `peer` may call.
        package func admits(_ peer: PeerIdentity) -> Bool {
            switch self {
            case .anyone:
                true
            case .edgeAndClients:
                peer.kind == .client || peer == .service(.gateway)
            case .services(let names):
                names.contains { peer == .service($0) }
            }
        }
    }

    /// What the caller must prove beside its certificate.
    package enum Authority: Sendable, Hashable {
        /// The certificate suffices.
        case certificate
        /// Any live token.
        case token
        /// A live token that holds this scope.
        case scope(Scope)
    }

    package let name: String
    package let summary: String
    package let callers: Callers
    package let authority: Authority
    /// A second call with the same body or key has no further effect.
    package let isIdempotent: Bool
    /// The method changes money: unknown fields are errors and the call is audited.
    package let changesMoney: Bool
    /// Largest request body in bytes.
    package let maximumRequestBytes: Int
    /// Largest reply body in bytes.
    package let maximumReplyBytes: Int
    /// Seconds a call may take when the caller names no deadline.
    package let defaultTimeoutSeconds: Int
    /// The parameters object of the header document, or of the body, in words: `name: type`.
    package let requestShape: String
    package let replyShape: String

    package init(
        _ name: String,
        _ summary: String,
        callers: Callers,
        authority: Authority,
        isIdempotent: Bool = true,
        changesMoney: Bool = false,
        maximumRequestBytes: Int = 4 << 20,
        maximumReplyBytes: Int = 4 << 20,
        defaultTimeoutSeconds: Int = 30,
        request: String,
        reply: String
    ) {
        self.name = name
        self.summary = summary
        self.callers = callers
        self.authority = authority
        self.isIdempotent = isIdempotent
        self.changesMoney = changesMoney
        self.maximumRequestBytes = maximumRequestBytes
        self.maximumReplyBytes = maximumReplyBytes
        self.defaultTimeoutSeconds = defaultTimeoutSeconds
        self.requestShape = request
        self.replyShape = reply
    }
}
