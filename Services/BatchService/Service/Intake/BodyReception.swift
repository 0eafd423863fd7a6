internal import Crypto
package import NIOCore
internal import Protocol

/// A body that has arrived whole.
package enum ReceivedBody: Sendable {
    case small(ByteBuffer)
    case large(ArenaPool.Loan, BodyUpload)

    package var held: HeldBody {
        switch self {
        case .small(let buffer): .small(buffer)
        case .large(let loan, _): .large(loan)
        }
    }
}

/// Takes a body piece by piece: small ones stay as they came, large ones go into an arena and, while
/// they still arrive, into their file.
package struct BodyReception: Sendable {
    let files: BodyFiles
    let arenas: ArenaPool
    let maximumBytes: Int

    package init(files: BodyFiles, arenas: ArenaPool, maximumBytes: Int) {
        self.files = files
        self.arenas = arenas
        self.maximumBytes = maximumBytes
    }

    /// Reads the whole body.
    ///
    /// - Parameters:
    ///   - pieces: the body as it arrives; the sender is held back while nothing is taken.
    ///   - expectedBytes: its size where the sender said it.
    /// - Returns: the body, not durable yet.
    /// - Throws: `body_too_large` beyond the limit, `busy` where every arena is taken and the line is long.
    package func receive<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces,
        expectedBytes: Int?
    ) async throws -> ReceivedBody where Pieces.Element == ByteBuffer {
        if let expectedBytes, expectedBytes > maximumBytes { throw tooLarge }
        var iterator = pieces.makeAsyncIterator()
        var start = ByteBuffer()
        while let piece = try await iterator.next() {
            if start.readableBytes == 0 {
                start = piece
            } else {
                start.writeImmutableBuffer(piece)
            }
            if start.readableBytes > BodyPlace.inlineLimit {
                return try await receiveLarge(&iterator, start, expectedBytes: expectedBytes)
            }
        }
        return .small(start)
    }

    private func receiveLarge<Pieces: AsyncIteratorProtocol>(
        _ pieces: inout Pieces,
        _ start: ByteBuffer,
        expectedBytes: Int?
    ) async throws -> ReceivedBody where Pieces.Element == ByteBuffer {
        guard let loan = await arenas.borrow() else { throw busy }
        let upload = BodyUpload(expectedBytes: expectedBytes, of: loan, to: files)
        try append(start, to: loan.arena)
        upload.advance()
        while let piece = try await pieces.next() {
            try append(piece, to: loan.arena)
            upload.advance()
        }
        return .large(loan, upload)
    }

    private func append(_ piece: ByteBuffer, to arena: BodyArena) throws {
        guard arena.count + piece.readableBytes <= maximumBytes,
            piece.withUnsafeReadableBytes({ arena.append($0) })
        else { throw tooLarge }
    }

    private var tooLarge: RPCError { .bodyTooLarge(limit: maximumBytes) }

    private var busy: RPCError {
        RPCError(
            .resourceExhausted,
            reason: "busy",
            message: "Too many large sets arrive at once. Try again.",
            retryAfterMilliseconds: 1_000
        )
    }
}
