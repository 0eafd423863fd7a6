package import NIOCore
internal import Protocol

/// What a caller may say beside a call's method and body.
package struct CallOptions: Sendable {
    /// Becomes the REQUEST's header document (PROTOCOL.md section 5).
    var document: RequestDocument
    /// A JSON object for the header document, for methods whose body is a raw document.
    var params: ByteBuffer?
    /// How long the caller waits, where that is less than the method's default.
    var timeout: TimeAmount?
    /// Ends the call with the last connect error instead of waiting for a connection.
    var failsFast: Bool

    /// `token` is the JWT of whom the call acts for; without a `requestID` the call carries that of
    /// the call which is being handled (`CallScope`); `clientAddress` is that of the edge's client.
    package init(
        token: String? = nil,
        idempotencyKey: String? = nil,
        requestID: String? = nil,
        clientAddress: String? = nil,
        params: ByteBuffer? = nil,
        timeout: TimeAmount? = nil,
        failsFast: Bool = false
    ) {
        document = RequestDocument(
            token: token,
            idempotencyKey: idempotencyKey,
            requestID: requestID,
            client: clientAddress
        )
        self.params = params
        self.timeout = timeout
        self.failsFast = failsFast
    }
}
