package import Identity
package import Protocol
package import Transport

/// A call that has been let in, and for whom.
package struct AuthorizedCall: Sendable {
    package let call: IncomingCall
    /// Nil only where the method's authority is the certificate.
    package let principal: Principal?
    private let audit: AuditTrail

    package init(call: IncomingCall, principal: Principal?, audit: AuditTrail) {
        self.call = call
        self.principal = principal
        self.audit = audit
    }

    /// The account behind the call; `unauthenticated` where the method asked for none.
    package func requirePrincipal() throws(RPCError) -> Principal {
        guard let principal else { throw .unauthenticated }
        return principal
    }

    /// Records that the data forbids what the scope allows, and gives the answer: always the same
    /// Forbidden (design 1.7).
    ///
    /// `reason` is a stable word, for example `wrong_source`.
    package func refuse(reason: String, subject: String = "") -> RPCError {
        record(.refused, subject: subject, reason: reason)
        return .forbidden
    }

    /// Records a call that was let in and changed something.
    ///
    /// `change` is JSON text of before and after. `originID` makes recording again harmless: a
    /// service that records after a crash gives the same one.
    package func recordAllowed(subject: String, change: String = "", originID: String = "") {
        record(.allowed, subject: subject, change: change, originID: originID)
    }

    private func record(
        _ outcome: AuditEvent.Outcome,
        subject: String,
        reason: String = "",
        change: String = "",
        originID: String = ""
    ) {
        audit.record(event(outcome, subject: subject, reason: reason, change: change, originID))
    }

    /// The audit event of this call, for a service that stores it by itself.
    package func event(
        _ outcome: AuditEvent.Outcome,
        subject: String,
        reason: String = "",
        change: String = "",
        _ originID: String = ""
    ) -> AuditEvent {
        var scope = ""
        if case .scope(let needed) = call.method.authority { scope = needed.rawValue }
        return AuditEvent(
            originID: originID,
            outcome: outcome,
            actor: principal?.account ?? "",
            keyID: principal?.keyID ?? "",
            tokenID: principal?.tokenID ?? "",
            peer: call.callerName,
            action: call.method.name,
            scope: scope,
            subject: subject,
            reason: reason,
            requestID: call.metadata.requestID,
            change: change
        )
    }
}
