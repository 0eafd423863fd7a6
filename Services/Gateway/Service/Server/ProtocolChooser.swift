internal import NIOCore
internal import NIOHTTP1
internal import TLS

/// Waits for the end of the TLS handshake and then puts the chosen protocol's handlers behind TLS.
///
/// A client without ALPN gets HTTP/1.1; one that stalls is cut off.
final class ProtocolChooser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let server: EdgeConnectionContext
    private var deadline: Scheduled<Void>?

    init(_ server: EdgeConnectionContext) { self.server = server }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: server.limits.handshakeTimeout) {
            channel.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSEvent.handshakeCompleted(let alpn, _) = event else {
            if event is EdgeEvent { context.close(promise: nil) }
            return
        }
        do {
            let pipeline = context.pipeline.syncOperations
            if alpn == "h2" {
                let handler = HTTP2ServerHandler(server, loop: context.eventLoop)
                try pipeline.addHandler(handler)
            } else {
                try Self.addHTTP1(pipeline, server, context.eventLoop)
            }
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // TLS has sent its alert and closes the channel.
        context.close(promise: nil)
    }

    /// The parser and its limits, then the handler that answers one request at a time.
    static func addHTTP1(
        _ pipeline: ChannelPipeline.SynchronousOperations,
        _ server: EdgeConnectionContext,
        _ loop: any EventLoop
    ) throws {
        let handler = HTTP1ServerHandler(server, loop: loop)
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)
        try pipeline.addHandlers([
            HTTP1WireMeter(handler),
            HTTPResponseEncoder(),
            ByteToMessageHandler(decoder),
            handler,
        ])
    }
}
