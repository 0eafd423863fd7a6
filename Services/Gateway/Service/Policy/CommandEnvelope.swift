internal import JSON
internal import NIOCore
internal import Protocol

/// The response envelope of the command API, for what is refused before or instead of an answer of the
/// service (contract 3b and A2-12).
enum CommandEnvelope {
    private enum Flag: String, CaseIterable {
        case hasError, hasFault, hasWarning, hasValidationError, hasValidationWarning
        case hasValidationInformation, hasSecurityError
    }

    private struct Notification {
        let code: String
        let property: String?
        let message: String

        func members(_ json: inout JSONWriter) {
            json.member("severity", "Error")
            json.member("code", code)
            json.member("property", property)
            json.member("message", message)
        }
    }

    /// A bad credential is answered as everywhere: nothing is known of who asks.
    static func reply(
        _ error: RPCError,
        requestID: String,
        retrying: ErrorMapping.Retrying
    ) -> EdgeReply {
        let status = error.httpStatus
        guard status != 401 else { return ErrorBodies.unauthorized }
        let retry = ErrorMapping.retryAfter(error, status)
        return .json(
            status,
            body(
                flags: flags(status),
                notifications: notifications(error, status, requestID, retrying)
            ),
            headers: retry.map { [(name: "retry-after", value: String($0))] } ?? []
        )
    }

    private static func flags(_ status: Int) -> Set<Flag> {
        switch status {
        case 403: [.hasError, .hasSecurityError]
        case 429, 500...: [.hasError, .hasFault]
        default: [.hasError, .hasValidationError]
        }
    }

    private static func notifications(
        _ error: RPCError,
        _ status: Int,
        _ requestID: String,
        _ retrying: ErrorMapping.Retrying
    ) -> [Notification] {
        if status == 500 {
            let message = "Internal Server Error, request \(requestID)."
            return [Notification(code: "internal", property: nil, message: message)]
        }
        guard !error.details.isEmpty, [400, 409, 422].contains(status) else {
            let message = ErrorMapping.message(error, status, retrying)
            return [Notification(code: error.reason, property: nil, message: message)]
        }
        return error.details.map { detail in
            Notification(
                code: detail.code,
                property: property(detail.field),
                message: detail.message
            )
        }
    }

    /// The property's name: a JSON pointer's last step.
    private static func property(_ field: String) -> String? {
        let name = field.split(separator: "/").last.map(String.init) ?? ""
        return name.isEmpty ? nil : name
    }

    private static func body(flags: Set<Flag>, notifications: [Notification]) -> ByteBuffer {
        JSONWriter.buffer { json in
            json.object("payload") { $0.member("data", json: nil) }
            json.array("notifications") { json in
                for notification in notifications { json.object(notification.members) }
            }
            for flag in Flag.allCases {
                json.key(named: flag.rawValue)
                json.value(flags.contains(flag))
            }
        }
    }
}
