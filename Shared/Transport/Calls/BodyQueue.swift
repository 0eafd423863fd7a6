internal import NIOConcurrencyHelpers
package import NIOCore

/// The pieces of a body between the loop that receives them and the task that takes them.
///
/// Its size is bounded by the sender's credit: `onTaken` is told how many bytes of credit each taken
/// piece gives back. One task at a time may wait in `next`.
package final class BodyQueue: @unchecked Sendable {
    private struct State {
        var pieces = CircularBuffer<(buffer: ByteBuffer, credit: Int)>()
        var end: Result<Void, any Error>?
        var waiter: UnsafeContinuation<ByteBuffer?, any Error>?
        /// The waiting task was cancelled before it had begun to wait.
        var isWaiterCancelled = false
    }

    private enum Taken {
        case piece(ByteBuffer, credit: Int)
        case end
    }

    private let state = NIOLockedValueBox(State())
    private let onTaken: @Sendable (Int) -> Void

    package init(onTaken: @escaping @Sendable (_ credit: Int) -> Void = { _ in }) {
        self.onTaken = onTaken
    }

    /// Adds a piece; without credit where its sender had no need of any.
    package func push(_ buffer: ByteBuffer, credit: Int) {
        let waiter = state.withLockedValue { state -> UnsafeContinuation<ByteBuffer?, any Error>? in
            guard state.end == nil else { return nil }
            if let waiter = state.waiter {
                state.waiter = nil
                return waiter
            }
            state.pieces.append((buffer, credit))
            return nil
        }
        guard let waiter else { return }
        if credit > 0 { onTaken(credit) }
        waiter.resume(returning: buffer)
    }

    /// Nothing follows: what is queued is still to be taken.
    package func finish() { end(.success(()), discarding: false) }

    /// The body will never be whole: what is queued is thrown away.
    package func fail(_ error: any Error) { end(.failure(error), discarding: true) }

    private func end(_ result: Result<Void, any Error>, discarding: Bool) {
        let waiter = state.withLockedValue { state -> UnsafeContinuation<ByteBuffer?, any Error>? in
            guard state.end == nil else { return nil }
            state.end = result
            if discarding { state.pieces.removeAll() }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(with: result.map { nil })
    }

    /// Whether nothing more will be added.
    package var hasEnded: Bool { state.withLockedValue { $0.end != nil } }

    /// The next piece, or nil at the end; throws what the body failed with, or `CancellationError`.
    package func next() async throws -> ByteBuffer? {
        switch try state.withLockedValue({ try Self.take(&$0) }) {
        case .piece(let buffer, let credit):
            if credit > 0 { onTaken(credit) }
            return buffer
        case .end:
            return nil
        case nil:
            return try await withTaskCancellationHandler {
                try await withUnsafeThrowingContinuation { wait($0) }
            } onCancel: {
                cancelWaiter()
            }
        }
    }

    private static func take(_ state: inout State) throws -> Taken? {
        if let piece = state.pieces.popFirst() { return .piece(piece.buffer, credit: piece.credit) }
        guard let end = state.end else { return nil }
        try end.get()
        return .end
    }

    private func wait(_ continuation: UnsafeContinuation<ByteBuffer?, any Error>) {
        let result = state.withLockedValue { state -> Result<Taken, any Error>? in
            precondition(state.waiter == nil, "two tasks wait for one body")
            let wasCancelled = state.isWaiterCancelled
            state.isWaiterCancelled = false
            do {
                if let taken = try Self.take(&state) { return .success(taken) }
            } catch {
                return .failure(error)
            }
            if wasCancelled { return .failure(CancellationError()) }
            state.waiter = continuation
            return nil
        }
        switch result {
        case .success(.piece(let buffer, let credit)):
            if credit > 0 { onTaken(credit) }
            continuation.resume(returning: buffer)
        case .success(.end): continuation.resume(returning: nil)
        case .failure(let error): continuation.resume(throwing: error)
        case nil: break
        }
    }

    private func cancelWaiter() {
        let waiter = state.withLockedValue { state in
            state.isWaiterCancelled = state.waiter == nil
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(throwing: CancellationError())
    }
}
