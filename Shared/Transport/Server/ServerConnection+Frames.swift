internal import NIOCore
internal import Protocol

/// Frames: what the other side says, told to the machine, and what it decides, carried out.
extension ServerConnection {
    func received(_ event: FrameDecoder.Event) {
        switch event {
        case .piece(let header, let piece, let isLast):
            let isEnded = isLast && header.flags.contains(.endStream)
            dataReceived(id: header.callID, piece, isEnded: isEnded)
        case .frame(let header, let document, let body):
            frameReceived(header, document, body)
        }
    }

    private func frameReceived(
        _ header: FrameHeader,
        _ document: ByteBuffer?,
        _ body: ByteBuffer
    ) {
        guard machine.phase != .awaitingHello || header.kind == .hello else {
            fail(.frameBeforeHello)
            return
        }
        switch header.kind {
        case .hello: helloReceived(body)
        case .request: requestReceived(header, document, body)
        // With a status the caller could not finish its body: what came is not the whole of it.
        case .end where header.code != 0: cancelReceived(header)
        case .end: dataReceived(id: header.callID, ByteBuffer(), isEnded: true)
        case .cancel: cancelReceived(header)
        case .window:
            switch machine.windowReceived(id: header.callID, credit: Int(header.value)) {
            case .resume(let call): send(call)
            case .ignore: break
            case .close(let fault): fail(fault)
            }
        case .ping:
            output.frame(.pong, value: header.value)
            flushSoon()
        case .response: fail(.wrongDirection(.response))
        case .data, .pong, .goAway, nil: break
        }
    }

    private func helloReceived(_ body: ByteBuffer) {
        guard let hello = HelloFrame.read(body) else {
            fail(.malformedHello)
            return
        }
        switch machine.helloReceived(hello) {
        case .ready:
            decoder.maximumLength = ProtocolLimits.frameBytes
            output.maximumContentBytes =
                min(hello.limits.frame, ProtocolLimits.frameBytes) - FrameHeader.countedByteCount
            keepalive.minimumInterval = .milliseconds(Int64(hello.limits.pingMilliseconds))
        case .close(let fault): fail(fault)
        }
    }

    private func cancelReceived(_ header: FrameHeader) {
        switch machine.cancelReceived(id: header.callID, at: loop.now) {
        case .cancel(let call): cancelled(call)
        case .ignore: break
        case .close(let fault): fail(fault)
        }
    }

    /// Nobody waits for a call any more: its handler says the reply's end, and where it has returned
    /// already, nobody else is left to say it.
    private func cancelled(_ call: ServerCall) {
        if call.hasHandlerReturned { finish(call, with: .cancelledMeanwhile) }
        call.stop(CancellationError())
    }

    private func dataReceived(id: UInt32, _ piece: ByteBuffer, isEnded: Bool) {
        let bytes = piece.readableBytes
        switch machine.dataReceived(id: id, bytes: bytes, isEnded: isEnded) {
        case .deliver(let call, let isEnded):
            if bytes > 0 { call.requestBody?.push(piece, credit: bytes) }
            if isEnded { call.requestBody?.finish() }
        case .tooLarge(let call):
            let error = RPCError.bodyTooLarge(limit: call.descriptor.maximumRequestBytes)
            finish(call, with: error)
            call.stop(error)
        case .discard: break
        case .close(let fault): fail(fault)
        }
    }

    /// The handler has taken bytes of a request's body.
    func consumed(_ call: ServerCall, bytes: Int) {
        guard !call.isAnswered, let credit = machine.consumed(id: call.id, bytes: bytes) else {
            return
        }
        output.frame(.window, id: call.id, value: UInt32(credit))
        flushSoon()
    }
}
