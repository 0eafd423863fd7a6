internal import NIOConcurrencyHelpers
package import NIOCore

/// A body on its way in: the connection puts bytes in as they arrive, one reader takes them out.
///
/// `onConsumed` is told of every byte taken, from the reader's thread: that is when the peer gets new
/// window credit, so a reader that stops stops its peer. What waits here is therefore bounded by the
/// window that was announced. One reader at a time; safe from any thread.
package final class InboundBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer
    package typealias Failure = any Error

    private struct State {
        var waiting = ByteBuffer()
        var received = 0
        var end: End?
        var reader: CheckedContinuation<Void, Never>?
        var isDiscarding = false
    }

    private enum End {
        case complete
        case failed(any Error)
    }

    private let state = NIOLockedValueBox(State())
    private let onConsumed: @Sendable (Int) -> Void
    private let onWanted: (@Sendable () -> Void)?

    /// `onWanted` is called before the reader waits, each time: the moment to say 100 (Continue).
    package init(
        onConsumed: @escaping @Sendable (Int) -> Void,
        onWanted: (@Sendable () -> Void)? = nil
    ) {
        self.onConsumed = onConsumed
        self.onWanted = onWanted
    }

    // MARK: The connection's side

    /// Adds bytes; they are used up at once where the reader has given up.
    package func receive(_ bytes: UnsafeRawBufferPointer) {
        let isDiscarded = state.withLockedValue { state in
            state.received += bytes.count
            if state.isDiscarding || state.end != nil { return true }
            state.waiting.writeBytes(bytes)
            return false
        }
        if isDiscarded { onConsumed(bytes.count) } else { wakeReader() }
    }

    /// Adds a piece, without a copy where nothing else waits.
    package func receive(_ piece: ByteBuffer) {
        let isDiscarded = state.withLockedValue { state in
            state.received += piece.readableBytes
            if state.isDiscarding || state.end != nil { return true }
            if state.waiting.readableBytes == 0 {
                state.waiting = piece
            } else {
                state.waiting.writeImmutableBuffer(piece)
            }
            return false
        }
        if isDiscarded { onConsumed(piece.readableBytes) } else { wakeReader() }
    }

    package func finish() { end(.complete) }

    /// Ends the body early; what waits is dropped and `error` is what the reader gets.
    package func fail(_ error: any Error) { end(.failed(error)) }

    private func end(_ end: End) {
        let dropped = state.withLockedValue { state -> Int in
            guard state.end == nil else { return 0 }
            state.end = end
            guard case .failed = end else { return 0 }
            let count = state.waiting.readableBytes
            state.waiting = ByteBuffer()
            return count
        }
        if dropped > 0 { onConsumed(dropped) }
        wakeReader()
    }

    private func wakeReader() {
        state.withLockedValue { state in
            let reader = state.reader
            state.reader = nil
            return reader
        }?.resume()
    }

    /// Bytes that have arrived so far, taken or not.
    package var receivedBytes: Int { state.withLockedValue { $0.received } }
    /// Bytes that have arrived and are not taken yet.
    package var waitingBytes: Int { state.withLockedValue { $0.waiting.readableBytes } }
    /// Whether all of the body has arrived, or no more ever will.
    package var hasEnded: Bool { state.withLockedValue { $0.end != nil } }
    /// Whether the reader waits for the peer, that is, whether the peer is the slow one.
    package var isReaderWaiting: Bool { state.withLockedValue { $0.reader != nil } }

    // MARK: The reader's side

    package struct Iterator: AsyncIteratorProtocol {
        let body: InboundBody
        package mutating func next() async throws -> ByteBuffer? { try await body.next() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    /// Everything that has arrived since the last call; nil at the end.
    package func next() async throws -> ByteBuffer? {
        while true {
            switch try take() {
            case .piece(let piece): return piece
            case .end: return nil
            case .nothing: try await waitForMore()
            }
        }
    }

    /// The whole body, if it has all arrived and none of it has been taken; nil otherwise.
    package func takeWhole() -> ByteBuffer? {
        let whole = state.withLockedValue { state -> ByteBuffer? in
            guard case .complete = state.end, state.waiting.readableBytes == state.received else {
                return nil
            }
            let whole = state.waiting
            state.waiting = ByteBuffer()
            return whole
        }
        if let whole, whole.readableBytes > 0 { onConsumed(whole.readableBytes) }
        return whole
    }

    /// The rest of the body in one buffer; throws `BodyTooLarge` beyond `limit` bytes.
    package func collect(upTo limit: Int) async throws -> ByteBuffer {
        if let whole = takeWhole() {
            guard whole.readableBytes <= limit else { throw BodyTooLarge(limit: limit) }
            return whole
        }
        var whole = ByteBuffer()
        while let piece = try await next() {
            guard whole.readableBytes + piece.readableBytes <= limit else {
                throw BodyTooLarge(limit: limit)
            }
            if whole.readableBytes == 0 {
                whole = piece
            } else {
                whole.writeImmutableBuffer(piece)
            }
        }
        return whole
    }

    /// Gives up reading: what waits and what still comes is used up unseen.
    package func discard() {
        let dropped = state.withLockedValue { state -> Int in
            state.isDiscarding = true
            let count = state.waiting.readableBytes
            state.waiting = ByteBuffer()
            return count
        }
        if dropped > 0 { onConsumed(dropped) }
    }

    private enum Taken {
        case piece(ByteBuffer)
        case end
        case nothing
    }

    private func take() throws -> Taken {
        let taken = try state.withLockedValue { state -> Taken in
            if state.waiting.readableBytes > 0 {
                let piece = state.waiting
                state.waiting = ByteBuffer()
                return .piece(piece)
            }
            switch state.end {
            case .complete: return .end
            case .failed(let error): throw error
            case nil: return .nothing
            }
        }
        if case .piece(let piece) = taken { onConsumed(piece.readableBytes) }
        return taken
    }

    private func waitForMore() async throws {
        onWanted?()
        await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                let isReady = state.withLockedValue { state in
                    precondition(state.reader == nil, "a body has one reader")
                    if state.waiting.readableBytes > 0 || state.end != nil || Task.isCancelled {
                        return true
                    }
                    state.reader = reader
                    return false
                }
                if isReady { reader.resume() }
            }
        } onCancel: {
            wakeReader()
        }
        try Task.checkCancellation()
    }
}

/// A body went beyond the bytes that its reader takes.
package struct BodyTooLarge: Error, Sendable, Equatable {
    package let limit: Int

    package init(limit: Int) { self.limit = limit }
}
