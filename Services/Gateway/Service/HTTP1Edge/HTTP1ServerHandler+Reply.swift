internal import HTTP2
internal import NIOCore
internal import NIOHTTP1
internal import Transport

/// Answers on their way to the client.
extension HTTP1ServerHandler: LoopFlushing {
    /// Runs the responder for one request, off and on the event loop as it likes.
    func handle(_ request: EdgeRequest) async {
        let reply = await server.responder.respond(to: request)
        switch reply.body {
        case .bytes:
            onLoop { $0.send(reply, request: request.id, pieces: nil) }
        case .pieces(let write):
            let pieces = OutboundBody(highWaterBytes: server.limits.replyBufferBytes) {
                self.onLoop { $0.outputIsDue() }
            }
            onLoop { $0.send(reply, request: request.id, pieces: pieces) }
            do {
                try await write(pieces)
                pieces.finish()
            } catch {
                // The connection is cut: the client sees that the body is not whole, and no more.
                pieces.fail()
            }
        }
    }

    private func send(_ reply: EdgeReply, request id: String, pieces: OutboundBody?) {
        guard let exchange, exchange.requestID == id, !exchange.hasReply, context != nil else {
            pieces?.cancel(BodyFault.clientGone)
            return
        }
        // Behind an unread body nobody can say where the next request begins.
        exchange.keepsAlive = exchange.keepsAlive && exchange.requestHasEnded && mayKeepAlive
        exchange.status = reply.status
        exchange.body.discard()
        writeHead(reply, exchange)
        if exchange.method == .head {
            pieces?.cancel(BodyFault.clientGone)
            finishReply(exchange)
        } else if let pieces {
            exchange.pieces = pieces
        } else {
            if case .bytes(let bytes) = reply.body, bytes.readableBytes > 0 {
                exchange.sentBytes = bytes.readableBytes
                write(.body(.byteBuffer(bytes)))
            }
            finishReply(exchange)
        }
        outputIsDue()
    }

    private func writeHead(_ reply: EdgeReply, _ exchange: HTTP1Exchange) {
        var headers = HTTPHeaders()
        headers.reserveCapacity(12)
        ReplyHead.fields(
            of: reply,
            request: exchange.requestID,
            date: server.clock.dateText()
        ) { name, value in
            headers.add(name: name, value: value)
        }
        if !exchange.keepsAlive { headers.add(name: "connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: reply.status)
        write(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
    }

    private func finishReply(_ exchange: HTTP1Exchange) {
        let closes = !exchange.keepsAlive
        let lingers = !exchange.requestHasEnded
        exchange.pieces = nil
        endExchange(isAborted: false)
        write(.end(nil))
        if closes { close(lingering: lingers) } else { takeWaiting() }
    }

    func sendContinue() {
        guard let exchange, exchange.owesContinue else { return }
        exchange.hasContinued = true
        write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
        outputIsDue()
    }

    /// Answers without a handler, then closes: nothing behind this can be trusted.
    func refuse(_ status: Int, _ message: String) {
        guard !isClosing, context != nil else { return }
        let exchange = exchange ?? makeUnreadableExchange()
        self.exchange = exchange
        exchange.keepsAlive = false
        exchange.cancelHandler?()
        exchange.cancelHandler = nil
        let reply = ErrorBodies.general(status, message: message, requestID: exchange.requestID)
        send(reply, request: exchange.requestID, pieces: nil)
    }

    private func makeUnreadableExchange() -> HTTP1Exchange {
        let request = EdgeRequest(
            id: requestIDs.make(),
            method: .other,
            target: nil,
            fields: RequestFields(),
            clientAddress: server.clientAddress,
            body: InboundBody { _ in }
        )
        return HTTP1Exchange(request: request, keepsAlive: false, now: .now())
    }

    // MARK: Output

    private func write(_ part: HTTPServerResponsePart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }

    func outputIsDue() {
        guard !isFlushDue else { return }
        isFlushDue = true
        executor.flushAtEndOfTurn(self)
    }

    func flushCollectedOutput() {
        isFlushDue = false
        pump()
        context?.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { outputIsDue() }
        context.fireChannelWritabilityChanged()
    }

    /// Writes what there is of a streamed answer, as far as the client keeps up.
    private func pump() {
        while let context, let exchange, let pieces = exchange.pieces, context.channel.isWritable {
            switch pieces.takePiece() {
            case .bytes(let bytes):
                exchange.sentBytes += bytes.readableBytes
                write(.body(.byteBuffer(bytes)))
                context.flush()
            case .end:
                finishReply(exchange)
            case .notYet:
                return
            case .failed:
                close(lingering: false)
            }
        }
    }

    /// Closes after what is written.
    ///
    /// With `lingering` what still comes is read and dropped for a
    /// moment first: a reset would take the answer away from a client that is still sending.
    func close(lingering: Bool) {
        guard let context else { return }
        let isFirst = !isClosing
        isClosing = true
        context.flush()
        if lingering, isFirst {
            loop.scheduleTask(in: server.limits.lingerTimeout) { self.context?.close(promise: nil) }
        } else {
            context.close(promise: nil)
        }
    }
}
