internal import HTTP2
internal import NIOCore
internal import NIOHTTP1
internal import TLS
internal import Transport

/// The channel's end of an HTTP/1.1 connection: the last handler, behind the parser.
///
/// One request runs at a time. What a client sends ahead waits here, at most what one read brought,
/// because nothing more is read meanwhile.
///
/// Everything here is confined to the channel's event loop, which is why it may be passed between
/// threads.
final class HTTP1ServerHandler: ChannelDuplexHandler, @unchecked Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Bytes of framing beyond which a body that does not grow is no body any more.
    static let framingSlackBytes = 256 << 10
    static let framingBytesPerBodyByte = 16

    let server: EdgeConnectionContext
    let loop: any EventLoop
    let executor: LoopExecutor
    var context: ChannelHandlerContext?
    var exchange: HTTP1Exchange?
    var requestIDs = RequestIDs()
    var isFlushDue = false
    /// No more requests are taken; what still comes is dropped.
    var isClosing = false
    private var isDraining = false
    private var isReadHeld = false
    /// Parts of the requests after the one that runs.
    private var waiting = CircularBuffer<HTTPServerRequestPart>()
    /// The parser stopped behind those parts.
    private var waitingFault: HTTPParserError?
    private var idleSince = NIODeadline.now()
    private var hasSpoken = false
    private var headBeganAt: NIODeadline?
    private var lastProgress = NIODeadline.now()
    private var sweeping: RepeatedTask?

    init(_ server: EdgeConnectionContext, loop: any EventLoop) {
        self.server = server
        self.loop = loop
        executor = LoopExecutor.of(loop)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let interval = server.limits.sweepInterval
        sweeping = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            self.sweep(now: .now())
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        sweeping?.cancel()
        sweeping = nil
        context = nil
        isClosing = true
        endExchange(isAborted: true)
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let part = unwrapInboundIn(data)
        if isBusy || !waiting.isEmpty { waiting.append(part) } else { take(part) }
    }

    /// A request has come whole and is not answered yet.
    private var isBusy: Bool { exchange?.requestHasEnded == true }

    private func take(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let bytes): exchange?.body.receive(bytes)
        case .end:
            exchange?.requestHasEnded = true
            exchange?.body.finish()
        }
    }

    /// The answer is out: goes on with what the client has sent ahead.
    func takeWaiting() {
        while !isClosing, !isBusy, let part = waiting.popFirst() { take(part) }
        if !isClosing, exchange == nil, let fault = waitingFault { refuse(fault) }
        releaseRead()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        executor.drain()
        context.fireChannelReadComplete()
    }

    private func begin(_ head: HTTPRequestHead) {
        headBeganAt = nil
        let request = request(from: head)
        let exchange = HTTP1Exchange(
            request: request,
            keepsAlive: HTTP1Head.keepsAlive(head) && request.headFault == nil,
            now: .now()
        )
        self.exchange = exchange
        guard HTTP1Head.isFramedClearly(head) else {
            refuse(400, "The length of the request's body is ambiguous.")
            return
        }
        let task = Task(executorPreference: executor) { await self.handle(request) }
        exchange.cancelHandler = { task.cancel() }
    }

    private func request(from head: HTTPRequestHead) -> EdgeRequest {
        let limit = server.limits.maximumHeaderListBytes
        let fields = HTTP1Head.fields(of: head, limit: limit)
        let body = InboundBody(
            onConsumed: { [weak self] _ in self?.onLoop { $0.releaseRead() } },
            onWanted: { [weak self] in self?.onLoop { $0.sendContinue() } }
        )
        let judged = server.rules.judge(target: head.uri, fields: fields)
        let (target, fault): (RequestTarget?, HeadFault?) =
            switch judged {
            case .success(let target): (target, nil)
            case .failure(let fault): (nil, fault)
            }
        return EdgeRequest(
            id: requestIDs.make(),
            method: EdgeMethod(token: head.method.rawValue),
            target: target,
            fields: fields,
            clientAddress: server.clientAddress,
            body: body,
            headFault: fault
        )
    }

    func onLoop(_ work: @escaping @Sendable (HTTP1ServerHandler) -> Void) {
        if loop.inEventLoop { work(self) } else { loop.execute { work(self) } }
    }

    /// Ends the exchange that runs; the connection goes on to the next or closes.
    func endExchange(isAborted: Bool) {
        guard let exchange else { return }
        self.exchange = nil
        exchange.cancelHandler?()
        exchange.body.fail(BodyFault.clientGone)
        exchange.pieces?.cancel(BodyFault.clientGone)
        headBeganAt = nil
        idleSince = .now()
        server.responder.exchangeEnded(
            exchange.record(client: server.clientAddress, now: .now(), isAborted: isAborted)
        )
    }

    // MARK: Faults

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // While the answer lingers, the parser complains of every further byte.
        guard !isClosing || error is TLSFault else { return }
        guard let fault = error as? HTTPParserError else {
            context.close(promise: nil)
            return
        }
        if isBusy || !waiting.isEmpty {
            waitingFault = fault
        } else if exchange?.hasReply == true {
            close(lingering: false)
        } else {
            refuse(fault)
        }
    }

    private func refuse(_ fault: HTTPParserError) {
        if exchange == nil, fault == .headerOverflow {
            refuse(431, "The header section is too large.")
        } else {
            refuse(400, "The request is not well-formed HTTP/1.1.")
        }
    }

    /// A request's bytes are about to be parsed.
    func bytesBegan() {
        hasSpoken = true
        if exchange == nil, headBeganAt == nil, !isClosing { headBeganAt = .now() }
    }

    /// They have been: a body that is nothing but framing is refused.
    func bytesParsed(_ count: Int) {
        guard let exchange, !exchange.requestHasEnded else { return }
        exchange.wireBytes += count
        let allowed =
            Self.framingSlackBytes
            + exchange.body.receivedBytes * Self.framingBytesPerBodyByte
        if exchange.wireBytes > allowed, !exchange.hasReply {
            refuse(400, "The request's body is nearly all framing.")
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case EdgeEvent.drain:
            isDraining = true
            exchange?.keepsAlive = false
            if exchange == nil { close(lingering: false) }
        case TLSEvent.closedByPeer:
            exchange?.keepsAlive = false
            if exchange.map({ !$0.requestHasEnded }) ?? true { close(lingering: false) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    var mayKeepAlive: Bool { !isDraining && !isClosing }

    // MARK: Reading, held back while the services are slower than the client

    func read(context: ChannelHandlerContext) {
        let waitingBytes = exchange?.body.waitingBytes ?? 0
        if !waiting.isEmpty || waitingBytes > server.limits.streamWindowBytes {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    private func releaseRead() {
        guard isReadHeld, let context else { return }
        isReadHeld = false
        context.read()
    }

    // MARK: Time

    func sweep(now: NIODeadline) {
        guard let context else { return }
        let limits = server.limits
        if let headBeganAt, now - headBeganAt > limits.headerTimeout {
            refuse(408, "The request's head took too long.")
        } else if exchange == nil,
            now - idleSince > (hasSpoken ? limits.idleTimeout : limits.headerTimeout)
        {
            close(lingering: false)
        }
        guard let exchange else { return }
        if exchange.body.isReaderWaiting, !exchange.body.hasEnded {
            exchange.waitedForBody = exchange.waitedForBody + limits.sweepInterval
            let seconds = Int(exchange.waitedForBody.nanoseconds / 1_000_000_000)
            let isTooFew =
                exchange.body.receivedBytes < seconds * limits.minimumBodyBytesPerSecond
            if exchange.waitedForBody > limits.bodyGrace, isTooFew {
                exchange.keepsAlive = false
                exchange.body.fail(BodyFault.tooSlow)
            }
        }
        if context.channel.isWritable {
            lastProgress = now
        } else if now - lastProgress > limits.replyStallTimeout {
            close(lingering: false)
        }
    }
}
