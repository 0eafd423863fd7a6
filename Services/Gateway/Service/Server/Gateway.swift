internal import HTTP2
package import Identity
internal import NIOCore
package import Protocol
internal import AccessRules
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
    private let audit: @Sendable (RefusedCall) -> Void
    private let report: @Sendable (any Error, EdgeRequest) -> Void
    private let onEnd: @Sendable (ExchangeRecord) -> Void

    /// `report` is told of errors that are no refusal: bugs, and services that cannot do their work.
    package init(
        endpoints: [Endpoint],
        authorize: @escaping Authorize,
        audit: @escaping @Sendable (RefusedCall) -> Void,
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
            return reply(to: error, request, .general)
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
        do {
            return try await serve(endpoint, found.parameters, request, target)
        } catch {
            return reply(to: error, request, endpoint.refusals)
        }
    }

    private func serve(
        _ endpoint: Endpoint,
        _ parameters: [String],
        _ request: EdgeRequest,
        _ target: RequestTarget
    ) async throws -> EdgeReply {
        let token = try await admittedToken(endpoint, request, target)
        let maximum = try BodyRules.judge(endpoint.body, request)
        guard let query = QueryItems(target.query) else { throw HeadFault.targetUnreadable }
        let call = EdgeCall(
            request: request,
            query: query,
            parameters: parameters,
            token: token,
            maximumBodyBytes: maximum
        )
        do {
            return try await endpoint.handle(call)
        } catch {
            if Self.isUnauthenticated(error) { forgetKey(endpoint, request) }
            throw error
        }
    }

    // MARK: Access

    /// The token that the endpoint lets in: the request's own, or the one of its API key.
    private func admittedToken(
        _ endpoint: Endpoint,
        _ request: EdgeRequest,
        _ target: RequestTarget
    ) async throws -> String? {
        let field = request.fields.authorization
        guard let keys = endpoint.applicationKeys, let key = Credentials.applicationKey(field)
        else {
            let token = Credentials.bearerToken(field)
            try judge(endpoint, token, request, target)
            return token
        }
        var token = try await keys.token(for: key, request)
        if token.wasRemembered, let refused = refusal(endpoint, token.jwt),
            refused.reason != .stale
        {
            // This token may have been ended alone: what the key is good for shows a new one.
            token = try await keys.newToken(for: key, request)
        }
        try judge(endpoint, token.jwt, request, target)
        return token.jwt
    }

    private func forgetKey(_ endpoint: Endpoint, _ request: EdgeRequest) {
        guard let key = Credentials.applicationKey(request.fields.authorization) else { return }
        endpoint.applicationKeys?.forget(key)
    }

    /// Throws where the endpoint does not let the token in, and puts that on record.
    private func judge(
        _ endpoint: Endpoint,
        _ token: String?,
        _ request: EdgeRequest,
        _ target: RequestTarget
    ) throws {
        guard let refused = refusal(endpoint, token) else { return }
        record(refused, endpoint, request, target)
        throw refused.error
    }

    private func refusal(_ endpoint: Endpoint, _ token: String?) -> AccessRefusal? {
        var refused: AccessRefusal?
        for authority in Self.authorities(endpoint) {
            guard case .failure(let refusal) = authorize(token, authority) else { return nil }
            refused = refusal
            // What is wrong with the token itself is wrong for every scope.
            guard refusal.reason == .token(.wrongScope) else { break }
        }
        return refused
    }

    private static func authorities(_ endpoint: Endpoint) -> [MethodDescriptor.Authority] {
        switch endpoint.access {
        case .open: []
        case .token: [.token]
        case .scope(let scope): [.scope(scope)]
        case .anyScope(let scopes): scopes.map { .scope($0) }
        }
    }

    /// Every refused attempt is on record (contract S1-3).
    private func record(
        _ refusal: AccessRefusal,
        _ endpoint: Endpoint,
        _ request: EdgeRequest,
        _ target: RequestTarget
    ) {
        let first = Self.authorities(endpoint).first
        let scope = if case .scope(let scope) = first { scope.rawValue } else { "" }
        audit(
            RefusedCall(
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

    private static func isUnauthenticated(_ error: any Error) -> Bool {
        let cause = (error as? SubmissionFailure)?.cause ?? error as? RPCError
        return cause?.status == .unauthenticated
    }

    private func reply(
        to error: any Error,
        _ request: EdgeRequest,
        _ shape: Endpoint.Refusals
    ) -> EdgeReply {
        switch error {
        case let error as RPCError:
            return reply(to: error, request, .safe, shape)
        case let failure as SubmissionFailure:
            return reply(to: failure.cause, request, failure.retrying, shape)
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
            return shaped(.internal, request, .safe, shape)
        }
    }

    private func reply(
        to error: RPCError,
        _ request: EdgeRequest,
        _ retrying: ErrorMapping.Retrying,
        _ shape: Endpoint.Refusals
    ) -> EdgeReply {
        let reply = shaped(error, request, retrying, shape)
        if reply.status >= 500 { report(error, request) }
        return reply
    }

    private func shaped(
        _ error: RPCError,
        _ request: EdgeRequest,
        _ retrying: ErrorMapping.Retrying,
        _ shape: Endpoint.Refusals
    ) -> EdgeReply {
        switch shape {
        case .general: ErrorMapping.reply(error, requestID: request.id, retrying: retrying)
        case .envelope: CommandEnvelope.reply(error, requestID: request.id, retrying: retrying)
        }
    }
}
