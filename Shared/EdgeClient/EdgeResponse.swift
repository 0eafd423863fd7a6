package import HTTP2
package import NIOCore

/// What the edge answered, with the whole body.
package struct EdgeResponse: Sendable {
    package let status: Int
    /// In the order of arrival, names in lower case.
    package let headers: [(name: String, value: String)]
    package let body: ByteBuffer

    /// The first value of a field; `name` in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// What the edge answers while its body still comes in.
///
/// Read the body to its end or call `cancel`: window credit is given only for what is read.
package struct EdgeResponseStream: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: InboundBody
    let cancelling: @Sendable () -> Void

    /// The first value of a field; `name` in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// Tells the edge that the rest is not wanted.
    package func cancel() {
        body.discard()
        cancelling()
    }
}

/// Why no answer came.
///
/// Whether the request had an effect is then unknown, except before the
/// connection stood (`cannotConnect`) and where the edge said that it had not begun (`refused`).
package enum EdgeClientError: Error, Sendable, Equatable {
    /// No connection: the text says why (name, port, certificate).
    case cannotConnect(String)
    /// The edge did not start on this request; sending it again is safe.
    case refused
    /// The edge reset the stream with this HTTP/2 error code.
    case reset(code: UInt32)
    /// The connection ended first.
    case connectionLost
    /// The body that was to be sent broke off.
    case bodyFailed
    /// `close` was called.
    case closed
}
