internal import NIOCore
internal import Protocol
internal import TLS

/// Calls: from the caller to REQUEST, and a body on its way.
extension ClientConnection {
    /// What lets the next connection begin quicker.
    var resumableSession: TLSSession? {
        // The handler stands in front of this one for as long as the channel lives.
        let tls = try? context?.pipeline.syncOperations.handler(type: TLSChannelHandler.self)
        return tls?.engine.resumableSession
    }

    /// Sends a call's REQUEST; `machine.canOpen` must be true.
    func open(_ call: ClientCall) {
        let isInline =
            call.body.readableBytes <= ProtocolLimits.inlineBodyBytes && !call.isUpload
        let id = machine.opened(
            call,
            isRequestEnded: isInline,
            replyLimit: call.method.maximumReplyBytes
        )
        call.phase = .sent(id: id)
        call.connection = self
        sendRequest(call, id: id, isInline: isInline)
        if !isInline { startBody(call, id: id) }
        flushSoon()
    }

    private func sendRequest(_ call: ClientCall, id: UInt32, isInline: Bool) {
        let index = indexes[call.method.name] ?? 0
        var fields = call.options.document
        if index == 0 { fields.method = call.method.name }
        let needsDocument = !fields.isEmpty || call.options.params != nil
        var flags: FrameFlags = isInline ? .endStream : []
        if call.method.isIdempotent { flags.insert(.idempotent) }
        let remaining = (call.deadline - loop.now).nanoseconds / 1_000_000
        output.frame(
            .request,
            flags: flags,
            code: index,
            id: id,
            value: UInt32(clamping: max(1, remaining)),
            body: isInline ? call.body : nil,
            document: needsDocument
                ? { out in
                    if let params = call.options.params {
                        params.withUnsafeReadableBytes { fields.append(to: &out, params: $0) }
                    } else {
                        fields.append(to: &out)
                    }
                } : nil
        )
    }

    private func startBody(_ call: ClientCall, id: UInt32) {
        let outbound = OutboundBody(id: id)
        call.outbound = outbound
        if call.isUpload {
            guard let (piece, isEnd, continuation) = call.early else { return }
            call.early = nil
            write(piece, isEnd: isEnd, for: call, continuation)
        } else {
            outbound.pending = call.body
            outbound.endsWithPending = true
            send(call)
        }
    }

    /// A piece of an upload's body, the last one with `isEnd`.
    func write(
        _ piece: ByteBuffer,
        isEnd: Bool,
        for call: ClientCall,
        _ continuation: UnsafeContinuation<Void, any Error>
    ) {
        guard let outbound = call.outbound, outbound.accept(piece, continuation) else { return }
        outbound.endsWithPending = isEnd
        send(call)
    }

    func send(_ call: ClientCall, limit: Int = .max) {
        guard let outbound = call.outbound, !outbound.isEnded else { return }
        let credit = machine.credit(id: outbound.id)
        let (bytes, isEnded) = output.send(outbound, credit: credit, limit: limit)
        machine.dataSent(id: outbound.id, bytes: bytes, isEnded: isEnded)
        flushSoon()
        outbound.resumeWriterIfDone()
    }

    /// Nobody waits for a call any more.
    func abandon(_ call: ClientCall, _ error: any Error) {
        if case .sent(let id) = call.phase, call.connection === self, machine.abandoned(id: id) {
            cancel(id)
        }
        call.fail(error)
    }

    func cancel(_ id: UInt32) {
        output.frame(.cancel, id: id)
        flushSoon()
    }
}
