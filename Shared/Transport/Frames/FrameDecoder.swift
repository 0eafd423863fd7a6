package import NIOCore
package import Protocol

/// Cuts a stream of plaintext into frames, whatever the sizes in which it comes.
///
/// Content of DATA is handed on as it arrives, without waiting for the rest of its frame and
/// without a copy; other frames are gathered, at most one at a time, in a buffer that grows with
/// the bytes received and never with the length claimed.
package struct FrameDecoder {
    package enum Event {
        case frame(FrameHeader, document: ByteBuffer?, body: ByteBuffer)
        /// Some of a DATA frame's content; `isLast` at the frame's end.
        case piece(FrameHeader, ByteBuffer, isLast: Bool)
    }

    /// Largest length field accepted.
    package var maximumLength: Int
    private var gathered = ByteBuffer()
    private var data: (header: FrameHeader, left: Int)?
    /// When the frame was seen first whose end has not come.
    private var incompleteSince: NIODeadline?

    private static let traceBytes = 26

    package init(maximumLength: Int = ProtocolLimits.helloFrameBytes) {
        self.maximumLength = maximumLength
    }

    /// Memory that holds a frame whose end has not come.
    var heldBytes: Int { gathered.capacity }

    /// All that has come was read; what it ended with is waited for from now on.
    mutating func inputPaused(at now: NIODeadline) {
        let isBetweenFrames = data == nil && gathered.readableBytes == 0
        incompleteSince = isBetweenFrames ? nil : incompleteSince ?? now
    }

    /// We do not read ourselves: the other side cannot be blamed for a frame that has no end.
    mutating func readingHeldBack(at now: NIODeadline) {
        if incompleteSince != nil { incompleteSince = now }
    }

    /// Whether a frame has had its time and is not whole.
    func isOverdue(at now: NIODeadline) -> Bool {
        guard let incompleteSince else { return false }
        return now - incompleteSince > .seconds(Int64(ProtocolLimits.frameSeconds))
    }

    /// The next event in `input`, or nil where it holds no more; call again until nil.
    package mutating func next(from input: inout ByteBuffer) throws(FrameFault) -> Event? {
        while true {
            if let data { return takePiece(of: data, from: &input) }
            if gathered.readableBytes > 0 {
                switch try gather(from: &input) {
                case .incomplete: return nil
                case .dataBegan: continue
                case .complete(let event): return event
                }
            }
            guard let header = try peekHeader(input) else {
                gathered.writeBuffer(&input)
                return nil
            }
            if header.kind == .data {
                input.moveReaderIndex(forwardBy: FrameHeader.byteCount)
                data = (header, header.contentBytes)
                continue
            }
            let total = FrameHeader.byteCount + header.contentBytes
            guard input.readableBytes >= total else {
                gathered.writeBuffer(&input)
                return nil
            }
            input.moveReaderIndex(forwardBy: FrameHeader.byteCount)
            let content = input.readSlice(length: header.contentBytes) ?? ByteBuffer()
            return try split(header, content)
        }
    }

    private mutating func takePiece(
        of frame: (header: FrameHeader, left: Int),
        from input: inout ByteBuffer
    ) -> Event? {
        let count = min(frame.left, input.readableBytes)
        guard count > 0 || frame.left == 0 else { return nil }
        let piece = input.readSlice(length: count) ?? ByteBuffer()
        let left = frame.left - count
        data = left == 0 ? nil : (frame.header, left)
        if left == 0 { incompleteSince = nil }
        return .piece(frame.header, piece, isLast: left == 0)
    }

    private enum Gathered {
        case incomplete
        case dataBegan
        case complete(Event)
    }

    /// Adds to a frame that came in parts only as much as it needs: what stands behind it is read
    /// in place.
    private mutating func gather(from input: inout ByteBuffer) throws(FrameFault) -> Gathered {
        move(upTo: FrameHeader.byteCount, from: &input)
        guard let header = try peekHeader(gathered) else { return .incomplete }
        if header.kind == .data {
            gathered.clear()
            data = (header, header.contentBytes)
            return .dataBegan
        }
        let total = FrameHeader.byteCount + header.contentBytes
        move(upTo: total, from: &input)
        guard gathered.readableBytes == total else { return .incomplete }
        gathered.moveReaderIndex(forwardBy: FrameHeader.byteCount)
        let content = gathered
        gathered = ByteBuffer()
        incompleteSince = nil
        return .complete(try split(header, content))
    }

    private mutating func move(upTo total: Int, from input: inout ByteBuffer) {
        let missing = min(total - gathered.readableBytes, input.readableBytes)
        guard missing > 0, var part = input.readSlice(length: missing) else { return }
        gathered.writeBuffer(&part)
    }

    /// Reads a header without moving on; nil where bytes are missing.
    ///
    /// Wrong bytes are refused as soon as they can be told, the first of them at once.
    private func peekHeader(_ buffer: ByteBuffer) throws(FrameFault) -> FrameHeader? {
        let start = buffer.readerIndex
        guard let first = buffer.getInteger(at: start, as: UInt8.self) else { return nil }
        guard first == 0 else { throw .notThisProtocol }
        guard let length = buffer.getInteger(at: start, as: UInt32.self) else { return nil }
        guard length >= FrameHeader.countedByteCount else { throw .lengthBelowHeader(length) }
        guard length <= maximumLength else {
            throw .lengthAboveLimit(length, limit: maximumLength)
        }
        guard
            let kind = buffer.getInteger(at: start + 4, as: UInt8.self),
            let flags = buffer.getInteger(at: start + 5, as: UInt8.self),
            let code = buffer.getInteger(at: start + 6, as: UInt16.self),
            let callID = buffer.getInteger(at: start + 8, as: UInt32.self),
            let value = buffer.getInteger(at: start + 12, as: UInt32.self)
        else { return nil }
        guard FrameKind(rawValue: kind) != nil || kind & FrameKind.mayBeIgnored != 0 else {
            throw .unknownKind(kind)
        }
        guard FrameFlags.known.isSuperset(of: FrameFlags(rawValue: flags)) else {
            throw .unknownFlags(flags)
        }
        return FrameHeader(
            length: length,
            rawKind: kind,
            flags: flags,
            code: code,
            callID: callID,
            value: value
        )
    }

    private func split(
        _ header: FrameHeader,
        _ content: ByteBuffer
    ) throws(FrameFault) -> Event {
        var content = content
        guard header.kind != nil else { return .frame(header, document: nil, body: content) }
        if header.flags.contains(.traceBlock) {
            guard header.kind == .request, content.readableBytes >= Self.traceBytes else {
                throw .malformedContent
            }
            content.moveReaderIndex(forwardBy: Self.traceBytes)
        }
        guard header.flags.contains(.headerDocument) else {
            return .frame(header, document: nil, body: content)
        }
        guard header.kind == .request || header.kind == .response,
            let length = content.readInteger(as: UInt16.self),
            length <= ProtocolLimits.headerDocumentBytes,
            let document = content.readSlice(length: Int(length))
        else { throw .malformedContent }
        return .frame(header, document: document, body: content)
    }
}

extension ByteBuffer {
    /// Appends a frame's sixteen bytes.
    package mutating func writeFrameHeader(_ header: FrameHeader) {
        writeMultipleIntegers(
            header.length,
            header.rawKind,
            header.flags.rawValue,
            header.code,
            header.callID,
            header.value
        )
    }
}
