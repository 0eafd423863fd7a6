import NIOCore

/// Frames written by hand, also those that no library would write.
enum RawFrames {
    static let preface = ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    static func frame(
        _ type: UInt8,
        flags: UInt8 = 0,
        stream: UInt32,
        _ payload: [UInt8] = []
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeBytes([
            UInt8(payload.count >> 16), UInt8(payload.count >> 8 & 0xFF),
            UInt8(payload.count & 0xFF), type, flags,
        ])
        buffer.writeInteger(stream)
        buffer.writeBytes(payload)
        return buffer
    }

    static let settings = frame(4, stream: 0)
    static let settingsAcknowledged = frame(4, flags: 1, stream: 0)

    /// A header section of literals that are in no table (RFC 7541 §6.2.2).
    static func headers(
        stream: UInt32,
        method: String = "GET",
        path: String = "/x",
        endsStream: Bool = true,
        endsHeaders: Bool = true,
        extra: [(String, String)] = []
    ) -> ByteBuffer {
        let fields =
            [
                (":method", method), (":scheme", "https"), (":authority", "localhost"),
                (":path", path),
            ] + extra
        let flags: UInt8 = (endsStream ? 1 : 0) | (endsHeaders ? 4 : 0)
        return frame(1, flags: flags, stream: stream, fields.flatMap { literal($0.0, $0.1) })
    }

    static func literal(_ name: String, _ value: String) -> [UInt8] {
        [0] + string(name) + string(value)
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var length: [UInt8] = [127]
        var rest = bytes.count - 127
        while rest >= 128 {
            length.append(UInt8(rest % 128 + 128))
            rest /= 128
        }
        return length + [UInt8(rest)] + bytes
    }

    static func reset(stream: UInt32, code: UInt32 = 8) -> ByteBuffer {
        frame(3, stream: stream, bytes(code))
    }

    static func windowUpdate(stream: UInt32, _ increment: UInt32) -> ByteBuffer {
        frame(8, stream: stream, bytes(increment))
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    struct Received: Equatable {
        let type: UInt8
        let flags: UInt8
        let stream: UInt32
        let payload: [UInt8]

        /// The error code of RST_STREAM, or of GOAWAY.
        var code: UInt32? {
            let bytes = type == 7 ? payload.dropFirst(4).prefix(4) : payload.prefix(4)
            guard bytes.count == 4 else { return nil }
            return bytes.reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    static func parse(_ bytes: ByteBuffer) -> [Received] {
        var rest = bytes
        var frames: [Received] = []
        while let head = rest.readBytes(length: 5), let stream: UInt32 = rest.readInteger() {
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard let payload = rest.readBytes(length: length) else { break }
            frames.append(
                Received(type: head[3], flags: head[4], stream: stream, payload: payload)
            )
        }
        return frames
    }
}
