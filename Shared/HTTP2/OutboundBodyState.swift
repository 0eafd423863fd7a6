internal import NIOCore

/// What waits in an `OutboundBody` and how it ended; guarded by that body's lock.
struct OutboundBodyState {
    enum End {
        case complete
        /// The writer broke off.
        case failed
        /// The peer or the connection is gone.
        case cancelled(any Error)
    }

    var pieces = CircularBuffer<ByteBuffer>()
    var waitingBytes = 0
    var end: End?
    /// The connection found nothing and is to be told of the next piece.
    var isStarved = false
    var writer: CheckedContinuation<Void, Never>?

    mutating func takeStarvation() -> Bool {
        defer { isStarved = false }
        return isStarved
    }

    mutating func fill(_ target: UnsafeMutableRawBufferPointer) -> HTTP2BodyRead {
        var written = 0
        while written < target.count, !pieces.isEmpty {
            let count = min(pieces[pieces.startIndex].readableBytes, target.count - written)
            pieces[pieces.startIndex].readWithUnsafeReadableBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                UnsafeMutableRawBufferPointer(rebasing: target[written...]).copyMemory(from: part)
                return count
            }
            written += count
            if pieces[pieces.startIndex].readableBytes == 0 { pieces.removeFirst() }
        }
        waitingBytes -= written
        switch end {
        case .complete where pieces.isEmpty: return .wrote(written, end: true)
        case .failed where pieces.isEmpty && written == 0, .cancelled: return .failed
        default: break
        }
        if written == 0 {
            isStarved = true
            return .notYet
        }
        return .wrote(written, end: false)
    }

    mutating func takePiece() -> OutboundBody.Piece {
        if let piece = pieces.popFirst() {
            waitingBytes -= piece.readableBytes
            return .bytes(piece)
        }
        switch end {
        case .complete: return .end
        case .failed, .cancelled: return .failed
        case nil:
            isStarved = true
            return .notYet
        }
    }
}
