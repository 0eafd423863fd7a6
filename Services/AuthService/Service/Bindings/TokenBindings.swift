internal import Identity
internal import Protocol
internal import AccessRules
internal import ServiceRuntime
internal import Storage
internal import Transport

extension AuthBindings {
    var tokenBindings: [AuthorizedBinding] {
        [
            AuthorizedBinding(AuthMethods.issueToken, issueToken),
            AuthorizedBinding(AuthMethods.issueServiceToken, issueServiceToken),
            AuthorizedBinding(AuthMethods.snapshot, snapshot),
            AuthorizedBinding(AuthMethods.jwks) { _ in
                try .json(KeySet(keys: access.snapshot?.keys ?? []))
            },
            AuthorizedBinding(AuthMethods.introspect, introspect),
            AuthorizedBinding(AuthMethods.me, describeCaller),
            AuthorizedBinding(AuthMethods.revokeToken, revokeToken),
            AuthorizedBinding(AuthMethods.rotateSigningKey, rotateSigningKey),
        ]
    }

    private func issueToken(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(IssueTokenRequest.self)
        guard request.scopes.count <= TokenIssuer.maximumScopes else {
            throw RPCError.invalid([
                .init(
                    field: "/scopes",
                    code: "too_many",
                    message: "Name at most \(TokenIssuer.maximumScopes) scopes."
                )
            ])
        }
        let issued = try await issuer.issue(
            presented: request.apiKey,
            requested: request.scopes,
            call: call
        )
        try await waitUntilKnownEverywhere()
        return try .json(issued)
    }

    /// Waits until every gate has had the time to hear of the newest change: services ask for the
    /// snapshot every second.
    ///
    /// A token that comes right after a change of accounts, grants or sources is handed out then, so
    /// that its first use is not refused.
    func waitUntilKnownEverywhere() async throws {
        // Versions follow the clock: see `Settings.advanceVersion`.
        let age = Timestamps.now() - state.directory.version
        let missing = Directory.spreadMilliseconds - age
        guard age >= 0, missing > 0 else { return }
        try await Task.sleep(for: .milliseconds(missing))
    }

    private func issueServiceToken(_ call: AuthorizedCall) async throws -> OutgoingReply {
        guard call.call.peer.kind == .service,
            let service = ServiceName(rawValue: call.call.peer.name)
        else { throw call.refuse(reason: "wrong_identity") }
        return try .json(await issuer.issue(service: service, call: call))
    }

    private func snapshot(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(SnapshotRequest.self)
        guard let snapshot = access.snapshot, access.staleness() == nil else {
            throw RPCError.unavailable("The snapshot is not ready.")
        }
        let isKnown = request.knownVersion == snapshot.version
        return try .json(
            SnapshotReply(version: snapshot.version, snapshot: isKnown ? nil : snapshot)
        )
    }

    private func introspect(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(TokenRequest.self)
        let verdict: AccessGate.Verdict
        do throws(AccessRefusal) {
            verdict = try access.verify(token: request.token)
        } catch {
            if error.reason == .stale { throw error.error }
            return try .json(Introspection(active: false))
        }
        let claims = verdict.claims
        let live = claims.scopes.filter(verdict.principal.scopes.contains)
        return try .json(
            Introspection(
                active: true,
                scope: live.map(\.rawValue).joined(separator: " "),
                clientID: claims.keyID,
                sub: claims.account,
                exp: claims.expiresAt,
                iat: claims.issuedAt,
                jti: claims.tokenID
            )
        )
    }

    private func describeCaller(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let principal = try call.requirePrincipal()
        let listed = Scope.all.filter(principal.scopes.contains)
        let others = principal.scopes.subtracting(listed).map(\.rawValue).sorted()
        return try .json(
            CallerDescription(principal, scopes: listed.map(\.rawValue) + others)
        )
    }

    private func revokeToken(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let jti = try await call.call.decode(TokenIDRequest.self).jti
        guard (1...64).contains(jti.utf8.count),
            jti.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw RPCError.invalid([
                .init(field: "/jti", code: "malformed", message: "Give the token's jti.")
            ])
        }
        let now = Timestamps.now()
        let revokedAt = try await change(call, subject: jti) { transaction in
            let held = try transaction.integer(
                "SELECT revoked_at FROM revoked_token WHERE token_id = ?1",
                [.text(jti)]
            )
            if let held { return (held, changed: nil) }
            try transaction.execute(
                "INSERT INTO revoked_token (token_id, revoked_at, forget_at) VALUES (?1, ?2, ?3)",
                [.text(jti), .integer(now), .integer(now + Directory.revocationMilliseconds)]
            )
            let after = RevokedToken(jti: jti, revokedAt: Timestamps.format(milliseconds: now))
            return (now, changed: try AuditChange(before: nil, after: after).text())
        }
        return try .json(
            RevokedToken(jti: jti, revokedAt: Timestamps.format(milliseconds: revokedAt))
        )
    }

    private func rotateSigningKey(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let now = Timestamps.now()
        let rotated = try await change(call, subject: "signing key") { transaction in
            if let pending = try SigningKeys.pending(transaction, now: now) {
                let signsFrom = Timestamps.format(milliseconds: pending.signsFrom)
                return (RotatedKey(kid: pending.keyID, signsFrom: signsFrom), changed: nil)
            }
            let signsFrom = now + SigningKeys.publicationMilliseconds
            let before = state.directory.signer(now: now).map {
                RotatedKey(
                    kid: $0.keyID,
                    signsFrom: Timestamps.format(milliseconds: $0.signsFrom)
                )
            }
            let keyID = try SigningKeys.insert(signsFrom: signsFrom, now: now, into: transaction)
            let after = RotatedKey(
                kid: keyID,
                signsFrom: Timestamps.format(milliseconds: signsFrom)
            )
            return (after, changed: try AuditChange(before: before, after: after).text())
        }
        return try .json(rotated)
    }
}
