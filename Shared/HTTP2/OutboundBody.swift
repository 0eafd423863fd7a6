internal import NIOConcurrencyHelpers
package import NIOCore

/// A body on its way out: one writer puts pieces in, the connection takes bytes as its peer allows.
///
/// At most `highWaterBytes` and one piece wait here: beyond that `write` suspends, so a slow peer
/// stops its own writer and nobody else. Safe from any thread.
package final class OutboundBody: Sendable {
    private let state = NIOLockedValueBox(OutboundBodyState())
    private let highWaterBytes: Int
    private let onReady: @Sendable () -> Void

    /// `onReady` is called from the writer's thread when bytes or the end follow upon `notYet`.
    package init(highWaterBytes: Int = 128 << 10, onReady: @escaping @Sendable () -> Void) {
        self.highWaterBytes = highWaterBytes
        self.onReady = onReady
    }

    // MARK: The writer's side

    /// Hands over a piece; suspends while too much waits, throws once nobody will take it.
    package func write(_ piece: ByteBuffer) async throws {
        try Task.checkCancellation()
        guard piece.readableBytes > 0 else { return }
        let isStarved = try state.withLockedValue { state in
            if case .cancelled(let error) = state.end { throw error }
            precondition(state.end == nil, "a body is not written after its end")
            state.pieces.append(piece)
            state.waitingBytes += piece.readableBytes
            return state.takeStarvation()
        }
        if isStarved { onReady() }
        await waitForRoom()
        try Task.checkCancellation()
    }

    package func finish() { end(.complete) }

    /// Breaks the body off: the peer sees an aborted stream, never a short body that looks whole.
    package func fail() { end(.failed) }

    private func end(_ end: OutboundBodyState.End) {
        let isStarved = state.withLockedValue { state in
            guard state.end == nil else { return false }
            state.end = end
            return state.takeStarvation()
        }
        if isStarved { onReady() }
    }

    private func waitForRoom() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { writer in
                let hasRoom = state.withLockedValue { state in
                    precondition(state.writer == nil, "a body has one writer")
                    let hasRoom = state.waitingBytes <= highWaterBytes || state.end != nil
                    if hasRoom || Task.isCancelled { return true }
                    state.writer = writer
                    return false
                }
                if hasRoom { writer.resume() }
            }
        } onCancel: {
            wakeWriter()
        }
    }

    private func wakeWriter() {
        state.withLockedValue { state in
            let writer = state.writer
            state.writer = nil
            return writer
        }?.resume()
    }

    // MARK: The connection's side

    /// Bytes handed over and not yet taken.
    package var waitingBytes: Int { state.withLockedValue { $0.waitingBytes } }

    /// Fills `target`; `notYet` means that `onReady` will be called.
    package func read(into target: UnsafeMutableRawBufferPointer) -> HTTP2BodyRead {
        let (result, hasRoom) = state.withLockedValue { state -> (HTTP2BodyRead, Bool) in
            let result = state.fill(target)
            return (result, state.writer != nil && state.waitingBytes <= highWaterBytes / 2)
        }
        if hasRoom { wakeWriter() }
        return result
    }

    /// The next piece whole; `notYet` as `read` has it.
    package func takePiece() -> Piece {
        let (piece, hasRoom) = state.withLockedValue { state -> (Piece, Bool) in
            let piece = state.takePiece()
            return (piece, state.writer != nil && state.waitingBytes <= highWaterBytes / 2)
        }
        if hasRoom { wakeWriter() }
        return piece
    }

    package enum Piece: Sendable, Equatable {
        case bytes(ByteBuffer)
        case end
        case notYet
        case failed
    }

    /// Nobody will take more: the writer's next `write` throws `error`.
    package func cancel(_ error: any Error) {
        state.withLockedValue { state in
            if state.end == nil { state.end = .cancelled(error) }
            state.pieces.removeAll()
            state.waitingBytes = 0
        }
        wakeWriter()
    }
}
