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
        audit.record(refusal(reason: reason, subject: subject))
        return .forbidden
    }

    /// This call as one that was turned away; `keyID` where it is not the principal's.
    package func refusal(
        reason: String,
        subject: String,
        keyID: String? = nil
    ) -> RefusedCall {
        RefusedCall(
            actor: principal?.account ?? "",
            keyID: keyID ?? principal?.keyID ?? "",
            tokenID: principal?.tokenID ?? "",
            peer: call.callerName,
            action: call.method.name,
            scope: scope,
            subject: subject,
            reason: reason,
            requestID: call.metadata.requestID
        )
    }

    /// The audit event of what this call changes, for the transaction of the change.
    ///
    /// `change` is JSON text of before and after.
    package func event(subject: String, change: String = "") -> AuditEvent {
        AuditEvent(
            outcome: .allowed,
            actor: principal?.account ?? "",
            keyID: principal?.keyID ?? "",
            tokenID: principal?.tokenID ?? "",
            peer: call.callerName,
            action: call.method.name,
            scope: scope,
            subject: subject,
            requestID: call.metadata.requestID,
            change: change
        )
    }

    private var scope: String {
        if case .scope(let needed) = call.method.authority { needed.rawValue } else { "" }
    }
}
