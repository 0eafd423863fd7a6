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
    var task: Task<Void, Never>?

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
        do {
            try refuseIfLate()
            let scope = CallScope(
                deadline: incoming.deadline,
                requestID: incoming.metadata.requestID
            )
            try await CallScope.$current.withValue(scope) {
                try await answer()
            }
        } catch {
            let error = connection.rpcError(error, in: self)
            connection.onLoop { $0.finish(self, with: error) }
        }
        connection.onLoop { $0.handlerReturned(self) }
    }

    /// What waited too long is not begun, so that the caller knows that nothing happened.
    private func refuseIfLate() throws {
        if Task.isCancelled {
            throw RPCError(.cancelled, reason: "cancelled", message: "The call was cancelled.")
        }
        guard incoming.deadline > .now() else {
            throw RPCError.deadlineExceeded(processed: .no, origin: .server)
        }
    }

    private func answer() async throws {
        let outgoing = try await binding.handle(incoming)
        switch outgoing.content {
        case .whole(let body):
            guard body.readableBytes <= descriptor.maximumReplyBytes else {
                throw RPCError.replyTooLarge(limit: descriptor.maximumReplyBytes)
            }
            connection.onLoop { $0.finish(self, body: body, metadata: outgoing.metadata) }
        case .streamed(let write):
            connection.onLoop { $0.beginStream(self, metadata: outgoing.metadata) }
            try await write(ReplyWriter(call: self))
            connection.onLoop { $0.endStream(self) }
        }
    }
}

/// Leads from a body's queue to its call without keeping it alive; on the loop only.
final class CallReference: @unchecked Sendable {
    weak var call: ServerCall?
}

extension RPCError {
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
