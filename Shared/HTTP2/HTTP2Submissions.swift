internal import CNGHTTP2

/// What an owner can send; each call queues frames that `takeOutput` then gives.
extension HTTP2Session {
    /// Opens a stream with a request; nil when no stream can be opened any more.
    ///
    /// With a body its bytes are asked for by `readBody` of the delegate.
    package func submitRequest(_ headers: HTTP2HeaderBlock, hasBody: Bool) -> Int32? {
        let stream = headers.withFields { fields, count in
            withProvider(hasBody) { provider in
                nghttp2_submit_request(session, nil, fields, count, provider, nil)
            }
        }
        check(stream)
        return stream > 0 ? stream : nil
    }

    /// Answers a stream; with a body its bytes are asked for by `readBody` of the delegate.
    package func submitResponse(stream: Int32, _ headers: HTTP2HeaderBlock, hasBody: Bool) {
        let status = headers.withFields { fields, count in
            withProvider(hasBody) { provider in
                nghttp2_submit_response(session, stream, fields, count, provider)
            }
        }
        check(status)
    }

    /// Sends a 1xx answer ahead of the real one.
    package func submitInformational(stream: Int32, _ headers: HTTP2HeaderBlock) {
        let status = headers.withFields { fields, count in
            nghttp2_submit_headers(session, 0, stream, nil, fields, count, nil)
        }
        check(min(status, 0))
    }

    private func withProvider<R>(
        _ hasBody: Bool,
        _ body: (UnsafePointer<nghttp2_data_provider>?) -> R
    ) -> R {
        guard hasBody else { return body(nil) }
        var provider = nghttp2_data_provider()
        provider.read_callback = HTTP2Callbacks.readBody
        return body(&provider)
    }

    /// Asks the delegate for body bytes again, after `notYet`.
    package func resume(stream: Int32) {
        check(nghttp2_session_resume_data(session, stream))
    }

    package func reset(stream: Int32, code: UInt32) {
        check(nghttp2_submit_rst_stream(session, 0, stream, code))
    }

    /// Gives window credit for body bytes that have been used.
    package func consume(stream: Int32, count: Int) {
        check(nghttp2_session_consume(session, stream, count))
    }

    /// Gives the connection's share of the credit, for bytes of a stream that is closed.
    package func consumeConnection(count: Int) {
        check(nghttp2_session_consume_connection(session, count))
    }

    package func ping() { check(nghttp2_submit_ping(session, 0, nil)) }

    /// Says GOAWAY for everything not yet answered, then ends the session.
    package func terminate(code: UInt32) {
        check(nghttp2_session_terminate_session(session, code))
    }

    /// Announces a GOAWAY: new streams are still taken, the peer should open none (RFC 9113 §6.8).
    package func announceShutdown() { check(nghttp2_submit_shutdown_notice(session)) }

    /// Says that no new streams will be taken; those that run go on.
    package func goAway(code: UInt32) {
        let last = nghttp2_session_get_last_proc_stream_id(session)
        check(nghttp2_submit_goaway(session, 0, last, code, nil, 0))
    }

    /// How many streams the peer lets us have open at once.
    package var peerMaximumConcurrentStreams: Int {
        Int(
            nghttp2_session_get_remote_settings(
                session,
                NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS
            )
        )
    }
}
