internal import NIOCore

/// Stands in front of the HTTP/1.1 parser and tells the handler behind it of the bytes on the wire:
/// the parser itself bounds header sections, but neither chunk extensions nor slow heads.
final class HTTP1WireMeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let handler: HTTP1ServerHandler

    init(_ handler: HTTP1ServerHandler) { self.handler = handler }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        handler.bytesBegan()
        context.fireChannelRead(data)
        handler.bytesParsed(count)
    }
}
