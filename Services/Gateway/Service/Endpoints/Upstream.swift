package import NIOCore
package import Protocol

/// What goes along with a call to a service.
package struct UpstreamCall: Sendable {
    package var method: MethodDescriptor
    package var body: ByteBuffer
    package var token: String?
    package var idempotencyKey: String?
    package var requestID: String
    package var clientAddress: String
    package var timeout: TimeAmount?

    package init(
        _ method: MethodDescriptor,
        body: ByteBuffer = ByteBuffer(string: "{}"),
        for call: EdgeCall
    ) {
        self.init(method, body: body, token: call.token, for: call.request)
    }

    package init(
        _ method: MethodDescriptor,
        body: ByteBuffer,
        token: String?,
        for request: EdgeRequest
    ) {
        self.method = method
        self.body = body
        self.token = token
        requestID = request.id
        clientAddress = request.clientAddress
    }
}

/// What a service answered to a call of the edge, whole.
package struct UpstreamReply: Sendable {
    package var metadata: [String: MetadataValue]
    package var body: ByteBuffer

    package init(body: ByteBuffer, metadata: [String: MetadataValue] = [:]) {
        self.metadata = metadata
        self.body = body
    }

    /// Says that this is the answer of the first time that the key was used.
    var replayHeaders: [(name: String, value: String)] {
        metadata.flag("replayed") ? [("idempotent-replayed", "true")] : []
    }
}

/// A reply whose body comes in pieces.
package struct UpstreamDownload: Sendable {
    package var metadata: [String: MetadataValue]
    package var pieces: any AsyncSequence<ByteBuffer, any Error> & Sendable

    package init(
        metadata: [String: MetadataValue],
        pieces: any AsyncSequence<ByteBuffer, any Error> & Sendable
    ) {
        self.metadata = metadata
        self.pieces = pieces
    }
}

/// One service as the gateway calls it; every function throws `RPCError`.
package protocol Upstream: Sendable {
    func call(_ call: UpstreamCall) async throws -> UpstreamReply
    /// With a body that comes in pieces instead of `call.body`.
    func upload(
        _ call: UpstreamCall,
        body: any AsyncSequence<ByteBuffer, any Error> & Sendable,
        expectedBytes: Int?
    ) async throws -> UpstreamReply
    func download(_ call: UpstreamCall) async throws -> UpstreamDownload
}

/// The services behind the edge.
package struct Upstreams: Sendable {
    package var auth: any Upstream
    package var batch: any Upstream
    package var posting: any Upstream

    package init(auth: any Upstream, batch: any Upstream, posting: any Upstream) {
        self.auth = auth
        self.batch = batch
        self.posting = posting
    }
}

extension [String: MetadataValue] {
    func text(_ key: String) -> String? {
        switch self[key] {
        case .string(let text): text
        case .integer(let number): String(number)
        case .boolean, nil: nil
        }
    }

    func flag(_ key: String) -> Bool { self[key] == .boolean(true) }
}
