package import BatchRules
package import Identity
package import NIOCore
package import Protocol
package import ServiceRuntime
package import ServiceStore
package import Transport

/// Who asks for a change of payments, and how it is written down.
package struct PaymentCaller: Sendable {
    package var account: String
    package var staff: StaffUser?
    package var role: StaffRole
    /// The audit event of the call; subject and change are filled in where it is added.
    package var event: AuditEvent
    package var key: RequestKey?

    package init(
        account: String,
        staff: StaffUser?,
        role: StaffRole,
        event: AuditEvent,
        key: RequestKey?
    ) {
        self.account = account
        self.staff = staff
        self.role = role
        self.event = event
        self.key = key
    }

    /// The caller of a method that needs a token.
    package init(_ call: AuthorizedCall, body: ByteBuffer) throws(RPCError) {
        let principal = try call.requirePrincipal()
        self.init(
            account: principal.account,
            staff: principal.staff,
            role: principal.role,
            event: call.event(subject: ""),
            key: try RequestKey(
                call.call.metadata.idempotencyKey,
                of: principal.account,
                method: call.call.method.name,
                body: body
            )
        )
    }

    /// The event with what it is about.
    package func event(subject: String, change: String) -> AuditEvent {
        var event = event
        event.subject = subject
        event.change = change
        return event
    }

    /// Whether the caller's posting level reaches a batch.
    package func covers(_ row: BatchRow) -> Bool {
        PostingCoverage.covers(role.postingLevel, row.parties, account: account, staff: staff)
    }

    package var workflowCaller: WorkflowCaller {
        WorkflowCaller(account: account, username: staff?.username, role: role.name)
    }
}

/// The data forbids what the scope allows: Forbidden, and audited with its reason.
package struct NotPermitted: Error, Sendable, Equatable {
    package let reason: String
    package let subject: String

    package init(_ reason: String, subject: String) {
        self.reason = reason
        self.subject = subject
    }
}

extension AuthorizedCall {
    /// Answers with what `work` brings; a caller who may not is refused, and that is audited.
    package func answering(
        _ work: () async throws -> OutgoingReply
    ) async throws -> OutgoingReply {
        do {
            return try await work()
        } catch let error as NotPermitted {
            throw refuse(reason: error.reason, subject: error.subject)
        }
    }
}
