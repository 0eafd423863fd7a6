internal import HTTP2
internal import NIOCore

/// The client's end of one HTTP/2 connection: the last handler behind TLS.
///
/// Everything runs on the channel's event loop, which every method checks or hops to; that is why it
/// may be passed between threads.
final class ClientConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Limits {
        static let settings = HTTP2Session.Settings(
            streamWindow: 4 << 20,
            connectionWindow: 16 << 20,
            maximumConcurrentStreams: 100,
            maximumHeaderListBytes: 64 << 10
        )
        /// Bytes handed to TLS in one piece.
        static let writeBytes = 128 << 10
    }

    let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private var session: HTTP2Session?
    private var exchanges: [Int32: ClientExchange] = [:]
    private var headers = HTTP2HeaderBlock()
    private var isReading = false
    private var isFlushScheduled = false
    private var goesAway = false

    init(loop: any EventLoop) { self.loop = loop }

    /// Whether new requests may still be opened here.
    var isOpen: Bool {
        loop.preconditionInEventLoop()
        return !goesAway && context?.channel.isActive == true
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        session = HTTP2Session(role: .client, settings: Limits.settings, delegate: self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end(.connectionLost) }

    func channelInactive(context: ChannelHandlerContext) {
        end(.connectionLost)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.connectionLost)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        do {
            try unwrapInboundIn(data).withUnsafeReadableBytes { try session?.receive($0) }
        } catch {
            flush()
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Requests

    /// Opens a stream; returns its number, or nil when the connection takes no more.
    func start(_ request: ClientRequest, _ exchange: ClientExchange) -> Int32? {
        loop.preconditionInEventLoop()
        guard isOpen, let session else { return nil }
        headers.removeAll()
        headers.add(":method", request.method)
        headers.add(":scheme", "https")
        headers.add(":authority", request.authority)
        headers.add(":path", request.path)
        for (name, value) in request.headers {
            let name = name.lowercased()
            headers.add(name, value, isSecret: name == "authorization")
        }
        let hasBody = if case .none = exchange.upload { false } else { true }
        guard let stream = session.submitRequest(headers, hasBody: hasBody) else { return nil }
        exchanges[stream] = exchange
        scheduleFlush()
        return stream
    }

    func resume(stream: Int32) {
        onLoop { connection in
            guard connection.exchanges[stream] != nil else { return }
            connection.session?.resume(stream: stream)
            connection.scheduleFlush()
        }
    }

    func cancel(stream: Int32) {
        onLoop { connection in
            guard connection.exchanges[stream] != nil else { return }
            connection.session?.reset(stream: stream, code: HTTP2Code.cancel)
            connection.scheduleFlush()
        }
    }

    func consumed(stream: Int32, count: Int) {
        onLoop { connection in
            if connection.exchanges[stream] != nil {
                connection.session?.consume(stream: stream, count: count)
            } else {
                connection.session?.consumeConnection(count: count)
            }
            connection.scheduleFlush()
        }
    }

    func close() {
        onLoop { connection in
            connection.goesAway = true
            connection.session?.terminate(code: HTTP2Code.noError)
            connection.flush()
            connection.context?.close(promise: nil)
        }
    }

    func onLoop(_ work: @escaping @Sendable (ClientConnection) -> Void) {
        if loop.inEventLoop { work(self) } else { loop.execute { work(self) } }
    }

    // MARK: Output

    private func scheduleFlush() {
        guard !isReading, !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.execute {
            self.isFlushScheduled = false
            self.flush()
        }
    }

    private func flush() {
        guard let context, let session else { return }
        do {
            var hasMore = true
            while hasMore, context.channel.isWritable {
                var bytes = context.channel.allocator.buffer(capacity: 4_096)
                hasMore = try session.takeOutput(into: &bytes, limit: Limits.writeBytes)
                guard bytes.readableBytes > 0 else { break }
                context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            }
        } catch {
            context.close(promise: nil)
        }
        if !session.wantsRead, !session.wantsWrite { context.close(promise: nil) }
    }

    private func end(_ error: EdgeClientError) {
        goesAway = true
        context = nil
        let ended = exchanges
        exchanges = [:]
        for exchange in ended.values { exchange.ended(error) }
        session = nil
    }
}

extension ClientConnection: HTTP2SessionDelegate {
    func frameBegan(_ header: HTTP2FrameHeader) -> Bool { true }

    func headersBegan(stream: Int32, section: HTTP2HeaderSection) {
        guard let exchange = exchanges[stream], exchange.status < 200 else { return }
        exchange.headers.removeAll(keepingCapacity: true)
    }

    func headerReceived(
        stream: Int32,
        name: UnsafeBufferPointer<UInt8>,
        value: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let exchange = exchanges[stream] else { return true }
        let text = String(decoding: value, as: UTF8.self)
        if name.first == UInt8(ascii: ":") {
            exchange.status = Int(text) ?? 0
        } else {
            exchange.headers.append((String(decoding: name, as: UTF8.self), text))
        }
        return true
    }

    func headersEnded(stream: Int32, endsStream: Bool) {
        guard let exchange = exchanges[stream], exchange.status >= 200 else { return }
        exchange.headArrived()
        if endsStream { exchange.body.finish() }
    }

    func dataReceived(stream: Int32, bytes: UnsafeRawBufferPointer) {
        if let exchange = exchanges[stream] {
            exchange.body.receive(bytes)
        } else {
            session?.consumeConnection(count: bytes.count)
        }
    }

    func bodyEnded(stream: Int32) { exchanges[stream]?.body.finish() }

    func streamClosed(stream: Int32, code: UInt32) {
        guard let exchange = exchanges.removeValue(forKey: stream) else { return }
        switch code {
        case HTTP2Code.noError: exchange.ended(nil)
        case HTTP2Code.refusedStream: exchange.ended(.refused)
        default: exchange.ended(.reset(code: code))
        }
    }

    func goAwayReceived(lastStream: Int32, code: UInt32) { goesAway = true }

    func frameSent(_ header: HTTP2FrameHeader, code: UInt32) {}

    func readBody(stream: Int32, into target: UnsafeMutableRawBufferPointer) -> HTTP2BodyRead {
        exchanges[stream]?.read(into: target) ?? .failed
    }
}
