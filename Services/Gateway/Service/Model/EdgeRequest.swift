package import HTTP2

/// A request as HTTP/2 and HTTP/1.1 alike hand it on.
package struct EdgeRequest: Sendable {
    /// Made here for each request; answered as `X-Request-ID` and passed on to the services.
    package let id: String
    package let method: EdgeMethod
    /// Nil where the target is not one that is served: the answer is 400.
    package let target: RequestTarget?
    package let fields: RequestFields
    /// The address of the client's socket.
    package let clientAddress: String
    package let body: InboundBody
    /// What the head itself does wrong, judged by the protocol that read it.
    package let headFault: HeadFault?

    package init(
        id: String,
        method: EdgeMethod,
        target: RequestTarget?,
        fields: RequestFields,
        clientAddress: String,
        body: InboundBody,
        headFault: HeadFault? = nil
    ) {
        self.id = id
        self.method = method
        self.target = target
        self.fields = fields
        self.clientAddress = clientAddress
        self.body = body
        self.headFault = headFault
    }
}

/// Why a request is refused for its head alone, in order of precedence.
package enum HeadFault: Error, Sendable, Equatable {
    case headersTooLarge
    case targetTooLong
    case targetUnreadable
    case repeatedField(String)
    case unreadableField(String)
    case hostMissing
    case hostUnreadable
    case hostNotServed
}

/// Why a body stopped coming.
package enum BodyFault: Error, Sendable, Equatable {
    /// The client reset the stream or the connection.
    case clientGone
    /// The client was waited for and sent too little.
    case tooSlow
}
