package import Identity
package import NIOCore
package import Protocol

/// What stands in a request's header document.
package struct RequestMetadata: Sendable {
    package var token: String?
    package var idempotencyKey: String?
    /// The caller's, or one made up here; it leads through every service's log.
    package var requestID: String
    /// The address of the edge's client, where the gateway calls.
    package var clientAddress: String?
    /// A JSON object beside a raw body, as bytes.
    package var params: ByteBuffer?

    package init(
        token: String? = nil,
        idempotencyKey: String? = nil,
        requestID: String,
        clientAddress: String? = nil,
        params: ByteBuffer? = nil
    ) {
        self.token = token
        self.idempotencyKey = idempotencyKey
        self.requestID = requestID
        self.clientAddress = clientAddress
        self.params = params
    }
}

/// A call as its handler gets it: the connection's identity is proven and may call this method.
package struct IncomingCall: Sendable {
    private let bound: BoundMethod
    package let peer: PeerIdentity
    package let metadata: RequestMetadata
    /// When the caller stops waiting; the handler's task is cancelled then.
    package let deadline: NIODeadline
    package let body: RequestBody

    package var method: MethodDescriptor { bound.descriptor }

    package init(
        method: MethodDescriptor,
        peer: PeerIdentity,
        metadata: RequestMetadata,
        deadline: NIODeadline,
        body: RequestBody
    ) {
        self.init(
            BoundMethod(method),
            peer: peer,
            metadata: metadata,
            deadline: deadline,
            body: body
        )
    }

    init(
        _ method: BoundMethod,
        peer: PeerIdentity,
        metadata: RequestMetadata,
        deadline: NIODeadline,
        body: RequestBody
    ) {
        bound = method
        self.peer = peer
        self.metadata = metadata
        self.deadline = deadline
        self.body = body
    }
}

extension IncomingCall {
    /// Reads the body as one JSON object of type `T`; nothing at all counts as `{}`.
    ///
    /// Throws `RPCError` with status `invalidArgument` and JSON pointers where it is not one.
    package func decode<T: Decodable>(_ type: T.Type) async throws -> T {
        let bytes = try await body.collect()
        return try bytes.withUnsafeReadableBytes { try StrictJSON.decodeRequest(type, from: $0) }
    }

    /// Reads `params` of the header document as `decode` reads the body.
    package func decodeParams<T: Decodable>(_ type: T.Type) throws -> T {
        let bytes = metadata.params ?? ByteBuffer()
        return try bytes.withUnsafeReadableBytes { try StrictJSON.decodeRequest(type, from: $0) }
    }
}
