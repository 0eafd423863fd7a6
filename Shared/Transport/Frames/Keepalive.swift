internal import NIOCore
internal import Protocol

/// When a connection that says nothing is asked for a sign of life, and when it is given up.
struct Keepalive {
    enum OnTick: Equatable {
        case nothing
        case ping
        case close(ConnectionFault)
    }

    private var lastReceived: NIODeadline
    private var pingSent: NIODeadline?
    /// The other side's shortest time between PINGs.
    var minimumInterval = TimeAmount.seconds(Int64(ProtocolLimits.pingMinimumSeconds))

    init(now: NIODeadline) { lastReceived = now }

    mutating func bytesReceived(at now: NIODeadline) {
        lastReceived = now
        pingSent = nil
    }

    mutating func ticked(at now: NIODeadline, isBusy: Bool) -> OnTick {
        if let pingSent {
            let limit = TimeAmount.seconds(Int64(ProtocolLimits.pongSeconds))
            return now - pingSent > limit ? .close(.pongTimedOut) : .nothing
        }
        let seconds =
            isBusy ? ProtocolLimits.pingIdleSecondsBusy : ProtocolLimits.pingIdleSeconds
        let idle = max(.seconds(Int64(seconds)), minimumInterval)
        guard now - lastReceived >= idle else { return .nothing }
        pingSent = now
        return .ping
    }
}
