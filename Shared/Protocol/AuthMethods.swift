import Identity

/// The methods of auth-service and the shapes that they carry.
package enum AuthMethods {
    package static let all: [MethodDescriptor] = [
        issueToken, issueServiceToken, snapshot, introspect, me, listKeys, createKey, revokeKey,
        revokeToken, putAccount, listAccounts, putSource, listSources, rotateSigningKey,
        recordAudit, queryAudit,
    ]

    package static let issueToken = MethodDescriptor(
        "auth.tokens.issue",
        "Exchange an API key for a one-hour token with the scopes that are granted.",
        callers: .edgeAndClients,
        authority: .certificate,
        isIdempotent: false,
        request: "{api_key: string, scopes: [string]}",
        reply: "{jwt: string, accepted_scopes: [string], expires_in: seconds}"
    )
    package static let issueServiceToken = MethodDescriptor(
        "auth.tokens.issue_service",
        "Give a service its own token, by its certificate.",
        callers: .services([.batch, .posting, .ach]),
        authority: .certificate,
        isIdempotent: false,
        request: "{}",
        reply: "{jwt: string, accepted_scopes: [string], expires_in: seconds}"
    )
    package static let snapshot = MethodDescriptor(
        "auth.snapshot",
        "Everything a service needs to judge tokens by itself; asked for every second.",
        callers: .services(Set(ServiceName.allCases)),
        authority: .certificate,
        maximumReplyBytes: 16 << 20,
        request: "{known_version?: integer}",
        reply: "AccessSnapshot, or {version, unchanged: true}"
    )
    package static let introspect = MethodDescriptor(
        "auth.tokens.introspect",
        "Tell whether a token is live (RFC 7662).",
        callers: .edgeAndClients,
        authority: .scope(.tokensIntrospect),
        request: "{token: string}",
        reply: "{active: boolean, scope?, client_id?, sub?, exp?, iat?, jti?}"
    )
    package static let me = MethodDescriptor(
        "auth.me",
        "The caller's account, scopes and approved sources.",
        callers: .edgeAndClients,
        authority: .token,
        request: "{}",
        reply: "{account: string, scopes: [string], sources: [string]}"
    )
    package static let listKeys = MethodDescriptor(
        "auth.keys.list",
        "Every API key without its secret, newest first.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        request: "{account?: string}",
        reply: "[{key_id, account, note, created_at, expires_at, revoked_at, last_used_at}]"
    )
    package static let createKey = MethodDescriptor(
        "auth.keys.create",
        "Make an API key; its secret is shown in this reply and never again.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        isIdempotent: false,
        request: "{account: string, note: string, expires_at?: RFC 3339}",
        reply: "{key_id: string, key: string}"
    )
    package static let revokeKey = MethodDescriptor(
        "auth.keys.revoke",
        "End an API key and, within five seconds, every token made from it.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        request: "{key_id: string}",
        reply: "{key_id, revoked_at}"
    )
    package static let revokeToken = MethodDescriptor(
        "auth.tokens.revoke",
        "End one token by its jti.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        request: "{jti: string}",
        reply: "{jti, revoked_at}"
    )
    package static let putAccount = MethodDescriptor(
        "auth.accounts.put",
        "Create a service account or replace its grants.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        request: "{account: string, scopes: [string], active?: boolean}",
        reply: "{account, scopes, active}"
    )
    package static let listAccounts = MethodDescriptor(
        "auth.accounts.list",
        "Every service account with its grants.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        request: "{}",
        reply: "[{account, scopes, active}]"
    )
    package static let putSource = MethodDescriptor(
        "auth.sources.put",
        "Approve an account for a source system and set its commit policy.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        request:
            "{source_name: string, account: string, commit_policy?: per_transaction|all_or_nothing}",
        reply: "{source_name, account, commit_policy}"
    )
    package static let listSources = MethodDescriptor(
        "auth.sources.list",
        "Every approved source system.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        request: "{}",
        reply: "[{source_name, account, commit_policy}]"
    )
    package static let rotateSigningKey = MethodDescriptor(
        "auth.signing_keys.rotate",
        "Sign with a new key from now on; the old one verifies until its last token has expired.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        isIdempotent: false,
        request: "{}",
        reply: "{kid: string}"
    )
    package static let recordAudit = MethodDescriptor(
        "auth.audit.record",
        "Append audit events; an event already held under the same origin and id is left alone.",
        callers: .services(Set(ServiceName.allCases)),
        authority: .certificate,
        maximumRequestBytes: 16 << 20,
        request: "{events: [AuditEvent]}",
        reply: "{recorded: integer}"
    )
    package static let queryAudit = MethodDescriptor(
        "auth.audit.query",
        "The audit trail, newest first.",
        callers: .edgeAndClients,
        authority: .scope(.auditRead),
        maximumReplyBytes: 16 << 20,
        request: "{from?, to?: RFC 3339, actor?, outcome?, before_id?: integer, limit?: 1...1000}",
        reply: "[AuditEvent with id]"
    )
}

