internal import HTTP2
internal import NIOCore
internal import TLS
internal import Transport

/// The channel's end of an HTTP/2 connection: gives the bytes to `HTTP2ServerConnection` and runs the
/// handlers on the same event loop.
///
/// Output is collected during a turn of the loop and sent at its end. Everything here is confined to
/// that loop, which is why it may be passed between threads.
final class HTTP2ServerHandler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: EdgeConnectionContext
    private let loop: any EventLoop
    private let executor: LoopExecutor
    private var context: ChannelHandlerContext?
    private var connection: HTTP2ServerConnection?
    private var sweeping: RepeatedTask?
    private var isFlushDue = false
    private var isClosing = false

    init(_ server: EdgeConnectionContext, loop: any EventLoop) {
        self.server = server
        self.loop = loop
        executor = LoopExecutor.of(loop)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection = HTTP2ServerConnection(
            limits: server.limits,
            rules: server.rules,
            clientAddress: server.clientAddress,
            owner: self,
            now: .now()
        )
        let interval = server.limits.sweepInterval
        sweeping = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            self.connection?.sweep(now: .now())
            self.outputIsDue()
        }
        outputIsDue()
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
        connection?.end(now: .now())
        connection = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The handlers in front have sent what there is to say and close the channel.
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case EdgeEvent.drain: connection?.drain(now: .now())
        case TLSEvent.closedByPeer: close()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let connection, !isClosing else { return }
        unwrapInboundIn(data).withUnsafeReadableBytes { connection.receive($0, now: .now()) }
        outputIsDue()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        executor.drain()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { outputIsDue() }
        context.fireChannelWritabilityChanged()
    }

    private func close() {
        guard !isClosing else { return }
        isClosing = true
        context?.close(promise: nil)
    }
}

extension HTTP2ServerHandler: LoopFlushing {
    func flushCollectedOutput() {
        isFlushDue = false
        guard let context, let connection else { return }
        var hasMore = true
        while hasMore, context.channel.isWritable {
            var bytes = context.channel.allocator.buffer(capacity: 2_048)
            hasMore = connection.takeOutput(into: &bytes, limit: server.limits.writeBytes)
            guard bytes.readableBytes > 0 else { break }
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        }
        if connection.shouldClose { close() }
    }
}

extension HTTP2ServerHandler: HTTP2ServerOwner {
    func outputIsDue() {
        guard !isFlushDue else { return }
        isFlushDue = true
        executor.flushAtEndOfTurn(self)
    }

    func onLoop(_ work: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { work() } else { loop.execute(work) }
    }

    func start(_ request: EdgeRequest, stream: Int32) -> @Sendable () -> Void {
        let task = Task(executorPreference: executor) { await self.handle(request, stream) }
        return { task.cancel() }
    }

    private func handle(_ request: EdgeRequest, _ stream: Int32) async {
        let reply = await server.responder.respond(to: request)
        switch reply.body {
        case .bytes:
            send(stream, reply, nil)
        case .pieces(let write):
            let pieces = OutboundBody(highWaterBytes: server.limits.replyBufferBytes) {
                self.onLoop { self.connection?.resume(stream: stream) }
            }
            send(stream, reply, pieces)
            do {
                try await write(pieces)
                pieces.finish()
            } catch {
                // The client sees an aborted stream: that the body is not whole is all it may know.
                pieces.fail()
            }
        }
        onLoop { self.connection?.handlerEnded() }
    }

    private func send(_ stream: Int32, _ reply: EdgeReply, _ pieces: OutboundBody?) {
        onLoop {
            let date = self.server.clock.dateText()
            guard let connection = self.connection else {
                pieces?.cancel(BodyFault.clientGone)
                return
            }
            connection.reply(stream: stream, reply, pieces: pieces, date: date, now: .now())
        }
    }

    func exchangeEnded(_ record: ExchangeRecord) { server.responder.exchangeEnded(record) }

    func abuseFound(_ kind: AbuseBudgets.Kind) { server.abuseFound(kind) }
}
