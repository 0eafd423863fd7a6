internal import Identity
internal import NIOCore
internal import Protocol

/// One call underway on a server.
///
/// Its variables are touched on the connection's loop only.
final class ServerCall: @unchecked Sendable {
    let id: UInt32
    let binding: MethodBinding
    let incoming: IncomingCall
    let connection: ServerConnection
    /// The request's body where it comes in pieces.
    let requestBody: BodyQueue?
    let reply: OutboundBody
    var replyBytes = 0
    var hasReplyBegun = false
    /// The caller has its answer, or waits for none; what the handler still says is thrown away.
    var isAnswered = false
    private(set) var hasHandlerReturned = false
    private var task: Task<Void, Never>?

    init(
        id: UInt32,
        binding: MethodBinding,
        incoming: IncomingCall,
        connection: ServerConnection,
        requestBody: BodyQueue?
    ) {
        self.id = id
        self.binding = binding
        self.incoming = incoming
        self.connection = connection
        self.requestBody = requestBody
        reply = OutboundBody(id: id)
    }

    var descriptor: MethodDescriptor { binding.descriptor }

    /// Starts the handler on the connection's loop.
    func start() {
        task = Task(executorPreference: connection.executor) { await self.run() }
    }

    /// Stops the handler and whatever waits for the other side.
    func stop(_ error: any Error) {
        task?.cancel()
        requestBody?.fail(error)
        reply.fail(error)
    }

    private func run() async {
        let last = await outcome()
        if connection.loop.inEventLoop {
            conclude(last)
        } else {
            connection.loop.execute { self.conclude(last) }
        }
    }

    /// What is left to say when the handler has returned.
    private enum Outcome: Sendable {
        case whole(ByteBuffer, [String: MetadataValue])
        case streamed
        case failed(RPCError)
    }

    /// A cancelled call's reply never ends well, whatever its handler has made of it.
    private func conclude(_ outcome: Outcome) {
        hasHandlerReturned = true
        switch outcome {
        case .whole where reply.hasFailed, .streamed where reply.hasFailed:
            connection.finish(self, with: .cancelledMeanwhile)
        case .whole(let body, let metadata):
            connection.finish(self, body: body, metadata: metadata)
        case .streamed: connection.endStream(self)
        case .failed(let error): connection.finish(self, with: error)
        }
        connection.handlerReturned(self)
    }

    private func outcome() async -> Outcome {
        do {
            try refuseIfLate()
            let scope = CallScope(
                deadline: incoming.deadline,
                requestID: incoming.metadata.requestID
            )
            return try await CallScope.$current.withValue(scope) {
                try await answer()
            }
        } catch {
            return .failed(connection.rpcError(error, in: self))
        }
    }

    /// What waited too long is not begun, so that the caller knows that nothing happened.
    private func refuseIfLate() throws {
        if Task.isCancelled {
            throw RPCError(.cancelled, reason: "cancelled", message: "The call was cancelled.")
        }
        guard incoming.deadline > connection.loop.now else {
            throw RPCError.deadlineExceeded(processed: .no, origin: .server)
        }
    }

    private func answer() async throws -> Outcome {
        let outgoing = try await binding.handle(incoming)
        switch outgoing.content {
        case .whole(let body):
            let limit = binding.method.descriptor.maximumReplyBytes
            guard body.readableBytes <= limit else { throw RPCError.replyTooLarge(limit: limit) }
            return .whole(body, outgoing.metadata)
        case .streamed(let write):
            connection.onLoop { $0.beginStream(self, metadata: outgoing.metadata) }
            try await write(ReplyWriter(call: self))
            return .streamed
        }
    }
}

/// Leads from a body's queue to its call without keeping it alive; on the loop only.
final class CallReference: @unchecked Sendable {
    weak var call: ServerCall?
}

extension RPCError {
    static let cancelledMeanwhile = RPCError(
        .cancelled,
        reason: "cancelled",
        message: "The call was cancelled.",
        processed: .maybe
    )

    static func deadlineExceeded(processed: Processed, origin: Origin) -> RPCError {
        RPCError(
            .deadlineExceeded,
            reason: "deadline_exceeded",
            message: "The time for the call is over.",
            processed: processed,
            origin: origin
        )
    }

    static func replyTooLarge(limit: Int) -> RPCError {
        RPCError(
            .outOfRange,
            reason: "reply_too_large",
            message: "The reply is larger than \(limit) bytes: ask for less.",
            processed: .maybe
        )
    }
}
