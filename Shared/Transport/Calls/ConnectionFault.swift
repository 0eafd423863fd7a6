package import Protocol

/// How the other side broke the protocol; the connection ends, with the reason in GOAWAY.
package enum ConnectionFault: Error, Sendable, Hashable {
    case frame(FrameFault)
    case malformedHello
    case noCommonVersion
    case frameBeforeHello
    case secondHello
    /// A kind that this side never accepts, for example a REQUEST sent to a caller.
    case wrongDirection(FrameKind)
    case invalidCallID(UInt32)
    case callIDInUse(UInt32)
    case tooManyOpenCalls(Int)
    case unknownCall(UInt32)
    case dataAfterEnd(UInt32)
    case windowOverrun(UInt32)
    case windowOverflow(UInt32)
    case malformedHeaderDocument
    case tooManyCancels
    case helloTimedOut
    case frameTimedOut
    case pongTimedOut
    case outboundStalled
    /// An orderly end, named by the other side in GOAWAY.
    case goneAway(String)

    /// What GOAWAY carries.
    package var error: RPCError {
        RPCError(
            .failedPrecondition,
            reason: "protocol_error",
            message: description,
            processed: .maybe
        )
    }
}

extension ConnectionFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .frame(let fault): fault.description
        case .malformedHello: "HELLO could not be read"
        case .noCommonVersion: "no common version: this side speaks \(ProtocolLimits.version)"
        case .frameBeforeHello: "a frame came before HELLO"
        case .secondHello: "HELLO came twice"
        case .wrongDirection(let kind): "\(kind) may not be sent to this side"
        case .invalidCallID(let id): "\(id) is no call id: callers use odd ones"
        case .callIDInUse(let id): "call id \(id) is in use"
        case .tooManyOpenCalls(let limit):
            "\(limit) calls are open: end the requests of those that were answered"
        case .unknownCall(let id): "call \(id) does not exist"
        case .dataAfterEnd(let id): "call \(id) has ended already"
        case .windowOverrun(let id): "call \(id) sent more than its window"
        case .windowOverflow(let id): "WINDOW for call \(id) is 0 or overflows"
        case .malformedHeaderDocument: "a header document could not be read"
        case .tooManyCancels: "too many CANCEL frames that belong to no call"
        case .helloTimedOut: "HELLO did not come in time"
        case .frameTimedOut:
            "a frame was not whole \(ProtocolLimits.frameSeconds) seconds after it had begun"
        case .pongTimedOut: "PONG did not come in time"
        case .outboundStalled: "the other side does not read"
        case .goneAway(let message): message
        }
    }
}
