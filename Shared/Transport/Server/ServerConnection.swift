internal import Identity
internal import Logging
internal import NIOCore
internal import Protocol
internal import TLS

/// A connection as the server sees it: carries out what `ServerMachine` decides.
///
/// Everything happens on the connection's loop; other threads come in through `onLoop`.
final class ServerConnection: ChannelDuplexHandler, LoopFlushing, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never

    let server: ServerCore
    let loop: any EventLoop
    let executor: LoopExecutor
    let output = FrameOutput()
    var machine = ServerMachine<ServerCall>()
    var decoder = FrameDecoder()
    var keepalive: Keepalive
    var stall = StallWatch()
    private(set) var context: ChannelHandlerContext?
    private(set) var peer: PeerIdentity?
    let opened: NIODeadline
    private var bytesReceived: Int64 = 0
    private var handshake: Int?
    private var isFlushDue = false
    private(set) var isReadHeldBack = false
    /// Whether the log knows that the windows have nothing left to share.
    var hasToldOfShortage = false
    /// The other side sends nothing more; we still answer what it has asked.
    private var isInputEnded = false
    var drainBegan: NIODeadline?
    var isClosing = false
    var ticker: Scheduled<Void>?
    var lastCall = NIODeadline.distantPast
    var requestIDs = RequestIDs()
    /// When the bytes that are being read arrived: near enough for the deadlines of their calls.
    private(set) var readAt: NIODeadline

    init(server: ServerCore, loop: any EventLoop) {
        self.server = server
        self.loop = loop
        executor = LoopExecutor.of(loop)
        opened = loop.now
        readAt = opened
        keepalive = Keepalive(now: opened)
    }

    /// Runs on the loop: at once where the caller stands on it already.
    func onLoop(_ body: @escaping @Sendable (ServerConnection) -> Void) {
        if loop.inEventLoop {
            body(self)
        } else {
            loop.execute { body(self) }
        }
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output.context = context
        handshake = server.handshakes.enter(context.channel)
        scheduleTick()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        leaveHandshake()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSEvent.handshakeCompleted(_, let identity):
            handshakeCompleted(identity)
        case TLSEvent.closedByPeer, ChannelEvent.inputClosed:
            inputEnded()
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func handshakeCompleted(_ identity: PeerIdentity?) {
        leaveHandshake()
        guard let identity else { return }
        guard server.registry.enter(self, peer: identity) else {
            refuseConnection()
            return
        }
        peer = identity
        output.frame(.hello, code: UInt16(ProtocolLimits.version), body: server.hello)
        flushSoon()
    }

    private func refuseConnection() {
        var error = RPCError.tooManyCalls
        error.reason = "too_many_connections"
        error.message = "Too many connections are open."
        goAway(error)
        close()
    }

    private func leaveHandshake() {
        if let handshake { server.handshakes.leave(handshake) }
        handshake = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var input = unwrapInboundIn(data)
        bytesReceived += Int64(input.readableBytes)
        readAt = loop.now
        keepalive.bytesReceived(at: readAt)
        do {
            while !isClosing, let event = try decoder.next(from: &input) { received(event) }
            decoder.inputPaused(at: readAt)
        } catch {
            fail(.frame(error))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { executor.drain() }

    /// A caller that does not read its replies is not read either.
    func read(context: ChannelHandlerContext) {
        guard context.channel.isWritable else {
            isReadHeldBack = true
            return
        }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        resumeBlocked()
        guard isReadHeldBack else { return }
        isReadHeldBack = false
        context.read()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let fault = error as? TLSFault { refused(fault) }
        context.close(promise: nil)
    }

    private func refused(_ fault: TLSFault) {
        let address = remoteAddress
        server.logger.info(
            "a connection was refused",
            metadata: [
                "peer": .string(address), "reason": .string(fault.reason.rawValue),
                "detail": .string(fault.description),
            ]
        )
        guard fault.reason.isAboutCertificate else { return }
        server.onRefusal(
            Refusal(
                reason: fault.reason.rawValue,
                peer: nil,
                peerAddress: address,
                method: nil,
                requestID: "",
                detail: fault.description
            )
        )
    }

    var remoteAddress: String {
        guard let address = context?.remoteAddress else { return "" }
        return "\(address.ipAddress ?? ""):\(address.port ?? 0)"
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        ticker?.cancel()
        leaveHandshake()
        if let peer { server.registry.leave(self, peer: peer) }
        for call in machine.closed() {
            call.isAnswered = true
            call.stop(CancellationError())
        }
        context.fireChannelInactive()
    }

    // MARK: Output

    func flushSoon() {
        guard !isFlushDue else { return }
        isFlushDue = true
        executor.flushAtEndOfTurn(self)
    }

    func flushCollectedOutput() {
        isFlushDue = false
        output.flush()
    }

    /// Sends what credit and the channel allow of a call's reply.
    func send(_ call: ServerCall, limit: Int = .max) {
        guard !call.isAnswered else { return }
        let credit = machine.credit(id: call.id)
        let (bytes, isEnded) = output.send(call.reply, credit: credit, limit: limit)
        machine.dataSent(id: call.id, bytes: bytes)
        flushSoon()
        call.reply.resumeWriterIfDone()
        if isEnded { answered(call) }
    }

    /// The channel has room again: every waiting body gets a piece in turn.
    private func resumeBlocked() {
        while output.hasBlocked, output.isWritable {
            for body in output.takeBlocked() {
                if let call = machine.call(id: body.id), call.reply === body {
                    send(call, limit: ProtocolLimits.pieceBytes)
                }
            }
        }
    }

    /// The last frame of a call's reply has been collected.
    func answered(_ call: ServerCall) {
        call.isAnswered = true
        _ = machine.replyEnded(id: call.id)
        if isInputEnded { closeIfIdle() }
    }

    // MARK: The end

    private func inputEnded() {
        guard !isInputEnded else { return }
        isInputEnded = true
        for call in machine.inputEnded() {
            call.isAnswered = true
            call.stop(CancellationError())
        }
        closeIfIdle()
    }

    func closeIfIdle() {
        guard machine.open == 0, machine.running == 0 else { return }
        close()
    }

    func handlerReturned(_ call: ServerCall) {
        machine.handlerReturned()
        server.endCall()
        if isInputEnded { closeIfIdle() }
    }

    /// The other side broke the protocol: it is told why, and the connection ends.
    func fail(_ fault: ConnectionFault) {
        guard !isClosing else { return }
        server.logger.notice(
            "a connection broke the protocol",
            metadata: [
                "peer": .string(peer?.uri ?? remoteAddress),
                "reason": .string(fault.description),
            ]
        )
        goAway(fault.error)
        close()
    }

    private func goAway(_ error: RPCError) {
        output.frame(.goAway, code: error.status.rawValue, body: error.encoded())
    }

    func close() {
        guard !isClosing else { return }
        isClosing = true
        output.flush()
        context?.close(promise: nil)
    }

    /// Says GOAWAY: calls underway finish, and the caller opens no new ones here.
    func beginDrain() {
        guard drainBegan == nil, !isClosing else { return }
        drainBegan = loop.now
        machine.drainStarted()
        output.frame(.goAway, value: .max)
        flushSoon()
        scheduleTick()
    }

    func describe() async throws -> ConnectionDescription {
        try await loop.submit {
            ConnectionDescription(
                peer: self.peer?.uri ?? "",
                ageMilliseconds: (self.loop.now - self.opened).nanoseconds / 1_000_000,
                callsInFlight: self.machine.open,
                callsTotal: self.machine.total,
                bytesIn: self.bytesReceived,
                bytesOut: self.output.bytesSent
            )
        }.get()
    }
}
