package import NIOCore
package import Protocol

/// A whole reply.
package struct IncomingReply: Sendable {
    package let metadata: [String: MetadataValue]
    package let body: ByteBuffer

    package init(metadata: [String: MetadataValue], body: ByteBuffer) {
        self.metadata = metadata
        self.body = body
    }

    /// The body as a `T`; throws `RPCError` with status `internal` where it is none.
    package func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try body.withUnsafeReadableBytes { try StrictJSON.decodeReply(type, from: $0) }
    }
}

/// A reply whose body comes in pieces: `metadata` is here already, the pieces are iterated once.
///
/// The server is slowed down while nobody takes pieces, and told to stop when the stream is let go.
/// A call that fails midway throws its `RPCError` from the iteration.
package struct IncomingReplyStream: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    package let metadata: [String: MetadataValue]
    private let life: StreamLife

    init(metadata: [String: MetadataValue], life: StreamLife) {
        self.metadata = metadata
        self.life = life
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let life: StreamLife

        package func next() async throws -> ByteBuffer? { try await life.queue.next() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(life: life) }
}

/// Ends a streamed call when the last reader is gone.
final class StreamLife: Sendable {
    let queue: BodyQueue
    private let onEnd: @Sendable () -> Void

    init(queue: BodyQueue, onEnd: @escaping @Sendable () -> Void) {
        self.queue = queue
        self.onEnd = onEnd
    }

    deinit {
        if !queue.hasEnded { onEnd() }
    }
}
