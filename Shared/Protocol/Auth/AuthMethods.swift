import Identity

/// The methods of auth-service and the shapes that they carry.
package enum AuthMethods {
    package static let all: [MethodDescriptor] = [
        issueToken, issueServiceToken, snapshot, introspect, me, listKeys, createKey, revokeKey,
        revokeToken, putAccount, listAccounts, putSource, listSources, importRoles, listRoles,
        importUsers, listUsers, rotateSigningKey, recordAudit, queryAudit, verifyAudit, jwks,
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
        reply:
            "{version: integer, snapshot?: AccessSnapshot where the known version is not the newest}"
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
        "The caller's account, scopes, approved sources and, where it is staff's, user and role.",
        callers: .edgeAndClients,
        authority: .token,
        request: "{}",
        reply: """
            {account: string, scopes: [string], sources: [string], \
            staff: {user_id, username, role, department, cashier} | null, \
            release_batch_status? and batch_posting_level?: those of the role}
            """
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
    package static let importRoles = MethodDescriptor(
        "auth.roles.import",
        "Create or replace roles from CSV or JSON, whole or not at all.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        defaultTimeoutSeconds: 60,
        request: """
            params {format: csv|json}; the file as body, columns role, release_batch_status, \
            batch_posting_level, deposit_number_policy, overrides_gl_periods, acts_for_others, \
            tasks (with | between them)
            """,
        reply: "{imported: integer, created: integer, changed: integer}"
    )
    package static let listRoles = MethodDescriptor(
        "auth.roles.list",
        "Every role of staff users.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        request: "{}",
        reply: """
            [{role, release_batch_status: string|null, batch_posting_level, \
            deposit_number_policy, overrides_gl_periods, acts_for_others, tasks: [string]}]
            """
    )
    package static let importUsers = MethodDescriptor(
        "auth.users.import",
        "Create or replace staff users from CSV or JSON, whole or not at all.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        defaultTimeoutSeconds: 60,
        request: """
            params {format: csv|json}; the file as body, columns user_id, username, account, role, \
            department, cashier, active
            """,
        reply: "{imported: integer, created: integer, changed: integer}"
    )
    package static let listUsers = MethodDescriptor(
        "auth.users.list",
        "Every staff user, also inactive ones.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        maximumReplyBytes: 16 << 20,
        request: "{}",
        reply: "[{user_id: integer, username, account, role, department, cashier, active}]"
    )
    package static let rotateSigningKey = MethodDescriptor(
        "auth.signing_keys.rotate",
        "Publish a new signing key and sign with it once every service has it; the old one "
            + "verifies until its last token has expired.",
        callers: .edgeAndClients,
        authority: .scope(.keysManage),
        isIdempotent: false,
        request: "{}",
        reply: "{kid: string, signs_from: RFC 3339}"
    )
    package static let jwks = MethodDescriptor(
        "auth.jwks",
        "The public keys that tokens verify with (RFC 7517).",
        callers: .anyone,
        authority: .certificate,
        request: "{}",
        reply: "{keys: [{kty, crv, alg, use, kid, x, y}]}"
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
    package static let verifyAudit = MethodDescriptor(
        "auth.audit.verify",
        "Walk the audit trail's hash chain from its first event and name the first that is broken.",
        callers: .edgeAndClients,
        authority: .scope(.auditRead),
        defaultTimeoutSeconds: 300,
        request: "{}",
        reply: "{events: integer, head: hex, first_broken_id?: integer}"
    )
}
