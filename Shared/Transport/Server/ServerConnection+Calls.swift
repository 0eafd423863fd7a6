internal import Identity
internal import JSON
internal import Logging
internal import NIOCore
internal import Protocol

/// Calls: from REQUEST to the handler, and from the handler to RESPONSE.
extension ServerConnection {
    func requestReceived(_ header: FrameHeader, _ document: ByteBuffer?, _ body: ByteBuffer) {
        let isEnded = header.flags.contains(.endStream)
        switch machine.requestReceived(
            id: header.callID,
            isEnded: isEnded,
            bodyBytes: body.readableBytes
        ) {
        case .close(let fault): fail(fault)
        case .refuse(let error): refuse(header.callID, error)
        case .judge:
            do {
                try admit(header, document, body)
            } catch {
                refuse(header.callID, error)
            }
        }
    }

    private func admit(
        _ header: FrameHeader,
        _ document: ByteBuffer?,
        _ body: ByteBuffer
    ) throws(RPCError) {
        let (fields, params) = try read(document)
        guard let peer, let binding = server.binding(index: header.code, name: fields.method) else {
            throw RPCError(
                .unimplemented,
                reason: "unknown_method",
                message: "This service has no such method."
            )
        }
        let method = binding.method.descriptor
        let requestID = fields.requestID ?? requestIDs.next()
        guard method.callers.admits(peer) else {
            report(peer, method, requestID)
            throw .forbidden
        }
        guard !header.flags.contains(.compressed) else { throw .compressionUnsupported }
        guard max(body.readableBytes, fields.bodyBytes ?? 0) <= method.maximumRequestBytes else {
            throw .bodyTooLarge(limit: method.maximumRequestBytes)
        }
        guard server.beginCall() else { throw .tooManyCalls }
        let metadata = RequestMetadata(
            token: fields.token,
            idempotencyKey: fields.idempotencyKey,
            requestID: requestID,
            clientAddress: fields.client,
            params: params
        )
        start(header, binding, peer, metadata, body, expectedBytes: fields.bodyBytes)
    }

    private func read(
        _ document: ByteBuffer?
    ) throws(RPCError) -> (RequestDocument, params: ByteBuffer?) {
        guard let document else { return (RequestDocument(), nil) }
        let result = document.withUnsafeReadableBytes { bytes in
            Result { () throws(JSONScanner.Fault) in try RequestDocument.read(bytes) }
        }
        switch result {
        case .success(let (fields, params)):
            let slice = params.flatMap {
                document.getSlice(at: document.readerIndex + $0.lowerBound, length: $0.count)
            }
            return (fields, slice)
        case .failure(let fault):
            throw RPCError(
                .invalidArgument,
                reason: "bad_header_document",
                message: "The header document could not be read.",
                details: [fault.detail]
            )
        }
    }

    private func start(
        _ header: FrameHeader,
        _ binding: MethodBinding,
        _ peer: PeerIdentity,
        _ metadata: RequestMetadata,
        _ body: ByteBuffer,
        expectedBytes: Int?
    ) {
        let id = header.callID
        let method = binding.method.descriptor
        let owner = header.flags.contains(.endStream) ? nil : CallReference()
        let queue = owner.map { makeQueue($0) }
        if let queue, body.readableBytes > 0 { queue.push(body, credit: 0) }
        let call = ServerCall(
            id: id,
            binding: binding,
            incoming: IncomingCall(
                binding.method,
                peer: peer,
                metadata: metadata,
                deadline: readAt + Self.timeout(header, method),
                body: queue.map {
                    RequestBody(
                        $0,
                        expectedBytes: expectedBytes,
                        limit: method.maximumRequestBytes
                    )
                } ?? RequestBody(body.detachedFromLargeStorage())
            ),
            connection: self,
            requestBody: queue
        )
        owner?.call = call
        machine.admitted(call, id: id, limit: method.maximumRequestBytes)
        callBegan()
        call.start()
    }

    /// What the caller says, within bounds, or the method's own.
    private static func timeout(_ header: FrameHeader, _ method: MethodDescriptor) -> TimeAmount {
        let most = TimeAmount.seconds(Int64(ProtocolLimits.callSeconds))
        return header.value > 0
            ? min(.milliseconds(Int64(header.value)), most)
            : .seconds(Int64(method.defaultTimeoutSeconds))
    }

    /// Credit is given back only while the call is alive.
    private func makeQueue(_ owner: CallReference) -> BodyQueue {
        BodyQueue { [weak self] bytes in
            self?.onLoop { connection in
                if let call = owner.call { connection.consumed(call, bytes: bytes) }
            }
        }
    }

