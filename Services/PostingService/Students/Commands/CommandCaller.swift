import Identity
import Protocol
import ServiceStore

/// Who sends a command, and how what becomes of it is recorded.
struct CommandCaller: Sendable {
    /// The service account.
    var account: String
    var staff: StaffUser?
    var role: StaffRole
    var requestID: String
    /// The command under its idempotency key; nil where the caller named none (contract A2-15).
    var key: RequestKey?
    /// The audit event of this call, for a subject and its change.
    var event: @Sendable (_ subject: String, _ change: String) -> AuditEvent
    /// Records that the call was refused for a reason.
    var refuse: @Sendable (_ reason: String) -> Void
}
