import Foundation
import Identity
import NIOCore
import NIOPosix
import Protocol
import TestSupport
import TLS
import Transport

/// A caller that speaks frames by hand, so that it can also speak them wrongly.
final class RawPeer: Sendable {
    struct Frame: Sendable {
        let header: FrameHeader
        let body: ByteBuffer
    }

    private let channel: any Channel
    private let frames: AsyncThrowingStream<Frame, any Error>

    private init(channel: any Channel, frames: AsyncThrowingStream<Frame, any Error>) {
        self.channel = channel
        self.frames = frames
    }

    /// Connects over TLS and says nothing yet.
    static func silent(
        to harness: RPCHarness,
        as identity: PeerIdentity = .client("demo")
    ) async throws -> RawPeer {
        let tls = try harness.authority.clientContext(identity)
        let (frames, continuation) = AsyncThrowingStream<Frame, any Error>.makeStream()
        let channel = try await ClientBootstrap(group: harness.group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSChannelHandler(tls, host: "127.0.0.1"), Reader(continuation),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: harness.port)
            .get()
        return RawPeer(channel: channel, frames: frames)
    }

    /// Connects and exchanges HELLO.
    static func connected(
        to harness: RPCHarness,
        as identity: PeerIdentity = .client("demo")
    ) async throws -> RawPeer {
        let peer = try await silent(to: harness, as: identity)
        try await peer.send(hello())
        _ = try await peer.next(.hello)
        return peer
    }

    static func hello(versions: String = "[1]") -> ByteBuffer {
        let text = """
            {"protocol":\(versions),"service":"raw","instance":"","version":"",\
            "limits":{"frame":1048576,"calls":256,"window":524288,"ping_interval_ms":10000}}
            """
        return frame(.hello, code: 1, body: ByteBuffer(string: text))
    }

    static func request(
        id: UInt32,
        method: String,
        flags: FrameFlags = .endStream,
        timeout: UInt32 = 0,
        body: ByteBuffer = ByteBuffer()
    ) -> ByteBuffer {
        let document = #"{"method":"\#(method)"}"#
        var content = ByteBuffer(integer: UInt16(document.utf8.count))
        content.writeString(document)
        content.writeImmutableBuffer(body)
        return frame(
            .request,
            flags: flags.union(.headerDocument),
            id: id,
            value: timeout,
            body: content
        )
    }

    static func frame(
        _ kind: FrameKind,
        flags: FrameFlags = [],
        code: UInt16 = 0,
        id: UInt32 = 0,
        value: UInt32 = 0,
        body: ByteBuffer = ByteBuffer()
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeFrameHeader(
            FrameHeader(
                kind,
                flags: flags,
                code: code,
                callID: id,
                value: value,
                contentBytes: body.readableBytes
            )
        )
        buffer.writeImmutableBuffer(body)
        return buffer
    }

    func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

    func close() async throws { try await channel.close() }

    /// Says that nothing more will be sent, and goes on reading.
    func closeOutput() async throws {
        let channel = channel
        try await channel.eventLoop.flatSubmit { channel.close(mode: .output) }.get()
    }

    /// Ends the TCP connection in our direction without close_notify.
    func cutOff() async throws {
        let channel = channel
        try await channel.eventLoop.submit {
            let context = try channel.pipeline.syncOperations
                .context(handlerType: TLSChannelHandler.self)
            // From the TLS handler's place on outwards: it is stepped over.
            context.close(mode: .output, promise: nil)
        }.get()
    }

    /// The next frame of a kind; other kinds are stepped over.
    ///
    /// Throws at the connection's end.
    func next(_ kind: FrameKind) async throws -> Frame {
        for try await frame in frames where frame.header.kind == kind { return frame }
        throw ChannelError.eof
    }

    /// Waits for GOAWAY and the end of the connection; returns GOAWAY's body.
    func ending() async throws -> String {
        let frame = try await next(.goAway)
        try await channel.closeFuture.get()
        return String(buffer: frame.body)
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let frames: AsyncThrowingStream<Frame, any Error>.Continuation
        private var decoder = FrameDecoder(maximumLength: 1 << 20)

        init(_ frames: AsyncThrowingStream<Frame, any Error>.Continuation) { self.frames = frames }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var input = unwrapInboundIn(data)
            do {
                while let event = try decoder.next(from: &input) {
                    switch event {
                    case .frame(let header, _, let body):
                        frames.yield(Frame(header: header, body: body))
                    case .piece(let header, let piece, _):
                        frames.yield(Frame(header: header, body: piece))
                    }
                }
            } catch {
                frames.finish(throwing: error)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            frames.finish(throwing: error)
        }

        func channelInactive(context: ChannelHandlerContext) { frames.finish() }
    }
}
