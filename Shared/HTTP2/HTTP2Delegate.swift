/// The nine bytes that open every frame, as they came in or went out (RFC 9113 §4.1).
package struct HTTP2FrameHeader: Sendable, Hashable {
    /// Bytes of the payload.
    package let length: Int
    package let type: UInt8
    package let flags: UInt8
    /// Zero for the connection itself.
    package let stream: Int32

    package init(length: Int, type: UInt8, flags: UInt8, stream: Int32) {
        self.length = length
        self.type = type
        self.flags = flags
        self.stream = stream
    }

    package var kind: HTTP2FrameKind? { HTTP2FrameKind(rawValue: type) }
    package var endsStream: Bool { flags & 0x1 != 0 }
    /// Whether some of a DATA or HEADERS frame is padding.
    package var isPadded: Bool { flags & 0x8 != 0 }
    /// Whether a SETTINGS or PING frame answers one of ours.
    package var isAcknowledgement: Bool { flags & 0x1 != 0 }
}

/// The frame types of RFC 9113 §6; every other number is an extension.
package enum HTTP2FrameKind: UInt8, Sendable {
    case data = 0
    case headers = 1
    case priority = 2
    case resetStream = 3
    case settings = 4
    case pushPromise = 5
    case ping = 6
    case goAway = 7
    case windowUpdate = 8
    case continuation = 9
}

/// The error codes of RFC 9113 §7 that this system sends or tells apart.
package enum HTTP2Code {
    package static let noError: UInt32 = 0
    package static let protocolError: UInt32 = 1
    package static let internalError: UInt32 = 2
    package static let refusedStream: UInt32 = 7
    package static let cancel: UInt32 = 8
    package static let enhanceYourCalm: UInt32 = 11
}

/// What a body source had when the session asked it for bytes.
package enum HTTP2BodyRead: Sendable, Equatable {
    /// So many bytes were written; `end` says that no more will come.
    case wrote(Int, end: Bool)
    /// Nothing yet: `HTTP2Session.resume` when there is.
    case notYet
    /// The source broke: the stream is reset with INTERNAL_ERROR.
    case failed
}

/// Which header section is about to be read.
package enum HTTP2HeaderSection: Sendable, Equatable {
    case request
    case response
    /// After the body; for a client also the answer that follows a 1xx one.
    case later
}

/// What a session tells its owner while it reads and writes.
///
/// Every call comes from inside `receive` or `takeOutput`; pointers are valid only during the call.
/// A callback may submit frames, but must not call `receive` or `takeOutput` again.
package protocol HTTP2SessionDelegate: AnyObject {
    /// A frame's header has been read; false ends the session at once.
    func frameBegan(_ header: HTTP2FrameHeader) -> Bool
    func headersBegan(stream: Int32, section: HTTP2HeaderSection)
    /// One field; false ends the session at once.
    func headerReceived(
        stream: Int32,
        name: UnsafeBufferPointer<UInt8>,
        value: UnsafeBufferPointer<UInt8>
    ) -> Bool
    func headersEnded(stream: Int32, endsStream: Bool)
    /// Part of a body; give the bytes back with `HTTP2Session.consume` once they are used.
    func dataReceived(stream: Int32, bytes: UnsafeRawBufferPointer)
    /// The peer has sent all of its body.
    func bodyEnded(stream: Int32)
    func streamClosed(stream: Int32, code: UInt32)
    func goAwayReceived(lastStream: Int32, code: UInt32)
    func frameSent(_ header: HTTP2FrameHeader, code: UInt32)
    /// The session can take body bytes of `stream`, at most as many as `target` holds.
    func readBody(stream: Int32, into target: UnsafeMutableRawBufferPointer) -> HTTP2BodyRead
}

/// Why a session cannot go on; the connection is to be closed after what it still has to send.
package enum HTTP2SessionFailure: Error, Sendable, Equatable {
    /// The first bytes were not the client's preface.
    case notHTTP2
    /// The owner's callback refused to go on.
    case stoppedByOwner
    /// The library gave up: too many acknowledgements unread, too many CONTINUATION frames, no memory.
    case library(Int32)
}
