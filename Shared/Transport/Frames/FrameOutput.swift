internal import NIOCore
internal import Protocol

/// The frames that a connection sends: collected during a turn of the loop and sent in one piece.
///
/// Bodies are not copied into the collected bytes but written behind them. On the loop only.
final class FrameOutput {
    private var collected = ByteBufferAllocator().buffer(capacity: 16 << 10)
    private var scratch: [UInt8] = []
    private var unflushed = 0
    private(set) var bytesSent: Int64 = 0
    private var blocked: [OutboundBody] = []
    weak var context: ChannelHandlerContext?
    var maximumContentBytes = ProtocolLimits.frameBytes - FrameHeader.countedByteCount

    /// Bodies up to this size are cheaper copied than written apart.
    private static let copiedBytes = 4 << 10
    private static let flushBytes = 256 << 10

    var isEmpty: Bool { collected.readableBytes == 0 && unflushed == 0 }
    /// Whether the other side keeps up with what was sent.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Collects a frame; `document` writes the header document where there is one.
    func frame(
        _ kind: FrameKind,
        flags: FrameFlags = [],
        code: UInt16 = 0,
        id: UInt32 = 0,
        value: UInt32 = 0,
        body: ByteBuffer? = nil,
        document: ((inout [UInt8]) -> Void)? = nil
    ) {
        var flags = flags
        var content = body?.readableBytes ?? 0
        if let document {
            scratch.removeAll(keepingCapacity: true)
            document(&scratch)
            flags.insert(.headerDocument)
            content += 2 + scratch.count
        }
        collected.writeFrameHeader(
            FrameHeader(
                kind,
                flags: flags,
                code: code,
                callID: id,
                value: value,
                contentBytes: content
            )
        )
        if document != nil {
            collected.writeInteger(UInt16(truncatingIfNeeded: scratch.count))
            collected.writeBytes(scratch)
        }
        if let body { append(body) }
    }

    private func append(_ body: ByteBuffer) {
        guard body.readableBytes > Self.copiedBytes else {
            collected.writeImmutableBuffer(body)
            return
        }
        writeCollected()
        unflushed += body.readableBytes
        context?.write(NIOAny(body), promise: nil)
    }

    private func writeCollected() {
        guard collected.readableBytes > 0 else { return }
        unflushed += collected.readableBytes
        context?.write(NIOAny(collected), promise: nil)
        collected.clear()
    }

    /// Sends what was collected.
    func flush() {
        writeCollected()
        guard unflushed > 0 else { return }
        bytesSent += Int64(unflushed)
        unflushed = 0
        context?.flush()
    }

    // MARK: Bodies in pieces

    /// Sends as much of `body` as credit and the channel allow, at most `limit` bytes; returns the
    /// number of bytes and whether the stream's end has been sent.
    func send(_ body: OutboundBody, credit: Int, limit: Int = .max) -> (bytes: Int, isEnded: Bool) {
        var sent = 0
        while !body.isDone {
            let size = min(
                body.pending.readableBytes,
                credit - sent,
                maximumContentBytes,
                ProtocolLimits.pieceBytes
            )
            guard size > 0 || body.pending.readableBytes == 0 else { break }
            guard sent < limit, hasRoom() else {
                if !body.isBlocked {
                    body.isBlocked = true
                    blocked.append(body)
                }
                break
            }
            let piece = body.pending.readSlice(length: size) ?? ByteBuffer()
            let isEnd = body.endsWithPending && body.pending.readableBytes == 0
            frame(.data, flags: isEnd ? .endStream : [], id: body.id, body: piece)
            sent += size
            if isEnd { body.isEnded = true }
        }
        return (sent, body.isEnded)
    }

    private func hasRoom() -> Bool {
        if unflushed + collected.readableBytes >= Self.flushBytes { flush() }
        return isWritable
    }

    /// The bodies that wait for the channel; they are to be sent again.
    func takeBlocked() -> [OutboundBody] {
        let waiting = blocked
        blocked = []
        for body in waiting { body.isBlocked = false }
        return waiting
    }

    var hasBlocked: Bool { !blocked.isEmpty }
}

/// A body on its way out: what its writer has given and the channel has not taken.
///
/// On the loop only.
final class OutboundBody {
    let id: UInt32
    var pending = ByteBuffer()
    /// The stream ends with the last byte of `pending`.
    var endsWithPending = false
    /// The end has been sent.
    var isEnded = false
    var isBlocked = false
    private var waiter: UnsafeContinuation<Void, any Error>?
    private var failure: (any Error)?

    init(id: UInt32) { self.id = id }

    /// Nobody wants the rest: the end of the stream must be said in some other way.
    var hasFailed: Bool { failure != nil }

    /// Nothing is left to send for now.
    var isDone: Bool { isEnded || (pending.readableBytes == 0 && !endsWithPending) }

    /// Takes the writer's next bytes; `waiter` is resumed once they are on their way.
    func accept(_ buffer: ByteBuffer, _ waiter: UnsafeContinuation<Void, any Error>) -> Bool {
        if let failure {
            waiter.resume(throwing: failure)
            return false
        }
        precondition(self.waiter == nil, "two tasks write one body")
        pending = buffer
        self.waiter = waiter
        return true
    }

    func resumeWriterIfDone() {
        guard isDone, let waiter else { return }
        self.waiter = nil
        waiter.resume()
    }

    func fail(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        pending = ByteBuffer()
        endsWithPending = false
        let waiter = waiter
        self.waiter = nil
        waiter?.resume(throwing: error)
    }
}
