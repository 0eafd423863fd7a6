package import NIOCore

/// Every limit and time-out of the edge, by name.
package struct EdgeLimits: Sendable {
    /// Largest request body where the route says nothing smaller.
    package var maximumBodyBytes = 64 << 20
    /// Largest header section: names, values and 32 for each field (RFC 9113 §10.5.1).
    package var maximumHeaderListBytes = 32 << 10
    /// A header section beyond this many times the limit ends the connection instead of a 431.
    package var headerListToleranceFactor = 8
    /// Largest request target; beyond it the answer is 414.
    package var maximumTargetBytes = 8 << 10

    /// Connections at once; one more is closed as soon as it is accepted.
    package var maximumConnections = 4_096
    package var maximumConcurrentStreams = 256
    /// Handlers that may run for one connection: a reset stream's handler counts until it has ended.
    package var maximumRunningHandlers = 512
    /// Frames queued for a peer that does not read.
    package var maximumQueuedFrames = 4_096
    /// Bytes a client may send on one stream ahead of what the services have taken.
    package var streamWindowBytes = 1 << 20
    package var connectionWindowBytes = 4 << 20
    /// Bytes of a streamed reply that may wait for one slow reader.
    package var replyBufferBytes = 128 << 10
    /// Bytes handed to TLS in one piece.
    package var writeBytes = 64 << 10

    package var handshakeTimeout = TimeAmount.seconds(5)
    /// From the first byte of a request's head, or from the connection's start, to the head's end.
    package var headerTimeout = TimeAmount.seconds(10)
    /// A connection without a request is closed after this.
    package var idleTimeout = TimeAmount.seconds(120)
    /// A body that is waited for may be slow for this long before its rate is judged.
    package var bodyGrace = TimeAmount.seconds(10)
    /// The least a client must send while it is waited for.
    package var minimumBodyBytesPerSecond = 1_024
    /// A reply of which nothing could be sent for this long is given up.
    package var replyStallTimeout = TimeAmount.seconds(30)
    /// How long bytes are still read and dropped after an answer that did not wait for its request.
    package var lingerTimeout = TimeAmount.seconds(2)
    /// How often the time-outs are looked at.
    package var sweepInterval = TimeAmount.seconds(1)

    package init() {}
}
