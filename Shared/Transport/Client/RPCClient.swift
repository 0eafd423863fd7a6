package import Identity
package import Logging
package import NIOCore
package import Protocol
package import TLS

/// Calls the methods of one service over one connection, which is made when it is needed.
///
/// Every call has a deadline: the smallest of its own `timeout`, the method's default and what is
/// left of the call that is being handled (`CallScope`). It covers connecting, waiting and the call.
/// Cancelling the task cancels the call, and the handler on the other side. All methods throw
/// `RPCError` and nothing else; its `retry` says what may be done then.
package final class RPCClient: Sendable {
    private let core: ClientCore

    /// `tls` is a `TLSContext.rpcClient`; the server must prove to be `bursar://service/<service>`
    /// and carry `host` in its certificate.
    package convenience init(
        to service: ServiceName,
        host: String,
        port: Int,
        tls: TLSContext,
        loop: any EventLoop,
        logger: Logger
    ) {
        self.init(
            ClientCore(
                service: service,
                host: host,
                port: port,
                tls: tls,
                loop: loop,
                logger: logger
            )
        )
    }

    init(_ core: ClientCore) { self.core = core }

    /// Runs tasks on the connection's event loop.
    ///
    /// A caller that stands there pays no change of threads; nothing that blocks or computes for long
    /// belongs on it.
    package var executor: LoopExecutor { LoopExecutor.of(core.loop) }

    /// Sends a request and waits for the whole reply.
    ///
    /// A large `body` travels in pieces by itself.
    package func call(
        _ method: MethodDescriptor,
        body: ByteBuffer = ByteBuffer(),
        options: CallOptions = CallOptions()
    ) async throws -> IncomingReply {
        try await whole(prepare(method, options, body: body))
    }

    /// Sends a request whose body comes from `bodyStream`, at the speed at which the service takes
    /// it, and waits for the whole reply.
    ///
    /// The stream is left as soon as the reply is there.
    package func open(
        _ method: MethodDescriptor,
        bodyStream: any AsyncSequence<ByteBuffer, any Error> & Sendable,
        expectedBytes: Int?,
        options: CallOptions = CallOptions()
    ) async throws -> IncomingReply {
        var options = options
        options.document.bodyBytes = expectedBytes
        let call = try prepare(method, options, body: nil)
        let upload = Task(executorPreference: LoopExecutor.of(core.loop)) {
            await self.upload(bodyStream, for: call)
        }
        defer { upload.cancel() }
        return try await whole(call)
    }

    /// Sends a request and returns with the beginning of the reply; its body is then iterated.
    package func stream(
        _ method: MethodDescriptor,
        body: ByteBuffer = ByteBuffer(),
        options: CallOptions = CallOptions()
    ) async throws -> IncomingReplyStream {
        let call = try prepare(method, options, body: body)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                core.submit(call, .stream(continuation))
            }
        } onCancel: {
            core.cancel(call)
        }
    }

    /// Ends all calls and the connection; returns when it is closed.
    package func close() async {
        // The promise is only ever fulfilled.
        try? await core.close().get()
    }

    private func whole(_ call: ClientCall) async throws -> IncomingReply {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                core.submit(call, .whole(continuation))
            }
        } onCancel: {
            core.cancel(call)
        }
    }

    /// A call that waits to be submitted; without a body it is an upload.
    private func prepare(
        _ method: MethodDescriptor,
        _ options: CallOptions,
        body: ByteBuffer?
    ) throws(RPCError) -> ClientCall {
        var options = options
        let size = body?.readableBytes ?? options.document.bodyBytes ?? 0
        guard size <= method.maximumRequestBytes else {
            throw .bodyTooLarge(limit: method.maximumRequestBytes)
        }
        if size > ProtocolLimits.inlineBodyBytes { options.document.bodyBytes = size }
        let scope = CallScope.current
        if options.document.requestID == nil { options.document.requestID = scope?.requestID }
        let ownLimit = options.timeout ?? .seconds(Int64(method.defaultTimeoutSeconds))
        let own = core.loop.now + ownLimit
        return ClientCall(
            method: method,
            options: options,
            body: body,
            deadline: scope.map { min($0.deadline, own) } ?? own
        )
    }

    /// Moves the pieces of a body to the call, the last one marked as such.
    private func upload(
        _ stream: any AsyncSequence<ByteBuffer, any Error> & Sendable,
        for call: ClientCall
    ) async {
        do {
            for try await piece in stream where piece.readableBytes > 0 {
                try await write(piece, isEnd: false, for: call)
            }
            try await write(ByteBuffer(), isEnd: true, for: call)
        } catch {
            let cause = error as? RPCError ?? RPCError.uploadFailed(error)
            core.loop.execute { self.core.abandon(call, cause) }
        }
    }

    private func write(_ piece: ByteBuffer, isEnd: Bool, for call: ClientCall) async throws {
        let loop = core.loop
        try await withUnsafeThrowingContinuation { continuation in
            if loop.inEventLoop {
                call.write(piece, isEnd: isEnd, continuation)
            } else {
                loop.execute { call.write(piece, isEnd: isEnd, continuation) }
            }
        }
    }
}

extension ClientCall {
    /// A piece of the upload; it waits here while the call has no connection yet.
    func write(
        _ piece: ByteBuffer,
        isEnd: Bool,
        _ continuation: UnsafeContinuation<Void, any Error>
    ) {
        switch phase {
        case .new, .waiting: early = (piece, isEnd, continuation)
        case .done: continuation.resume(throwing: RPCError.callIsOver)
        case .sent:
            if let connection {
                connection.write(piece, isEnd: isEnd, for: self, continuation)
            } else {
                continuation.resume(throwing: RPCError.callIsOver)
            }
        }
    }
}

extension RPCError {
    /// The body's source broke off: the call is cancelled, and nothing of it is kept.
    static func uploadFailed(_ cause: any Error) -> RPCError {
        RPCError(
            .cancelled,
            reason: "upload_failed",
            message: "The request's body broke off: \(cause)",
            processed: .maybe,
            origin: .client
        )
    }
}
