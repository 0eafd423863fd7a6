internal import HTTP2
package import Identity
internal import NIOCore
package import Protocol
internal import ScopeRules
package import ServiceRuntime

/// The edge's own part of answering a request: the head, the route, the caller, the kind of body;
/// then an endpoint turns it into one call of a service.
///
/// Everything is judged before the body is read, so that a refusal costs no more than its head.
package struct Gateway: EdgeResponder {
    /// Judges a token for an endpoint.
    package typealias Authorize =
        @Sendable (String?, MethodDescriptor.Authority) -> Result<Principal?, AccessRefusal>

    private let router: Router
    private let authorize: Authorize
    private let audit: @Sendable (AuditEvent) -> Void
    private let report: @Sendable (any Error, EdgeRequest) -> Void
    private let onEnd: @Sendable (ExchangeRecord) -> Void

    /// `report` is told of errors that are no refusal: bugs, and services that cannot do their work.
    package init(
        endpoints: [Endpoint],
        authorize: @escaping Authorize,
        audit: @escaping @Sendable (AuditEvent) -> Void,
        report: @escaping @Sendable (any Error, EdgeRequest) -> Void,
        onEnd: @escaping @Sendable (ExchangeRecord) -> Void
    ) {
        router = Router(endpoints)
        self.authorize = authorize
        self.audit = audit
        self.report = report
        self.onEnd = onEnd
    }

    package func exchangeEnded(_ record: ExchangeRecord) { onEnd(record) }

    package func respond(to request: EdgeRequest) async -> EdgeReply {
        do {
            return try await route(request)
        } catch {
            return reply(to: error, request)
        }
    }

    private func route(_ request: EdgeRequest) async throws -> EdgeReply {
        if let fault = request.headFault { throw fault }
        guard let target = request.target else { throw HeadFault.targetUnreadable }
        guard let found = router.find(target.path) else { return ErrorBodies.notFound }
        guard let endpoint = found.endpoint(for: request.method) else {
            return request.method == .options
                ? EdgeReply(204, headers: [("allow", found.allowed)])
                : ErrorBodies.methodNotAllowed(found.allowed)
        }
        let token = BearerToken.read(request.fields.authorization)
        try judge(endpoint, token, request, target)
        let maximum = try BodyRules.judge(endpoint.body, request)
        guard let query = QueryItems(target.query) else { throw HeadFault.targetUnreadable }
        let call = EdgeCall(
            request: request,
            query: query,
            parameters: found.parameters,
            token: token,
            maximumBodyBytes: maximum
        )
        return try await endpoint.handle(call)
    }

    // MARK: Access

    private func judge(
        _ endpoint: Endpoint,
        _ token: String?,
        _ request: EdgeRequest,
        _ target: RequestTarget
    ) throws {
        let authorities: [MethodDescriptor.Authority] =
            switch endpoint.access {
            case .open: []
            case .token: [.token]
            case .scope(let scope): [.scope(scope)]
            case .anyScope(let scopes): scopes.map { .scope($0) }
            }
        guard let first = authorities.first else { return }
        var refused: AccessRefusal?
        for authority in authorities {
            guard case .failure(let refusal) = authorize(token, authority) else { return }
            refused = refusal
            // What is wrong with the token itself is wrong for every scope.
            guard refusal.reason == .token(.wrongScope) else { break }
        }
        guard let refused else { return }
        record(refused, first, request, target)
        throw refused.error
    }

    /// Every refused attempt is on record (contract S1-3).
    private func record(
        _ refusal: AccessRefusal,
        _ authority: MethodDescriptor.Authority,
        _ request: EdgeRequest,
        _ target: RequestTarget
    ) {
        let scope = if case .scope(let scope) = authority { scope.rawValue } else { "" }
        audit(
            AuditEvent(
                at: "",
                origin: "",
                originID: "",
                outcome: .refused,
                actor: refusal.claims?.account ?? "",
                keyID: refusal.claims?.keyID ?? "",
                tokenID: refusal.claims?.tokenID ?? "",
                peer: request.clientAddress,
                action: "\(request.method.rawValue) \(target.path)",
                scope: scope,
                reason: refusal.word,
                requestID: request.id
            )
        )
    }

    // MARK: Errors

    private func reply(to error: any Error, _ request: EdgeRequest) -> EdgeReply {
        switch error {
        case let error as RPCError:
            return reply(to: error, request, .safe)
        case let failure as SubmissionFailure:
            return reply(to: failure.cause, request, failure.retrying)
        case let fault as HeadFault:
            return fault.reply(requestID: request.id)
        case let fault as BodyFault:
            return fault.reply(requestID: request.id)
        case let refusal as BodyRefusal:
            return refusal.reply(requestID: request.id)
        case let tooLarge as BodyTooLarge:
            return BodyRefusal.tooLarge(limit: tooLarge.limit).reply(requestID: request.id)
        case is CancellationError:
            return BodyFault.clientGone.reply(requestID: request.id)
        default:
            report(error, request)
            return ErrorMapping.reply(.internal, requestID: request.id)
        }
    }

    private func reply(
        to error: RPCError,
        _ request: EdgeRequest,
        _ retrying: ErrorMapping.Retrying
    ) -> EdgeReply {
        let reply = ErrorMapping.reply(error, requestID: request.id, retrying: retrying)
        if reply.status >= 500 { report(error, request) }
        return reply
    }
}
