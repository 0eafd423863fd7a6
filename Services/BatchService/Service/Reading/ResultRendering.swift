internal import NIOCore
internal import PostingSets
internal import Protocol

/// The result object of one set on its way out; one caller at a time asks for its pieces.
final class ResultRendering: @unchecked Sendable {
    /// Holds the body that the writer reads.
    private let reading: SetReaders.Reading
    private var writer: PostingSetResultWriter
    private let pieceBytes: Int

    init(_ set: FinishedSet, _ reading: SetReaders.Reading) throws {
        self.reading = reading
        writer = try PostingSetResultWriter(
            reading.view(of: set),
            PostingSetResult(
                batchID: set.setID,
                transactionsLoaded: set.loaded,
                failures: set.failures.map { .init(index: $0.index, message: $0.message) },
                errorMessage: set.errorMessage
            )
        )
        pieceBytes = max(ResultReader.pieceBytes, writer.minimumPieceBytes)
    }

    /// The next piece; nil once all is written.
    func next() -> ByteBuffer? {
        var piece = ByteBufferAllocator().buffer(capacity: pieceBytes)
        let written = piece.writeWithUnsafeMutableBytes(minimumWritableBytes: pieceBytes) {
            writer.write(into: $0)
        }
        return written > 0 ? piece : nil
    }

    /// All that is left.
    func append(to bytes: inout [UInt8]) { writer.append(to: &bytes) }
}

extension SetReaders.Reading {
    /// The set that was read: it had no fault when it was stored, and its checksum says that it is the
    /// same.
    func view(of set: FinishedSet) throws -> PostingSetView {
        guard case .set(let view) = outcome else { throw BodyReader.damaged(set.setID) }
        return view
    }
}
