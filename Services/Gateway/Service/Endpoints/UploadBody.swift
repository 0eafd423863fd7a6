internal import HTTP2
internal import NIOConcurrencyHelpers
internal import NIOCore

/// A request's body on its way to a service: counted against its limit, and able to tell afterwards
/// whether it was the client who broke it off.
final class UploadBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    private let body: InboundBody
    private let limit: Int
    private let state = NIOLockedValueBox<(taken: Int, failure: (any Error)?)>((0, nil))

    init(_ body: InboundBody, limit: Int) {
        self.body = body
        self.limit = limit
    }

    /// What ended the body early; nil where it came whole, or where the service stopped first.
    var failure: (any Error)? { state.withLockedValue { $0.failure } }

    func makeAsyncIterator() -> Iterator { Iterator(upload: self) }

    struct Iterator: AsyncIteratorProtocol {
        let upload: UploadBody

        mutating func next() async throws -> ByteBuffer? { try await upload.next() }
    }

    private func next() async throws -> ByteBuffer? {
        do {
            guard let piece = try await body.next() else { return nil }
            let taken = state.withLockedValue { state in
                state.taken += piece.readableBytes
                return state.taken
            }
            guard taken <= limit else { throw BodyTooLarge(limit: limit) }
            return piece
        } catch let error as CancellationError {
            // The call has ended and its upload with it: that is not the client's doing.
            throw error
        } catch {
            state.withLockedValue { $0.failure = $0.failure ?? error }
            throw error
        }
    }
}
