/// The bounds of protocol version 1 (design 4.3); both sides announce theirs in HELLO.
package enum ProtocolLimits {
    package static let version = 1
    package static let alpn = "bursar/1"
    /// Largest value of a frame's length field.
    package static let frameBytes = 1 << 20
    /// Largest length before the other side's HELLO has come.
    package static let helloFrameBytes = 1 << 16
    /// Bytes of a body that may be sent before credit is given, per call and direction.
    package static let firstWindowBytes = 128 << 10
    /// What a call's window may grow to while its reader takes what comes.
    package static let windowBytes = 512 << 10
    /// Bytes that all windows of a connection may have in one direction: a first window for each of
    /// its calls, and what is left for those that grow.
    package static let connectionWindowBytes = 48 << 20
    /// No credit may lift a window above this.
    package static let maximumWindowBytes = Int(Int32.max)
    /// A body up to this size travels inside its REQUEST or RESPONSE.
    package static let inlineBodyBytes = 64 << 10
    /// Size of a full DATA piece.
    package static let pieceBytes = 128 << 10
    package static let headerDocumentBytes = 8 << 10
    package static let methodNameBytes = 128
    package static let callsPerConnection = 256
    package static let callsPerProcess = 4_096
    package static let connectionsPerPeer = 1_024
    package static let connections = 10_000
    package static let handshakes = 64
    package static let handshakeSeconds = 5
    package static let helloSeconds = 5
    /// Above this many unsent bytes a server reads no further requests.
    package static let outboundHighBytes = 512 << 10
    package static let outboundLowBytes = 128 << 10
    /// Above this many unsent bytes, or this long without progress, the connection is closed.
    package static let outboundMaximumBytes = 16 << 20
    package static let outboundStallSeconds = 30
    package static let pingIdleSecondsBusy = 20
    package static let pingIdleSeconds = 60
    package static let pongSeconds = 10
    /// The shortest time between two PINGs that a server accepts.
    package static let pingMinimumSeconds = 10
    /// CANCELs that belong to no call and crossed no reply, which a server accepts in a second.
    package static let strayCancelsPerSecond = 100
    package static let drainSeconds = 25
    /// No caller waits longer, whatever it says: the largest body at the slowest speed takes less.
    package static let callSeconds = 7_200
    /// A frame that has begun must be whole after this time.
    package static let frameSeconds = 30
}
