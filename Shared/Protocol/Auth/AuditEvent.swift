internal import JSON

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

extension AuditEvent {
    /// Appends the event as JSON without its number, which auth-service gives it.
    ///
    /// `at`, `origin` and `originID` stand first, and for the event's own where they are given.
    package func append(
        at: String? = nil,
        origin: String? = nil,
        originID: String? = nil,
        to out: inout [UInt8]
    ) {
        JSONWriter.append(to: &out) { json in
            json.object { json in
                json.member("at", at ?? self.at)
                json.member("origin", origin ?? self.origin)
                json.member("origin_id", originID ?? self.originID)
                json.member("outcome", outcome.rawValue)
                json.member("actor", actor)
                json.member("key_id", keyID)
                json.member("token_id", tokenID)
                json.member("peer", peer)
                json.member("action", action)
                json.member("scope", scope)
                json.member("subject", subject)
                json.member("reason", reason)
                json.member("request_id", requestID)
                json.member("change", change)
            }
        }
    }
}