    private func report(_ peer: PeerIdentity, _ method: MethodDescriptor, _ requestID: String) {
        server.onRefusal(
            Refusal(
                reason: "caller_not_allowed",
                peer: peer,
                peerAddress: remoteAddress,
                method: method.name,
                requestID: requestID,
                detail: "\(peer) may not call \(method.name)"
            )
        )
    }

    private func refuse(_ id: UInt32, _ error: RPCError) {
        respond(id, error)
        _ = machine.replyEnded(id: id)
        flushSoon()
    }

    private func respond(_ id: UInt32, _ error: RPCError) {
        output.frame(
            .response,
            flags: .endStream,
            code: error.status.rawValue,
            id: id,
            body: error.encoded()
        )
    }

    // MARK: From the handler

    /// The handler has its whole reply.
    func finish(_ call: ServerCall, body: ByteBuffer, metadata: [String: MetadataValue]) {
        guard !call.isAnswered else { return }
        let isInline =
            body.readableBytes
            <= min(
                ProtocolLimits.inlineBodyBytes,
                output.maximumContentBytes - ProtocolLimits.headerDocumentBytes
            )
        begin(call, metadata, flags: isInline ? .endStream : [], body: isInline ? body : nil)
        if isInline {
            answered(call)
        } else {
            call.reply.pending = body
            call.reply.endsWithPending = true
            send(call)
        }
        flushSoon()
    }

    func finish(_ call: ServerCall, with error: RPCError) {
        guard !call.isAnswered else { return }
        if call.hasReplyBegun {
            output.frame(.end, code: error.status.rawValue, id: call.id, body: error.encoded())
        } else {
            respond(call.id, error)
        }
        answered(call)
        flushSoon()
    }

    func beginStream(_ call: ServerCall, metadata: [String: MetadataValue]) {
        guard !call.isAnswered else { return }
        begin(call, metadata, flags: [], body: nil)
        flushSoon()
    }

    func endStream(_ call: ServerCall) {
        guard !call.isAnswered else { return }
        output.frame(.end, id: call.id)
        answered(call)
        flushSoon()
    }

    private func begin(
        _ call: ServerCall,
        _ metadata: [String: MetadataValue],
        flags: FrameFlags,
        body: ByteBuffer?
    ) {
        call.hasReplyBegun = true
        output.frame(
            .response,
            flags: flags,
            id: call.id,
            body: body,
            document: metadata.isEmpty ? nil : { ReplyDocument.append(metadata, to: &$0) }
        )
    }

    /// The handler writes a piece of a streamed reply.
    func write(
        _ buffer: ByteBuffer,
        for call: ServerCall,
        _ continuation: UnsafeContinuation<Void, any Error>
    ) {
        guard !call.isAnswered else {
            continuation.resume(throwing: CancellationError())
            return
        }
        let limit = call.descriptor.maximumReplyBytes
        call.replyBytes += buffer.readableBytes
        guard call.replyBytes <= limit else {
            continuation.resume(throwing: RPCError.replyTooLarge(limit: limit))
            return
        }
        if call.reply.accept(buffer, continuation) { send(call) }
    }

    /// The one place where a handler's error becomes the caller's.
    func rpcError(_ error: any Error, in call: ServerCall) -> RPCError {
        switch error {
        case let error as RPCError:
            return error
        case is CancellationError:
            return .cancelledMeanwhile
        default:
            server.logger.error(
                "a handler failed",
                metadata: [
                    "method": .string(call.descriptor.name),
                    "request_id": .string(call.incoming.metadata.requestID),
                    "error": .string(String(describing: error)),
                ]
            )
            return .internal
        }
    }
}

extension RPCError {
    static let compressionUnsupported = RPCError(
        .unimplemented,
        reason: "compression_unsupported",
        message: "This version reads no compressed bodies."
    )

    /// The error as the body of RESPONSE, END or GOAWAY.
    func encoded() -> ByteBuffer {
        do {
            return ByteBuffer(bytes: try StrictJSON.encode(self))
        } catch {
            preconditionFailure("an error holds only text and numbers: \(error)")
        }
    }
}

extension ByteBuffer {
    /// A small body that shares a large read buffer would keep all of it alive.
    func detachedFromLargeStorage() -> ByteBuffer {
        guard readableBytes <= 16 << 10, storageCapacity > 4 * readableBytes else { return self }
        return readableBytes == 0 ? ByteBuffer() : ByteBuffer(bytes: readableBytesView)
    }
}
