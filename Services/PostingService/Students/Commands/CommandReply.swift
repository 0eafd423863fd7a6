import JSON
import LedgerRules
import Protocol
import ServiceStore

/// What a command answers: the response envelope of contract 3b, with the HTTP status that goes with
/// it beside the body (contract A2-12).
extension KeyedReply {
    /// The command was carried out; `entity` is the JSON of what was made.
    static func accepted(_ entity: [UInt8], warnings: [CommandFault]) -> KeyedReply {
        reply(200, envelope(entity, warnings, .none))
    }

    /// Nothing was done, for the faults among these; warnings are told too.
    static func refused(_ faults: [CommandFault]) -> KeyedReply {
        reply(400, envelope(nil, faults, .none))
    }

    /// The caller does not hold the task that opens the command (contract S2-23).
    static let forbidden = reply(
        403,
        envelope(
            nil,
            [CommandFault("", "forbidden", "Forbidden")],
            .security
        )
    )

    /// Something that must not happen has happened; the request id leads to it in the log.
    static func failed(requestID: String) -> KeyedReply {
        let message = "Internal Server Error, request \(requestID)."
        return reply(
            500,
            envelope(nil, [CommandFault("", "internal", message)], .fault)
        )
    }

    private static func reply(_ httpStatus: Int64, _ body: [UInt8]) -> KeyedReply {
        KeyedReply(body: body, metadata: ["http_status": .integer(httpStatus)])
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
