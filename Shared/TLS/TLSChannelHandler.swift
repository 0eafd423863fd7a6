package import Identity
package import NIOCore

/// What a `TLSChannelHandler` tells the handlers behind it.
package enum TLSEvent: Sendable {
    /// Plaintext follows. `identity` is the other side's where certificates are mutual.
    case handshakeCompleted(alpn: String?, identity: PeerIdentity?)
    /// The other side said close_notify: nothing more will come, but it may still read.
    case closedByPeer
}

/// Turns a channel's ciphertext into plaintext buffers and back.
///
/// Everything written between two flushes leaves in one piece. A fault is fired as `TLSFault` after
/// the alert that explains it has been sent, and then the channel is closed.
package final class TLSChannelHandler: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    package let engine: TLSEngine
    private let isClient: Bool
    private var plain = ByteBufferAllocator().buffer(capacity: 16 << 10)
    /// Written before the handshake was complete.
    private var early: [ByteBuffer] = []
    private var promises: [EventLoopPromise<Void>] = []
    private var hasFailed = false
    private var hasToldOfClose = false

    /// A plaintext buffer above this is not kept for the next read.
    private static let keptPlainBytes = 512 << 10

    package init(_ context: TLSContext, host: String? = nil, session: TLSSession? = nil) throws {
        engine = try TLSEngine(context, host: host, session: session)
        isClient = context.role == .client
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard isClient, !engine.isHandshakeComplete else { return }
        do {
            try engine.handshake()
            sendOutput(context)
        } catch {
            fail(context, error)
        }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasFailed else { return }
        let wasComplete = engine.isHandshakeComplete
        do {
            try engine.receive(unwrapInboundIn(data), into: &plain)
        } catch {
            fail(context, error)
            return
        }
        if !wasComplete, engine.isHandshakeComplete { completeHandshake(context) }
        forwardPlain(context)
        if engine.isClosedByPeer, !hasToldOfClose {
            hasToldOfClose = true
            context.fireUserInboundEventTriggered(TLSEvent.closedByPeer)
        }
        sendOutput(context)
    }

    private func completeHandshake(_ context: ChannelHandlerContext) {
        context.fireUserInboundEventTriggered(
            TLSEvent.handshakeCompleted(alpn: engine.alpn, identity: engine.peerIdentity)
        )
        do {
            for buffer in early { try engine.send(buffer) }
        } catch {
            fail(context, error)
        }
        early = []
    }

    /// Slices of the buffer may live on in bodies; clearing then takes a new one by itself.
    private func forwardPlain(_ context: ChannelHandlerContext) {
        guard plain.readableBytes > 0 else { return }
        context.fireChannelRead(wrapInboundOut(plain))
        if plain.capacity > Self.keptPlainBytes {
            plain = ByteBufferAllocator().buffer(capacity: 16 << 10)
        } else {
            plain.clear()
        }
    }

    package func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        guard !hasFailed else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        if let promise { promises.append(promise) }
        let buffer = unwrapOutboundIn(data)
        guard engine.isHandshakeComplete else {
            early.append(buffer)
            return
        }
        do {
            try engine.send(buffer)
        } catch {
            fail(context, error)
        }
    }

    package func flush(context: ChannelHandlerContext) { sendOutput(context) }

    private func sendOutput(_ context: ChannelHandlerContext) {
        guard let output = engine.takeOutput() else {
            context.flush()
            return
        }
        context.writeAndFlush(wrapOutboundOut(output), promise: takePromise(context))
    }

    /// One promise that carries all those whose bytes leave now.
    private func takePromise(_ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
        guard !promises.isEmpty, engine.isHandshakeComplete else { return nil }
        let waiting = promises
        promises = []
        guard waiting.count > 1 else { return waiting[0] }
        let joined = context.eventLoop.makePromise(of: Void.self)
        for promise in waiting { joined.futureResult.cascade(to: promise) }
        return joined
    }

    package func close(
        context: ChannelHandlerContext,
        mode: CloseMode,
        promise: EventLoopPromise<Void>?
    ) {
        if !hasFailed, mode != .input {
            engine.close()
            sendOutput(context)
        }
        context.close(mode: mode, promise: promise)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        failPromises()
        context.fireChannelInactive()
    }

    private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
        guard !hasFailed else { return }
        hasFailed = true
        // The alert that says why waits in the output.
        if let alert = engine.takeOutput() {
            context.writeAndFlush(wrapOutboundOut(alert), promise: nil)
        }
        failPromises()
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }

    private func failPromises() {
        let waiting = promises
        promises = []
        for promise in waiting { promise.fail(ChannelError.ioOnClosedChannel) }
    }
}
