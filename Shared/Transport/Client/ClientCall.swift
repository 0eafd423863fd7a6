internal import NIOConcurrencyHelpers
internal import NIOCore
internal import Protocol

/// One call of a client, from its wait for a connection to its reply.
///
/// On the client's loop only, but for the lines that say otherwise.
final class ClientCall: @unchecked Sendable {
    /// What the caller waits for.
    enum Waiter {
        case whole(UnsafeContinuation<IncomingReply, any Error>)
        case stream(UnsafeContinuation<IncomingReplyStream, any Error>)
    }

    enum Phase: Equatable {
        case new
        case waiting
        case sent(id: UInt32)
        case done
    }

    let method: MethodDescriptor
    let options: CallOptions
    let body: ByteBuffer
    /// The body follows in pieces that somebody writes.
    let isUpload: Bool
    let deadline: NIODeadline

    var phase = Phase.new
    private var waiter: Waiter?
    /// What a call failed with before its waiter had come: it was cancelled at once.
    private var failure: (any Error)?
    /// Let go at the end of the call.
    var connection: ClientConnection?
    var outbound: OutboundBody?
    var metadata: [String: MetadataValue] = [:]
    var status = RPCStatus.ok
    private var collected = ByteBuffer()
    /// Where a streamed reply's pieces go once its RESPONSE has come.
    private(set) var queue: BodyQueue?
    /// A piece of the body that was given before the call had a connection.
    var early: (ByteBuffer, isEnd: Bool, UnsafeContinuation<Void, any Error>)?

    init(
        method: MethodDescriptor,
        options: CallOptions,
        body: ByteBuffer?,
        deadline: NIODeadline
    ) {
        self.method = method
        self.options = options
        self.body = body ?? ByteBuffer()
        isUpload = body == nil
        self.deadline = deadline
    }

    /// The call begins.
    ///
    /// False where it is over already.
    func accept(_ waiter: Waiter) -> Bool {
        self.waiter = waiter
        guard let failure else { return true }
        resumeWaiter(throwing: failure)
        return false
    }

    // MARK: The reply

    /// A piece of the reply's body; `credit` is what taking it gives back.
    func received(_ piece: ByteBuffer, credit: Int) {
        if let queue {
            if piece.readableBytes > 0 { queue.push(piece, credit: credit) }
        } else if collected.readableBytes == 0 {
            collected = piece
        } else {
            collected.writeImmutableBuffer(piece)
        }
    }

    /// Whether pieces are gathered here, so that their credit goes back at once.
    var gathers: Bool { queue == nil }

    /// RESPONSE of a streamed reply has come: the caller gets its stream.
    func beginStream(_ makeQueue: () -> BodyQueue, onEnd: @escaping @Sendable () -> Void) {
        guard status == .ok, case .stream(let continuation) = waiter else { return }
        let queue = makeQueue()
        self.queue = queue
        waiter = nil
        let life = StreamLife(queue: queue, onEnd: onEnd)
        continuation.resume(returning: IncomingReplyStream(metadata: metadata, life: life))
    }

    /// The reply is whole.
    func finish() {
        guard phase != .done else { return }
        guard status == .ok else {
            fail(replyError())
            return
        }
        phase = .done
        connection = nil
        endUpload(RPCError.callIsOver)
        queue?.finish()
        if case .whole(let continuation) = waiter {
            continuation.resume(returning: IncomingReply(metadata: metadata, body: collected))
        }
        waiter = nil
    }

    /// The error in the body of RESPONSE or END.
    private func replyError() -> RPCError {
        let decoded = collected.withUnsafeReadableBytes { bytes in
            // An error that cannot be read is still an error, with the status of the frame.
            try? StrictJSON.decodeReply(RPCError.self, from: bytes)
        }
        return decoded
            ?? RPCError(status, reason: "unknown", message: status.name, processed: .maybe)
    }

    /// The status of END takes the place of the one in RESPONSE; its body is an error's.
    func ended(_ code: UInt16, _ body: ByteBuffer) {
        status = RPCStatus(rawValue: code) ?? .unknown
        if status != .ok { collected = body }
    }

    func fail(_ error: any Error) {
        guard phase != .done else { return }
        phase = .done
        connection = nil
        endUpload(error)
        queue?.fail(error)
        failure = error
        resumeWaiter(throwing: error)
    }

    private func resumeWaiter(throwing error: any Error) {
        let waiter = waiter
        self.waiter = nil
        switch waiter {
        case .whole(let continuation): continuation.resume(throwing: error)
        case .stream(let continuation): continuation.resume(throwing: error)
        case nil: break
        }
    }

    private func endUpload(_ error: any Error) {
        outbound?.fail(error)
        let early = early
        self.early = nil
        early?.2.resume(throwing: error)
    }
}

extension RPCError {
    /// Told to whoever still writes a request's body: the reply says the rest.
    static let callIsOver = RPCError(
        .cancelled,
        reason: "call_is_over",
        message: "The call has its reply.",
        processed: .maybe,
        origin: .client
    )
    static let callCancelled = RPCError(
        .cancelled,
        reason: "cancelled",
        message: "The call was cancelled.",
        processed: .maybe,
        origin: .client
    )
}
