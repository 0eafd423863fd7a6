package import NIOCore
internal import Protocol

/// The body of a request as its handler sees it: pieces in order, as they arrive.
///
/// Credit goes back to the sender as pieces are taken, so that a slow handler slows its caller and
/// holds at most one window (512 KiB). It may be read once.
package struct RequestBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    fileprivate enum Source: Sendable {
        case whole(ByteBuffer)
        case queue(BodyQueue)
    }

    fileprivate let source: Source
    private let limit: Int
    /// The whole body's size, where the caller said it beforehand; it is not to be trusted.
    package let expectedBytes: Int?

    /// A body that is here already.
    package init(_ buffer: ByteBuffer) {
        source = .whole(buffer)
        limit = .max
        expectedBytes = buffer.readableBytes
    }

    /// A body that arrives through a queue, at most `limit` bytes in all.
    package init(_ queue: BodyQueue, expectedBytes: Int?, limit: Int) {
        source = .queue(queue)
        self.limit = limit
        self.expectedBytes = expectedBytes
    }

    /// The whole body; without a copy where it came in one frame.
    ///
    /// Throws `RPCError` with status `outOfRange` above the method's `maximumRequestBytes`.
    /// `padding` bytes behind the last one are sure to be readable memory, as simdjson wants.
    package func collect(padding: Int = 0) async throws -> ByteBuffer {
        var whole: ByteBuffer
        switch source {
        case .whole(let buffer):
            whole = buffer
        case .queue(let queue):
            let expected = Swift.min(expectedBytes ?? 0, limit, Self.largestReservation)
            whole = ByteBufferAllocator().buffer(capacity: expected + padding)
            while var piece = try await queue.next() {
                guard whole.readableBytes + piece.readableBytes <= limit else {
                    throw RPCError.bodyTooLarge(limit: limit)
                }
                whole.writeBuffer(&piece)
            }
        }
        if padding > 0 { whole.reserveCapacity(minimumWritableBytes: padding) }
        return whole
    }

    /// What a caller claims is reserved up to here; beyond, memory grows with the bytes received.
    private static let largestReservation = 64 << 20

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var source: Source

        package mutating func next() async throws -> ByteBuffer? {
            switch source {
            case .whole(let buffer):
                source = .whole(ByteBuffer())
                return buffer.readableBytes > 0 ? buffer : nil
            case .queue(let queue):
                return try await queue.next()
            }
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }
}
