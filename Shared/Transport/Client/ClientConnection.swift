internal import Identity
internal import Logging
internal import NIOCore
internal import Protocol
internal import TLS

/// A connection as the caller sees it: carries out what `ClientMachine` decides.
///
/// On its loop only.
final class ClientConnection: ChannelInboundHandler, LoopFlushing, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    /// What the client's core hears.
    enum Event {
        case ready
        /// Calls go elsewhere from now on.
        case draining
        /// A place for another call is free.
        case placeFree
        case closed(any Error)
    }

    let loop: any EventLoop
    let executor: LoopExecutor
    let expected: PeerIdentity
    private let ownHello: ByteBuffer
    let logger: Logger
    private let onEvent: (ClientConnection, Event) -> Void
    let output = FrameOutput()
    var machine = ClientMachine<ClientCall>()
    private(set) var decoder = FrameDecoder()
    var keepalive: Keepalive
    var stall = StallWatch()
    private(set) var indexes: [String: UInt16] = [:]
    private(set) var context: ChannelHandlerContext?
    let opened: NIODeadline
    private var isFlushDue = false
    private(set) var isClosing = false
    /// Whether the log knows that the windows have nothing left to share.
    var hasToldOfShortage = false
    private var hasToldOfClose = false
    var failure: (any Error)?

    init(
        loop: any EventLoop,
        expected: PeerIdentity,
        hello: ByteBuffer,
        logger: Logger,
        onEvent: @escaping (ClientConnection, Event) -> Void
    ) {
        self.loop = loop
        self.expected = expected
        ownHello = hello
        self.logger = logger
        self.onEvent = onEvent
        executor = LoopExecutor.of(loop)
        opened = loop.now
        keepalive = Keepalive(now: opened)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSEvent.handshakeCompleted(_, let identity) = event {
            if identity == expected {
                output.frame(.hello, code: UInt16(ProtocolLimits.version), body: ownHello)
                flushSoon()
            } else {
                failure = TLSFault(
                    .wrongIdentity,
                    "the server is \(identity?.uri ?? "nobody"), not \(expected)"
                )
                close()
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var input = unwrapInboundIn(data)
        let now = loop.now
        keepalive.bytesReceived(at: now)
        do {
            while !isClosing, let event = try decoder.next(from: &input) { received(event) }
            decoder.inputPaused(at: now)
        } catch {
            fail(.frame(error))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { executor.drain() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // Every waiting body gets a piece in turn.
        while output.hasBlocked, output.isWritable {
            for body in output.takeBlocked() {
                if let call = machine.call(id: body.id), call.outbound === body {
                    send(call, limit: ProtocolLimits.pieceBytes)
                }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if failure == nil { failure = error }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        let error = failure ?? ChannelError.eof
        for call in machine.closed() { call.fail(RPCError.connectionLost(error)) }
        tellOfClose(error)
        context.fireChannelInactive()
    }

    private func tellOfClose(_ error: any Error) {
        guard !hasToldOfClose else { return }
        hasToldOfClose = true
        onEvent(self, .closed(error))
    }

    // MARK: Frames

    private func received(_ event: FrameDecoder.Event) {
        switch event {
        case .piece(let header, let piece, let isLast):
            let isEnded = isLast && header.flags.contains(.endStream)
            let action = machine.dataReceived(
                id: header.callID,
                bytes: piece.readableBytes,
                isEnded: isEnded
            )
            carryOut(action, header, piece, credit: piece.readableBytes)
        case .frame(let header, let document, let body):
            frameReceived(header, document, body)
        }
    }

    private func frameReceived(
        _ header: FrameHeader,
        _ document: ByteBuffer?,
        _ body: ByteBuffer
    ) {
        switch header.kind {
        case .hello: helloReceived(body)
        case .response: responseReceived(header, document, body)
        case .end: endReceived(header, body)
        case .window:
            switch machine.windowReceived(id: header.callID, credit: Int(header.value)) {
            case .resume(let call): send(call)
            case .ignore: break
            case .close(let fault): fail(fault)
            }
        case .ping:
            output.frame(.pong, value: header.value)
            flushSoon()
        case .goAway: goAwayReceived(header, body)
        case .request: fail(.wrongDirection(.request))
        case .cancel: fail(.wrongDirection(.cancel))
        case .data, .pong, nil: break
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
            keepalive.minimumInterval = .milliseconds(Int64(machine.pingMilliseconds))
            for (place, name) in (hello.methods ?? []).enumerated() {
                indexes[name] = UInt16(exactly: place + 1)
            }
            onEvent(self, .ready)
        case .close(let fault): fail(fault)
        }
    }

    private func responseReceived(
        _ header: FrameHeader,
        _ document: ByteBuffer?,
        _ body: ByteBuffer
    ) {
        let action = machine.responseReceived(
            id: header.callID,
            bytes: body.readableBytes,
            isEnded: header.flags.contains(.endStream)
        )
        let call: ClientCall
        switch action {
        case .deliver(let found), .finish(let found, _): call = found
        default:
            carryOut(action, header, body, credit: 0)
            return
        }
        call.status = RPCStatus(rawValue: header.code) ?? .unknown
        if let document {
            let values = document.withUnsafeReadableBytes { bytes in
                // Nil is told apart just below.
                try? ReplyDocument.read(bytes)
            }
            guard let values else {
                fail(.malformedHeaderDocument)
                return
            }
            call.metadata = values
        }
        call.beginStream(
            { makeQueue(call) },
            onEnd: { [weak self, loop] in
                loop.execute { [weak self] in self?.abandon(call, RPCError.callCancelled) }
            }
        )
        carryOut(action, header, body.detachedFromLargeStorage(), credit: 0)
    }

    private func endReceived(_ header: FrameHeader, _ body: ByteBuffer) {
        let action = machine.dataReceived(id: header.callID, bytes: 0, isEnded: true)
        if case .finish(let call, _) = action { call.ended(header.code, body) }
        carryOut(action, header, ByteBuffer(), credit: 0)
    }

    private func makeQueue(_ call: ClientCall) -> BodyQueue {
        BodyQueue { [weak self, weak call] bytes in
            guard let self, let call else { return }
            if loop.inEventLoop {
                taken(bytes, by: call)
            } else {
                loop.execute { self.taken(bytes, by: call) }
            }
        }
    }

    private func carryOut(
        _ action: ClientMachine<ClientCall>.OnReply,
        _ header: FrameHeader,
        _ piece: ByteBuffer,
        credit: Int
    ) {
        switch action {
        case .deliver(let call):
            call.received(piece, credit: credit)
            if credit > 0, call.gathers { taken(credit, by: call) }
        case .finish(let call, let mustCancel):
            if piece.readableBytes > 0 { call.received(piece, credit: 0) }
            if mustCancel { cancel(header.callID) }
            call.finish()
            placeFreed()
        case .tooLarge(let call, let mustCancel):
            if mustCancel { cancel(header.callID) }
            call.fail(RPCError.replyTooLarge(limit: call.method.maximumReplyBytes))
            placeFreed()
        case .discard(let mustCancel):
            if mustCancel { cancel(header.callID) }
            placeFreed()
        case .close(let fault): fail(fault)
        }
    }

    private func placeFreed() {
        if machine.phase == .draining {
            closeIfDrained()
        } else {
            onEvent(self, .placeFree)
        }
    }

    private func taken(_ bytes: Int, by call: ClientCall) {
        guard case .sent(let id) = call.phase, call.connection === self,
            let credit = machine.consumed(id: id, bytes: bytes)
        else { return }
        output.frame(.window, id: id, value: UInt32(credit))
        flushSoon()
    }

    private func goAwayReceived(_ header: FrameHeader, _ body: ByteBuffer) {
        if header.code != RPCStatus.ok.rawValue {
            let error = body.withUnsafeReadableBytes { bytes in
                // The status alone has to do where the body cannot be read.
                try? StrictJSON.decodeReply(RPCError.self, from: bytes)
            }
            failure = ConnectionFault.goneAway(error?.message ?? "the server ended the connection")
        }
        machine.goAwayReceived()
        onEvent(self, .draining)
        closeIfDrained()
    }

    private func closeIfDrained() {
        if machine.phase == .draining, machine.open == 0 { close() }
    }

    // MARK: Output and the end

    func flushSoon() {
        guard !isFlushDue else { return }
        isFlushDue = true
        executor.flushAtEndOfTurn(self)
    }

    func flushCollectedOutput() {
        isFlushDue = false
        output.flush()
    }

    func fail(_ fault: ConnectionFault) {
        guard !isClosing else { return }
        failure = fault
        let error = fault.error
        output.frame(.goAway, code: error.status.rawValue, body: error.encoded())
        close()
    }

    func close() {
        guard !isClosing else { return }
        isClosing = true
        output.flush()
        context?.close(promise: nil)
    }
}

extension RPCError {
    /// The connection went away under a call: it may have been carried out.
    static func connectionLost(_ cause: any Error) -> RPCError {
        RPCError(
            .unavailable,
            reason: "connection_lost",
            message: "The connection was lost: \(cause)",
            processed: .maybe,
            origin: .network
        )
    }
}