/// The reply of `auth.tokens.issue`.
package struct IssuedToken: Codable, Sendable {
    package var jwt: String
    package var acceptedScopes: [String]
    package var expiresIn: Int

    package init(jwt: String, acceptedScopes: [String], expiresIn: Int) {
        self.jwt = jwt
        self.acceptedScopes = acceptedScopes
        self.expiresIn = expiresIn
    }

    private enum CodingKeys: String, CodingKey {
        case jwt
        case acceptedScopes = "accepted_scopes"
        case expiresIn = "expires_in"
    }
}

/// What every service holds to judge tokens alone; one older than five seconds refuses everything.
package struct AccessSnapshot: Codable, Sendable {
    /// A public key of the JWKS (RFC 7517), P-256.
    package struct VerificationKey: Codable, Sendable, Hashable {
        package var kty: String
        package var crv: String
        package var alg: String
        package var use: String
        package var kid: String
        /// base64url of the 32-byte coordinates.
        package var x: String
        package var y: String

        package init(kid: String, x: String, y: String) {
            kty = "EC"
            crv = "P-256"
            alg = "ES256"
            use = "sig"
            self.kid = kid
            self.x = x
            self.y = y
        }
    }

    package struct Account: Codable, Sendable, Hashable {
        package var account: String
        package var active: Bool
        package var scopes: [String]

        package init(account: String, active: Bool, scopes: [String]) {
            self.account = account
            self.active = active
            self.scopes = scopes
        }
    }

    package struct Source: Codable, Sendable, Hashable {
        package var sourceName: String
        package var account: String
        package var commitPolicy: CommitPolicy

        package init(sourceName: String, account: String, commitPolicy: CommitPolicy) {
            self.sourceName = sourceName
            self.account = account
            self.commitPolicy = commitPolicy
        }

        private enum CodingKeys: String, CodingKey {
            case sourceName = "source_name"
            case account
            case commitPolicy = "commit_policy"
        }
    }

    /// Rises with every change of keys, grants, revocations or sources.
    package var version: Int64
    package var issuer: String
    package var keys: [VerificationKey]
    package var accounts: [Account]
    /// API keys revoked or expired while a token of theirs may still be alive.
    package var revokedKeys: [String]
    /// Tokens (`jti`) revoked one by one that have not expired yet.
    package var revokedTokens: [String]
    package var sources: [Source]

    package init(
        version: Int64,
        issuer: String,
        keys: [VerificationKey],
        accounts: [Account],
        revokedKeys: [String],
        revokedTokens: [String],
        sources: [Source]
    ) {
        self.version = version
        self.issuer = issuer
        self.keys = keys
        self.accounts = accounts
        self.revokedKeys = revokedKeys
        self.revokedTokens = revokedTokens
        self.sources = sources
    }

    private enum CodingKeys: String, CodingKey {
        case version, issuer, keys, accounts
        case revokedKeys = "revoked_keys"
        case revokedTokens = "revoked_tokens"
        case sources
    }
}

/// What happens to the good transactions of a COMMIT set that has bad ones (contract D1).
package enum CommitPolicy: String, Codable, Sendable {
    /// The good ones are loaded, the bad ones are reported.
    case perTransaction = "per_transaction"
    /// One failure and nothing is loaded.
    case allOrNothing = "all_or_nothing"
}

/// One line of the audit trail: who tried what, on what, and how it ended (contract S1-3).
package struct AuditEvent: Codable, Sendable, Hashable {
    package enum Outcome: String, Codable, Sendable {
        case allowed
        case refused
    }

    /// Set by auth-service: rises by one with every event.
    package var id: Int64?
    /// When it happened, RFC 3339 with milliseconds, UTC; empty until the trail has filled it in.
    package var at: String
    /// The service that judged the call; empty until the trail has filled it in.
    package var origin: String
    /// Unique within `origin`: recording the same event again has no effect.
    ///
    /// Empty until the trail has filled it in.
    package var originID: String
    package var outcome: Outcome
    /// The service account, or empty where none was proven.
    package var actor: String
    package var keyID: String
    package var tokenID: String
    /// The certificate's name, or the client's address at the edge.
    package var peer: String
    /// The method or the HTTP request line, without its query.
    package var action: String
    /// The scope that was asked for, where one was.
    package var scope: String
    /// What was acted on: a task, a set, a source, a key.
    package var subject: String
    /// Stable word for the reason of a refusal, for example `expired`, `wrong_scope`.
    package var reason: String
    package var requestID: String
    /// JSON text of what changed (before and after), or empty.
    package var change: String

    package init(
        at: String = "",
        origin: String = "",
        originID: String = "",
        outcome: Outcome,
        actor: String = "",
        keyID: String = "",
        tokenID: String = "",
        peer: String = "",
        action: String,
        scope: String = "",
        subject: String = "",
        reason: String = "",
        requestID: String = "",
        change: String = ""
    ) {
        self.at = at
        self.origin = origin
        self.originID = originID
        self.outcome = outcome
        self.actor = actor
        self.keyID = keyID
        self.tokenID = tokenID
        self.peer = peer
        self.action = action
        self.scope = scope
        self.subject = subject
        self.reason = reason
        self.requestID = requestID
        self.change = change
    }

    private enum CodingKeys: String, CodingKey {
        case id, at, origin
        case originID = "origin_id"
        case outcome, actor
        case keyID = "key_id"
        case tokenID = "token_id"
        case peer, action, scope, subject, reason
        case requestID = "request_id"
        case change
    }
}
