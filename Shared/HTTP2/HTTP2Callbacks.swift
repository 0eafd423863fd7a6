internal import CNGHTTP2

/// The table of C functions through which nghttp2 calls a session's delegate.
///
/// One table serves every session: the functions capture nothing and find the session in their last
/// argument. It is made once and never changed, which is why sharing it is safe.
struct HTTP2Callbacks: @unchecked Sendable {
    static let shared = HTTP2Callbacks()

    let pointer: OpaquePointer

    private init() {
        var table: OpaquePointer?
        guard nghttp2_session_callbacks_new(&table) == 0, let table else {
            preconditionFailure("nghttp2 could not make its callbacks: out of memory")
        }
        pointer = table
        Self.setHeaders(table)
        Self.setFrames(table)
        Self.setData(table)
    }

    private static func setHeaders(_ table: OpaquePointer) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(table) { _, frame, owner in
            guard let frame, let session = HTTP2Session.from(owner) else { return 0 }
            let section: HTTP2HeaderSection =
                switch frame.pointee.headers.cat {
                case NGHTTP2_HCAT_REQUEST: .request
                case NGHTTP2_HCAT_RESPONSE: .response
                default: .later
                }
            session.delegate.headersBegan(stream: frame.pointee.hd.stream_id, section: section)
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(table) {
            _,
            frame,
            name,
            nameCount,
            value,
            valueCount,
            _,
            owner in
            guard let frame, let session = HTTP2Session.from(owner) else { return 0 }
            let goesOn = session.delegate.headerReceived(
                stream: frame.pointee.hd.stream_id,
                name: UnsafeBufferPointer(start: name, count: nameCount),
                value: UnsafeBufferPointer(start: value, count: valueCount)
            )
            return goesOn ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
        }
    }

    private static func setFrames(_ table: OpaquePointer) {
        nghttp2_session_callbacks_set_on_begin_frame_callback(table) { _, header, owner in
            guard let header, let session = HTTP2Session.from(owner) else { return 0 }
            let goesOn = session.delegate.frameBegan(HTTP2FrameHeader(header.pointee))
            return goesOn ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(table) { _, frame, owner in
            guard let frame, let session = HTTP2Session.from(owner) else { return 0 }
            session.frameReceived(frame)
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(table) { _, frame, owner in
            guard let frame, let session = HTTP2Session.from(owner) else { return 0 }
            let header = HTTP2FrameHeader(frame.pointee.hd)
            let code = header.kind == .resetStream ? frame.pointee.rst_stream.error_code : 0
            session.delegate.frameSent(header, code: code)
            return 0
        }
        // A frame of an unknown type has been announced; there is nothing else to do with it.
        nghttp2_session_callbacks_set_unpack_extension_callback(table) { _, _, _, _ in
            NGHTTP2_ERR_CANCEL.rawValue
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(table) { _, stream, code, owner in
            HTTP2Session.from(owner)?.delegate.streamClosed(stream: stream, code: code)
            return 0
        }
    }

    private static func setData(_ table: OpaquePointer) {
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table) {
            _,
            _,
            stream,
            bytes,
            count,
            owner in
            HTTP2Session.from(owner)?.delegate.dataReceived(
                stream: stream,
                bytes: UnsafeRawBufferPointer(start: bytes, count: count)
            )
            return 0
        }
    }

    /// The data provider of every body: asks the delegate.
    static let readBody: nghttp2_data_source_read_callback = {
        _,
        stream,
        target,
        capacity,
        flags,
        _,
        owner in
        guard let session = HTTP2Session.from(owner), let target else {
            return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        let room = UnsafeMutableRawBufferPointer(start: target, count: capacity)
        switch session.delegate.readBody(stream: stream, into: room) {
        case .wrote(let count, let end):
            if end { flags?.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue }
            return count
        case .notYet:
            return Int(NGHTTP2_ERR_DEFERRED.rawValue)
        case .failed:
            return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
    }
}

extension HTTP2Session {
    static func from(_ owner: UnsafeMutableRawPointer?) -> HTTP2Session? {
        guard let owner else { return nil }
        return Unmanaged<HTTP2Session>.fromOpaque(owner).takeUnretainedValue()
    }

    func frameReceived(_ frame: UnsafePointer<nghttp2_frame>) {
        let header = HTTP2FrameHeader(frame.pointee.hd)
        switch header.kind {
        case .headers:
            delegate.headersEnded(stream: header.stream, endsStream: header.endsStream)
        case .data where header.endsStream:
            delegate.bodyEnded(stream: header.stream)
        case .goAway:
            delegate.goAwayReceived(
                lastStream: frame.pointee.goaway.last_stream_id,
                code: frame.pointee.goaway.error_code
            )
        default:
            break
        }
    }
}

extension HTTP2FrameHeader {
    init(_ header: nghttp2_frame_hd) {
        self.init(
            length: header.length,
            type: header.type,
            flags: header.flags,
            stream: header.stream_id
        )
    }
}
