internal import HTTP2

/// Why a request's body is refused unread.
enum BodyRefusal: Error, Sendable, Equatable {
    case wrongType(wanted: String)
    case encoded
    case tooLarge(limit: Int)

    func reply(requestID: String) -> EdgeReply {
        let (status, message) = answer
        return ErrorBodies.general(status, message: message, requestID: requestID)
    }

    private var answer: (Int, String) {
        switch self {
        case .wrongType(let wanted): (415, "Send the body with Content-Type: \(wanted) in UTF-8.")
        case .encoded: (415, "Send the body without Content-Encoding.")
        case .tooLarge(let limit): (413, "The body is larger than \(limit) bytes.")
        }
    }
}

/// Judges from the head whether a body will be read at all (faults H-14, I-07).
enum BodyRules {
    /// The bytes that may be read; 0 where the route has no use for a body, whose bytes are dropped.
    static func judge(
        _ rule: Endpoint.BodyRule,
        _ request: EdgeRequest
    ) throws(BodyRefusal) -> Int {
        let maximum: Int
        switch rule {
        case .none:
            request.body.discard()
            return 0
        case .json(let bytes):
            try checkType(request)
            maximum = bytes
        case .optionalJSON(let bytes):
            // Of a body without a length it shows only later whether there is one: the endpoint
            // asks `checkType` then.
            if let length = request.fields.contentLength, length > 0 { try checkType(request) }
            maximum = bytes
        case .jsonOrForm(let bytes):
            guard type(of: request) != .other else {
                throw .wrongType(wanted: "application/x-www-form-urlencoded")
            }
            maximum = bytes
        }
        if let encoding = request.fields.contentEncoding, encoding.lowercased() != "identity" {
            throw .encoded
        }
        if let length = request.fields.contentLength, length > maximum {
            throw .tooLarge(limit: maximum)
        }
        return maximum
    }

    /// Throws where the body is said to be anything but JSON.
    static func checkType(_ request: EdgeRequest) throws(BodyRefusal) {
        guard type(of: request) == .json else { throw .wrongType(wanted: EdgeReply.jsonType) }
    }

    private static func type(of request: EdgeRequest) -> MediaType {
        request.fields.contentType.map(MediaType.init) ?? .other
    }
}
