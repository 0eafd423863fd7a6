/// How faults of heads and bodies are answered.
extension HeadFault {
    func reply(requestID: String) -> EdgeReply {
        let (status, message) = answer
        return ErrorBodies.general(status, message: message, requestID: requestID)
    }

    private var answer: (Int, String) {
        switch self {
        case .headersTooLarge: (431, "The header section is larger than this server takes.")
        case .targetTooLong: (414, "The request target is longer than this server takes.")
        case .targetUnreadable:
            (400, "The request target is not a path of this server: send /path?query.")
        case .repeatedField(let name): (400, "The field \(name) stands more than once.")
        case .unreadableField("expect"): (417, "The only expectation served is 100-continue.")
        case .unreadableField(let name): (400, "The field \(name) cannot be read.")
        case .hostMissing: (400, "The field Host is missing.")
        case .hostUnreadable: (400, "The field Host cannot be read or contradicts :authority.")
        case .hostNotServed: (421, "This host name is not served here: see BURSAR_EDGE_HOSTS.")
        }
    }
}

extension BodyFault {
    func reply(requestID: String) -> EdgeReply {
        switch self {
        case .tooSlow:
            ErrorBodies.general(408, message: "The body came too slowly.", requestID: requestID)
        case .clientGone:
            // Nobody reads it; the status stands in the access log.
            ErrorBodies.general(408, message: "The client went away.", requestID: requestID)
        }
    }
}
