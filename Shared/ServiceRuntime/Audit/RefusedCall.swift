package import Protocol

/// A call, or a connection, that was turned away.
///
/// It changed nothing, so that it may be recorded after its answer. What a call changes is recorded
/// in the transaction of the change instead: there is no way to give it to `AuditTrail`.
package struct RefusedCall: Sendable {
    package let event: AuditEvent

    /// `reason` is a stable word, for example `wrong_source`; the others are as in `AuditEvent`.
    package init(
        actor: String = "",
        keyID: String = "",
        tokenID: String = "",
        peer: String,
        action: String,
        scope: String = "",
        subject: String = "",
        reason: String,
        requestID: String
    ) {
        event = AuditEvent(
            outcome: .refused,
            actor: actor,
            keyID: keyID,
            tokenID: tokenID,
            peer: peer,
            action: action,
            scope: scope,
            subject: subject,
            reason: reason,
            requestID: requestID
        )
    }
}
