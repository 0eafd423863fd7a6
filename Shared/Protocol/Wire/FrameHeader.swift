/// What a frame does (PROTOCOL.md section 3).
package enum FrameKind: UInt8, Sendable, CaseIterable {
    case hello = 1
    case request = 2
    case response = 3
    case data = 4
    case end = 5
    case cancel = 6
    case window = 7
    case ping = 8
    case pong = 9
    case goAway = 10

    /// Set in a kind that a receiver who does not know it may step over.
    package static let mayBeIgnored: UInt8 = 0x80
}

/// The second byte behind the length.
package struct FrameFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A header document stands before the body.
    package static let headerDocument = FrameFlags(rawValue: 1)
    /// The sender says nothing more in this call.
    package static let endStream = FrameFlags(rawValue: 2)
    package static let compressed = FrameFlags(rawValue: 4)
    package static let idempotent = FrameFlags(rawValue: 8)
    /// Twenty-six bytes of trace context stand behind the header.
    package static let traceBlock = FrameFlags(rawValue: 16)
    package static let retryAttempt = FrameFlags(rawValue: 32)

    package static let known: FrameFlags = [
        .headerDocument, .endStream, .compressed, .idempotent, .traceBlock, .retryAttempt,
    ]
}

/// The sixteen bytes before every frame's content, big-endian.
package struct FrameHeader: Sendable, Hashable {
    package static let byteCount = 16
    /// Bytes of the header that `length` counts.
    package static let countedByteCount = 12

    /// Bytes behind the length field: the other 12 of the header and the content.
    package var length: UInt32
    /// The raw kind; `FrameKind` where it is known.
    package var rawKind: UInt8
    package var flags: FrameFlags
    /// REQUEST: place in the method table; RESPONSE, END, GOAWAY: status; HELLO: version of HELLO.
    package var code: UInt16
    package var callID: UInt32
    /// REQUEST: remaining milliseconds; WINDOW: credit; GOAWAY: last accepted id.
    package var value: UInt32

    package init(
        _ kind: FrameKind,
        flags: FrameFlags = [],
        code: UInt16 = 0,
        callID: UInt32 = 0,
        value: UInt32 = 0,
        contentBytes: Int = 0
    ) {
        length = UInt32(Self.countedByteCount + contentBytes)
        rawKind = kind.rawValue
        self.flags = flags
        self.code = code
        self.callID = callID
        self.value = value
    }

    package init(
        length: UInt32,
        rawKind: UInt8,
        flags: UInt8,
        code: UInt16,
        callID: UInt32,
        value: UInt32
    ) {
        self.length = length
        self.rawKind = rawKind
        self.flags = FrameFlags(rawValue: flags)
        self.code = code
        self.callID = callID
        self.value = value
    }

    package var kind: FrameKind? { FrameKind(rawValue: rawKind) }
    /// Bytes that follow the sixteen.
    package var contentBytes: Int { Int(length) - Self.countedByteCount }
}

/// Why bytes are no frame; every case ends the connection, as there is no way back into step.
package enum FrameFault: Error, Sendable, Hashable {
    /// The first byte is not zero: HTTP, TLS or a length above 16 MiB.
    case notThisProtocol
    case lengthBelowHeader(UInt32)
    case lengthAboveLimit(UInt32, limit: Int)
    case unknownKind(UInt8)
    case unknownFlags(UInt8)
    /// The trace block or the header document does not fit into the frame, or stands in the wrong kind.
    case malformedContent
}

extension FrameFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notThisProtocol: "these bytes are not of this protocol"
        case .lengthBelowHeader(let length): "a frame's length is \(length), less than 12"
        case .lengthAboveLimit(let length, let limit):
            "a frame's length is \(length), more than \(limit)"
        case .unknownKind(let kind): "frame kind \(kind) is unknown"
        case .unknownFlags(let flags): "flags \(flags) hold an unknown bit"
        case .malformedContent: "a frame's content does not fit its header"
        }
    }
}
