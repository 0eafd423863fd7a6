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
        var out = Array(#"{"payload":{"data":"#.utf8)
        out.append(contentsOf: entity ?? Array("null".utf8))
        out.append(contentsOf: #"},"notifications":["#.utf8)
        for (index, notification) in notifications.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            append(notification, to: &out)
        }
        out.append(UInt8(ascii: "]"))
        let flags = [
            ("hasError", hasErrors), ("hasFault", failure == .fault), ("hasWarning", hasWarnings),
            ("hasValidationError", hasErrors && failure == .none),
            ("hasValidationWarning", hasWarnings), ("hasValidationInformation", false),
            ("hasSecurityError", failure == .security),
        ]
        for (name, value) in flags { out.append(contentsOf: ",\"\(name)\":\(value)".utf8) }
        out.append(UInt8(ascii: "}"))
        return out
    }

    private static func append(_ notification: CommandFault, to out: inout [UInt8]) {
        out.append(contentsOf: "{\"severity\":\"\(notification.severity.rawValue)\"".utf8)
        out.append(contentsOf: ",\"code\":".utf8)
        JSONText.append(notification.code, to: &out)
        out.append(contentsOf: ",\"property\":".utf8)
        if notification.property.isEmpty {
            out.append(contentsOf: "null".utf8)
        } else {
            JSONText.append(notification.property, to: &out)
        }
        out.append(contentsOf: ",\"message\":".utf8)
        JSONText.append(notification.message, to: &out)
        out.append(UInt8(ascii: "}"))
    }
}
