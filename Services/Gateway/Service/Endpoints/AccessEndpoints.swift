internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol

/// Tokens, keys, accounts, sources and the audit trail.
struct AccessEndpoints {
    let auth: any Upstream
    /// The keys that verify tokens now; nil before the first snapshot.
    let verificationKeys: @Sendable () -> [AccessSnapshot.VerificationKey]?

    private static let smallBody = Endpoint.BodyRule.json(maximumBytes: 64 << 10)

    var all: [Endpoint] { tokens + keys + sources + audit }

    // MARK: Tokens

    private var tokens: [Endpoint] {
        [
            Endpoint(.post, "/api/jwt", access: .open, issue),
            Endpoint(.get, "/.well-known/jwks.json", access: .open, keySet),
            Endpoint(
                .post,
                "/api/introspect",
                access: .scope(.tokensIntrospect),
                body: .jsonOrForm(maximumBytes: 64 << 10),
                introspect
            ),
            Endpoint(.get, "/api/me", access: .token) { call in
                try await plain(AuthMethods.me, call)
            },
            Endpoint(.delete, "/api/auth/tokens/{jti}", access: .scope(.keysManage)) { call in
                let body = JSONWriter.buffer([("jti", call.parameters[0])])
                return try await plain(AuthMethods.revokeToken, body: body, call)
            },
        ]
    }

    /// The key stands raw in `Authorization`, the scopes in the query (contract 2b, "Login").
    @Sendable
    private func issue(_ call: EdgeCall) async throws -> EdgeReply {
        guard let key = call.request.fields.authorization, !key.isEmpty else {
            throw RPCError.unauthenticated
        }
        let scopes = call.query.values("scope").flatMap {
            $0.split(separator: " ").map(String.init)
        }
        let body = JSONWriter.buffer { json in
            json.member("api_key", key)
            json.member("scopes", scopes)
        }
        let reply = try await auth.call(
            UpstreamCall(AuthMethods.issueToken, body: body, for: call)
        )
        let issued = try Decoding.reply(IssuedToken.self, reply.body)
        let answer = JSONWriter.buffer { json in
            json.member("jwt", issued.jwt)
            json.member("accepted_scopes", issued.acceptedScopes)
        }
        return .json(200, answer)
    }

    @Sendable
    private func keySet(_ call: EdgeCall) async throws -> EdgeReply {
        guard let keys = verificationKeys() else {
            throw RPCError.unavailable("The keys are not known yet.")
        }
        let set = JSONWriter.buffer { json in
            json.array("keys") { json in
                for key in keys {
                    json.object { json in
                        json.member("kty", key.kty)
                        json.member("use", key.use)
                        json.member("alg", key.alg)
                        json.member("crv", key.crv)
                        json.member("kid", key.kid)
                        json.member("x", key.x)
                        json.member("y", key.y)
                    }
                }
            }
        }
        return .json(200, set)
    }

    /// RFC 7662 has the token in a form; JSON is taken too.
    @Sendable
    private func introspect(_ call: EdgeCall) async throws -> EdgeReply {
        var body = try await call.collectBody()
        if MediaType(call.request.fields.contentType ?? "") == .form {
            guard let form = QueryItems(String(buffer: body)), let token = form["token"] else {
                throw RPCError.invalid([
                    RPCError.Detail(field: "/token", code: "missing", message: "token is missing.")
                ])
            }
            body = JSONWriter.buffer([("token", token)])
        }
        return try await plain(AuthMethods.introspect, body: body, call)
    }

    // MARK: Keys and accounts

    private var keys: [Endpoint] {
        let access = Endpoint.Access.scope(.keysManage)
        return [
            Endpoint(.get, "/api/auth/keys", access: access) { call in
                let account = call.query["account"].map { [("account", $0)] } ?? []
                return try await plain(
                    AuthMethods.listKeys,
                    body: JSONWriter.buffer(account),
                    call
                )
            },
            Endpoint(.post, "/api/auth/keys", access: access, body: Self.smallBody) { call in
                let body = try await call.collectBody()
                return try await plain(AuthMethods.createKey, body: body, status: 201, call)
            },
            Endpoint(.delete, "/api/auth/keys/{key_id}", access: access) { call in
                let body = JSONWriter.buffer([("key_id", call.parameters[0])])
                return try await plain(AuthMethods.revokeKey, body: body, call)
            },
            Endpoint(.get, "/api/auth/accounts", access: access) { call in
                try await plain(AuthMethods.listAccounts, call)
            },
            Endpoint(
                .put,
                "/api/auth/accounts/{account}",
                access: access,
                body: Self.smallBody
            ) { call in
                let body = try await call.bodyWithMember("account", call.parameters[0])
                return try await plain(AuthMethods.putAccount, body: body, call)
            },
            Endpoint(.post, "/api/auth/signing-keys/rotate", access: access) { call in
                try await plain(AuthMethods.rotateSigningKey, call)
            },
        ]
    }

    private var sources: [Endpoint] {
        let access = Endpoint.Access.scope(.keysManage)
        return [
            Endpoint(.get, "/api/auth/sources", access: access) { call in
                try await plain(AuthMethods.listSources, call)
            },
            Endpoint(
                .put,
                "/api/auth/sources/{source_name}",
                access: access,
                body: Self.smallBody
            ) { call in
                let body = try await call.bodyWithMember("source_name", call.parameters[0])
                return try await plain(AuthMethods.putSource, body: body, call)
            },
        ]
    }

    // MARK: Audit

    private var audit: [Endpoint] {
        [
            Endpoint(.get, "/api/audit", access: .scope(.auditRead)) { call in
                let page = try AuditPage(call.query)
                let upstream = UpstreamCall(
                    AuthMethods.queryAudit,
                    body: page.parameters,
                    for: call
                )
                let reply = try await auth.call(upstream)
                var answer = EdgeReply.json(200, reply.body)
                answer.continuationKey = try page.continuationKey(after: reply.body)
                return answer
            }
        ]
    }

    private func plain(
        _ method: MethodDescriptor,
        body: ByteBuffer = ByteBuffer(string: "{}"),
        status: Int = 200,
        _ call: EdgeCall
    ) async throws -> EdgeReply {
        var upstream = UpstreamCall(method, body: body, for: call)
        upstream.idempotencyKey = try call.idempotencyKey()
        let reply = try await auth.call(upstream)
        return .json(status, reply.body)
    }
}
