package import NIOCore
package import Protocol

/// What a handler answers with.
package struct OutgoingReply: Sendable {
    enum Content: Sendable {
        case whole(ByteBuffer)
        case streamed(@Sendable (ReplyWriter) async throws -> Void)
    }

    let content: Content
    package let metadata: [String: MetadataValue]

    /// A body that is here already; a large one travels in pieces by itself, without being copied.
    package init(body: ByteBuffer, metadata: [String: MetadataValue] = [:]) {
        content = .whole(body)
        self.metadata = metadata
    }

    /// A body that is written as it is made; `writing` throws once nobody reads it any more.
    ///
    /// An error thrown after the first piece still reaches the caller as the call's status.
    package init(
        metadata: [String: MetadataValue] = [:],
        writing: @escaping @Sendable (ReplyWriter) async throws -> Void
    ) {
        content = .streamed(writing)
        self.metadata = metadata
    }

    /// A value as compact JSON.
    package static func json(
        _ value: some Encodable & Sendable,
        metadata: [String: MetadataValue] = [:]
    ) throws -> OutgoingReply {
        OutgoingReply(body: ByteBuffer(bytes: try StrictJSON.encode(value)), metadata: metadata)
    }
}

/// Where a streamed reply goes.
package struct ReplyWriter: Sendable {
    let call: ServerCall

    /// Sends bytes and returns when the caller has room for more: a slow reader slows the writer.
    ///
    /// Throws `RPCError` or `CancellationError` when the call is over.
    package func write(_ buffer: ByteBuffer) async throws {
        guard buffer.readableBytes > 0 else { return }
        try await withUnsafeThrowingContinuation { continuation in
            call.connection.onLoop { $0.write(buffer, for: call, continuation) }
        }
    }
}

/// One method with the code that answers it.
package struct MethodBinding: Sendable {
    package typealias Handler = @Sendable (IncomingCall) async throws -> OutgoingReply

    /// Behind a reference, because a descriptor is large to copy with every call.
    let method: BoundMethod
    let handle: Handler

    package var descriptor: MethodDescriptor { method.descriptor }

    /// The handler runs on the connection's event loop: short work may stay there, anything that
    /// blocks or computes for longer than a millisecond must move away.
    ///
    /// An `RPCError` that it throws goes to the caller as it is; `CancellationError` becomes
    /// CANCELLED; anything else is logged and becomes INTERNAL without a word about its cause.
    package init(_ descriptor: MethodDescriptor, _ handle: @escaping Handler) {
        method = BoundMethod(descriptor)
        self.handle = handle
    }
}

/// A descriptor that all calls of its method share.
final class BoundMethod: Sendable {
    let descriptor: MethodDescriptor

    init(_ descriptor: MethodDescriptor) { self.descriptor = descriptor }
}
