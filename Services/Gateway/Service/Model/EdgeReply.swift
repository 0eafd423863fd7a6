package import HTTP2
package import NIOCore

/// An answer as HTTP/2 and HTTP/1.1 alike send it.
package struct EdgeReply: Sendable {
    package enum Body: Sendable {
        case bytes(ByteBuffer)
        /// Written piece by piece while it is sent; a throw aborts the stream.
        case pieces(@Sendable (OutboundBody) async throws -> Void)
    }

    package var status: Int
    package var contentType: String?
    /// Further fields, names in lower case.
    package var headers: [(name: String, value: String)]
    package var body: Body
    /// Stands in `X-Request-ID` instead of the request's own id: the next page's `continuation_key`.
    package var continuationKey: String?

    package init(
        _ status: Int,
        body: Body = .bytes(ByteBuffer()),
        contentType: String? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.body = body
        self.contentType = contentType
        self.headers = headers
    }

    package static let jsonType = "application/json"

    package static func json(
        _ status: Int,
        _ body: ByteBuffer,
        headers: [(name: String, value: String)] = []
    ) -> EdgeReply {
        EdgeReply(status, body: .bytes(body), contentType: jsonType, headers: headers)
    }

    package static func json(
        _ status: Int,
        _ text: String,
        headers: [(name: String, value: String)] = []
    ) -> EdgeReply {
        json(status, ByteBuffer(string: text), headers: headers)
    }
}

/// Answers requests: the gateway in service, a script in tests.
package protocol EdgeResponder: Sendable {
    /// Never throws: what goes wrong is an answer too.
    func respond(to request: EdgeRequest) async -> EdgeReply
    /// Called once for each request, when its answer has been sent or has been given up.
    func exchangeEnded(_ record: ExchangeRecord)
}

/// What one exchange came to: a line of the access log.
package struct ExchangeRecord: Sendable {
    package var requestID: String
    package var method: EdgeMethod
    /// Without the query, which may hold what must not be logged.
    package var path: String
    /// Zero where no answer was begun.
    package var status: Int
    /// Body bytes in and out.
    package var receivedBytes: Int
    package var sentBytes: Int
    package var duration: TimeAmount
    package var clientAddress: String
    /// `h2` or `http/1.1`.
    package var wire: String
    /// The client went away before the answer was all sent.
    package var isAborted: Bool

    package init(
        requestID: String,
        method: EdgeMethod,
        path: String,
        status: Int,
        receivedBytes: Int,
        sentBytes: Int,
        duration: TimeAmount,
        clientAddress: String,
        wire: String,
        isAborted: Bool
    ) {
        self.requestID = requestID
        self.method = method
        self.path = path
        self.status = status
        self.receivedBytes = receivedBytes
        self.sentBytes = sentBytes
        self.duration = duration
        self.clientAddress = clientAddress
        self.wire = wire
        self.isAborted = isAborted
    }
}
