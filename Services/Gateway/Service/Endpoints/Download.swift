internal import HTTP2
internal import NIOCore
internal import Protocol

/// Turns a service's reply in pieces into an answer.
enum Download {
    /// Answers with the pieces as they come; one that is complete at once has a `content-length`.
    static func reply(
        _ download: UpstreamDownload,
        contentType: String = EdgeReply.jsonType,
        headers: [(name: String, value: String)] = []
    ) async throws -> EdgeReply {
        let source = PieceSource(download.pieces)
        let first = try await source.next() ?? ByteBuffer()
        guard let second = try await source.next() else {
            return EdgeReply(200, body: .bytes(first), contentType: contentType, headers: headers)
        }
        let body = EdgeReply.Body.pieces { target in
            try await target.write(first)
            try await target.write(second)
            while let piece = try await source.next() { try await target.write(piece) }
        }
        return EdgeReply(200, body: body, contentType: contentType, headers: headers)
    }
}

/// Reads a sequence across two closures that run one after the other, never at once: that is why it
/// may be passed between them.
private final class PieceSource: @unchecked Sendable {
    private var iterator: any AsyncIteratorProtocol<ByteBuffer, any Error>

    init(_ pieces: any AsyncSequence<ByteBuffer, any Error> & Sendable) {
        iterator = pieces.makeAsyncIterator()
    }

    func next() async throws -> ByteBuffer? { try await iterator.next(isolation: nil) }
}
