import JSON
import LedgerRules
import Protocol

/// What a command answers: the response envelope of contract 3b, and the HTTP status that goes with
/// it (contract A2-12).
struct CommandReply: Sendable, Equatable {
    var httpStatus: Int64
    var body: [UInt8]
    /// The answer of an earlier call with the same idempotency key.
    var isReplayed = false

    /// The command was carried out; `entity` is the JSON of what was made.
    static func accepted(_ entity: [UInt8], warnings: [CommandFault]) -> CommandReply {
        CommandReply(httpStatus: 200, body: envelope(entity, warnings, .none))
    }

    /// Nothing was done, for the faults among these; warnings are told too.
    static func refused(_ faults: [CommandFault]) -> CommandReply {
        CommandReply(httpStatus: 400, body: envelope(nil, faults, .none))
    }

    /// The caller does not hold the task that opens the command (contract S2-23).
    static let forbidden = CommandReply(
        httpStatus: 403,
        body: envelope(
            nil,
            [CommandFault("", "forbidden", "Forbidden")],
            .security
        )
    )

    /// Something that must not happen has happened; the request id leads to it in the log.
    static func failed(requestID: String) -> CommandReply {
        let message = "Internal Server Error, request \(requestID)."
        return CommandReply(
            httpStatus: 500,
            body: envelope(nil, [CommandFault("", "internal", message)], .fault)
        )
    }

    private enum Failure {
        /// None, or only what the notifications say.
        case none
        case security
        case fault
    }

    private static func envelope(
        _ entity: [UInt8]?,
        _ notifications: [CommandFault],
        _ failure: Failure
    ) -> [UInt8] {
        let hasErrors = notifications.contains { $0.severity == .error }
        let hasWarnings = notifications.contains { $0.severity == .warning }
        return JSONWriter.object(reserving: 256 + (entity?.count ?? 0)) { json in
            json.object("payload") { $0.member("data", json: entity) }
            json.array("notifications") { json in
                for notification in notifications { append(notification, to: &json) }
            }
            json.member("hasError", hasErrors)
            json.member("hasFault", failure == .fault)
            json.member("hasWarning", hasWarnings)
            json.member("hasValidationError", hasErrors && failure == .none)
            json.member("hasValidationWarning", hasWarnings)
            json.member("hasValidationInformation", false)
            json.member("hasSecurityError", failure == .security)
        }
    }

    private static func append(_ notification: CommandFault, to json: inout JSONWriter) {
        json.object { json in
            json.member("severity", notification.severity.rawValue)
            json.member("code", notification.code)
            json.member("property", notification.property.isEmpty ? nil : notification.property)
            json.member("message", notification.message)
        }
    }
}
