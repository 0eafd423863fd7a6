/// The bounds of protocol version 1 (design 4.3); both sides announce theirs in HELLO.
package enum ProtocolLimits {
    package static let version = 1
    package static let alpn = "bursar/1"
    /// Largest value of a frame's length field.
    package static let frameBytes = 1 << 20
    /// Largest length before the other side's HELLO has come.
    package static let helloFrameBytes = 1 << 16
    /// Bytes of a body that may be sent before credit is given, per call and direction.
    package static let windowBytes = 512 << 10
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
    /// CANCELs of finished calls that a server accepts in a second.
    package static let lateCancelsPerSecond = 100
    package static let jsonDepth = 64
    package static let drainSeconds = 25
}
