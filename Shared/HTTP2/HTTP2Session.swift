internal import CNGHTTP2
package import NIOCore

/// One HTTP/2 connection without its socket: bytes go in, calls to the delegate and bytes come out.
///
/// A wrapper of nghttp2's session, for either side. It is not Sendable: it lives on the event loop of
/// its connection, and its delegate owns it. Window credit is given only by `consume`, so an owner
/// that stops consuming stops its peer.
package final class HTTP2Session {
    /// Which end of the connection this is.
    package enum Role: Sendable {
        case client
        case server
    }

    /// What is announced to the peer in the first SETTINGS frame, and the connection's own window.
    package struct Settings: Sendable {
        /// Bytes that the peer may send on one stream before they are consumed.
        package var streamWindow: Int
        /// Bytes that the peer may send on all streams together before they are consumed.
        package var connectionWindow: Int
        package var maximumConcurrentStreams: Int
        /// Bytes of one header section, 32 added for each field (RFC 9113 §10.5.1).
        package var maximumHeaderListBytes: Int

        package init(
            streamWindow: Int = 1 << 20,
            connectionWindow: Int = 4 << 20,
            maximumConcurrentStreams: Int = 256,
            maximumHeaderListBytes: Int = 32 << 10
        ) {
            self.streamWindow = streamWindow
            self.connectionWindow = connectionWindow
            self.maximumConcurrentStreams = maximumConcurrentStreams
            self.maximumHeaderListBytes = maximumHeaderListBytes
        }
    }

    let session: OpaquePointer
    unowned let delegate: any HTTP2SessionDelegate

    /// Makes the session and queues its preface and SETTINGS.
    ///
    /// `delegate` must outlive the session: it is the object that holds it.
    package init(role: Role, settings: Settings, delegate: any HTTP2SessionDelegate) {
        self.delegate = delegate
        var created: OpaquePointer?
        let options = Self.makeOptions(role)
        defer { nghttp2_option_del(options) }
        let status =
            switch role {
            case .server:
                nghttp2_session_server_new2(&created, HTTP2Callbacks.shared.pointer, nil, options)
            case .client:
                nghttp2_session_client_new2(&created, HTTP2Callbacks.shared.pointer, nil, options)
            }
        guard status == 0, let created else {
            preconditionFailure("nghttp2 could not make a session: out of memory")
        }
        session = created
        nghttp2_session_set_user_data(session, Unmanaged.passUnretained(self).toOpaque())
        announce(settings, role: role)
    }

    deinit { nghttp2_session_del(session) }

    private static func makeOptions(_ role: Role) -> OpaquePointer? {
        var options: OpaquePointer?
        guard nghttp2_option_new(&options) == 0 else {
            preconditionFailure("nghttp2 could not make its options: out of memory")
        }
        nghttp2_option_set_no_auto_window_update(options, 1)
        // The library's own limit would hit clients that reset after every answer (nghttp2 #1984);
        // an owner can tell those from attackers, and bounds both.
        nghttp2_option_set_stream_reset_rate_limit(options, 10_000, 1_000)
        // Frames of unknown types are otherwise dropped before anyone can count them.
        for type in UInt8(10)...UInt8.max {
            nghttp2_option_set_user_recv_extension_type(options, type)
        }
        return options
    }

    private func announce(_ settings: Settings, role: Role) {
        var entries = [
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, settings.streamWindow),
            entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.maximumConcurrentStreams),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.maximumHeaderListBytes),
        ]
        if role == .client { entries.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0)) }
        check(nghttp2_submit_settings(session, 0, entries, entries.count))
        let window = Int32(clamping: settings.connectionWindow)
        check(nghttp2_session_set_local_window_size(session, 0, 0, window))
    }

    private func entry(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: value))
    }

    // MARK: Bytes

    /// Reads what came from the peer, calling the delegate for everything it finds.
    package func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2SessionFailure) {
        guard let start = bytes.baseAddress else { return }
        let read = nghttp2_session_mem_recv(
            session,
            start.assumingMemoryBound(to: UInt8.self),
            bytes.count
        )
        guard read < 0 else { return }
        switch Int32(truncatingIfNeeded: read) {
        case NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue: throw .notHTTP2
        case NGHTTP2_ERR_CALLBACK_FAILURE.rawValue: throw .stoppedByOwner
        case let code: throw .library(code)
        }
    }

    /// Appends what is to be sent, until `buffer` holds `limit` bytes or there is no more.
    ///
    /// Returns whether the limit was reached, that is, whether there may be more.
    package func takeOutput(
        into buffer: inout ByteBuffer,
        limit: Int
    ) throws(HTTP2SessionFailure) -> Bool {
        while buffer.readableBytes < limit {
            var chunk: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(session, &chunk)
            if count < 0 { throw .library(Int32(truncatingIfNeeded: count)) }
            guard count > 0, let chunk else { return false }
            buffer.writeBytes(UnsafeRawBufferPointer(start: chunk, count: count))
        }
        return true
    }

    /// Whether the session still expects bytes; when neither this nor `wantsWrite`, it is over.
    package var wantsRead: Bool { nghttp2_session_want_read(session) != 0 }
    package var wantsWrite: Bool { nghttp2_session_want_write(session) != 0 }
    /// Frames queued and not yet taken, bodies aside: what a peer that does not read makes grow.
    package var queuedFrames: Int { nghttp2_session_get_outbound_queue_size(session) }

    /// Most of the library's calls fail only for lack of memory or for a stream that has just gone;
    /// the second is no error, because the stream's end is told by `streamClosed`.
    func check(_ status: Int32) {
        precondition(status != NGHTTP2_ERR_NOMEM.rawValue, "nghttp2: out of memory")
    }
}
