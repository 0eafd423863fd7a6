internal import NIOCore
internal import Protocol

/// What a server makes of the frames of one connection; no I/O, no clock.
///
/// Dimensions: the connection's phase, and for each call whether its request and its reply are
/// still open. A call leaves the table when both have ended; only then may its id come again.
/// A frame that cannot follow from what was said before is the other side's fault (`close`). Some
/// frames are legitimately late, because they crossed our reply: CANCEL and WINDOW of a call that
/// is gone, and DATA of a call that we have answered.
struct ServerMachine<Call> {
    enum Phase: Equatable {
        case awaitingHello
        case open
        /// We have said GOAWAY: calls underway finish, new ones are refused.
        case draining
        case closed
    }

    private struct Entry {
        var call: Call?
        var isRequestOpen: Bool
        var isReplyOpen = true
        /// Bytes of DATA that the caller may still send.
        var window: Int
        /// Bytes that the handler has taken and no WINDOW has given back yet.
        var unreturned = 0
        var received: Int
        var limit = Int.max
        /// Bytes of DATA that we may still send.
        var credit: Int
    }

    private(set) var phase = Phase.awaitingHello
    private var calls = CallTable<Entry>()
    /// Handlers that have not returned: what the limit counts, so that cancelling frees nothing.
    private(set) var running = 0
    private(set) var total: Int64 = 0
    private(set) var peerLimits = HelloDocument.Limits.standard
    private let limits: HelloDocument.Limits
    private var lateCancels = 0
    private var lateCancelsSince = NIODeadline.distantPast

    init(limits: HelloDocument.Limits = .standard) { self.limits = limits }

    /// Calls that the other side still waits for.
    var open: Int { calls.count }

    /// The call under an id, while its reply is open.
    func call(id: UInt32) -> Call? { calls[id]?.call }

    /// The calls whose reply is still owed at `now`.
    func calls(dueBy now: NIODeadline, _ deadline: (Call) -> NIODeadline) -> [Call] {
        var due: [Call] = []
        calls.forEach { entry in
            if let call = entry.call, entry.isReplyOpen, deadline(call) <= now { due.append(call) }
        }
        return due
    }

    // MARK: HELLO

    enum OnHello: Equatable {
        case ready
        case close(ConnectionFault)
    }

    mutating func helloReceived(_ hello: HelloDocument) -> OnHello {
        switch phase {
        case .awaitingHello:
            guard hello.isAcceptable else { return .close(.noCommonVersion) }
            peerLimits = hello.limits
            phase = .open
            return .ready
        case .open, .draining, .closed:
            return .close(.secondHello)
        }
    }

    // MARK: Requests

    enum OnRequest: Equatable {
        /// Enter the call with `admitted`, or end it with `replyEnded`.
        case judge
        /// Too many calls, or GOAWAY has been said: answer, then `replyEnded`.
        case refuse(RPCError)
        case close(ConnectionFault)
    }

    /// A REQUEST came; `bodyBytes` of its body with it.
    mutating func requestReceived(id: UInt32, isEnded: Bool, bodyBytes: Int) -> OnRequest {
        guard phase != .awaitingHello, phase != .closed else { return .close(.frameBeforeHello) }
        guard id & 1 == 1 else { return .close(.invalidCallID(id)) }
        guard calls[id] == nil else { return .close(.callIDInUse(id)) }
        calls[id] = Entry(
            call: nil,
            isRequestOpen: !isEnded,
            window: limits.window,
            received: bodyBytes,
            credit: peerLimits.window
        )
        total += 1
        guard phase == .open else { return .refuse(.draining) }
        guard running < limits.calls, calls.count <= 2 * limits.calls else {
            return .refuse(.tooManyCalls)
        }
        return .judge
    }

    /// The handler of a judged call starts.
    mutating func admitted(_ call: Call, id: UInt32, limit: Int) {
        calls[id]?.call = call
        calls[id]?.limit = limit
        running += 1
    }

    mutating func handlerReturned() { running -= 1 }

    // MARK: A request's body

    enum OnData {
        case deliver(Call, isEnded: Bool)
        /// Larger than the method allows: answer and `replyEnded`; what follows is stepped over.
        case tooLarge(Call)
        case discard
        case close(ConnectionFault)
    }

    mutating func dataReceived(id: UInt32, bytes: Int, isEnded: Bool) -> OnData {
        guard phase != .awaitingHello else { return .close(.frameBeforeHello) }
        guard var entry = calls[id] else { return .close(.unknownCall(id)) }
        guard entry.isRequestOpen else { return .close(.dataAfterEnd(id)) }
        guard bytes <= entry.window else { return .close(.windowOverrun(id)) }
        entry.window -= bytes
        entry.received += bytes
        entry.isRequestOpen = !isEnded
        calls[id] = !entry.isRequestOpen && !entry.isReplyOpen ? nil : entry
        guard let call = entry.call, entry.isReplyOpen else { return .discard }
        guard entry.received <= entry.limit else { return .tooLarge(call) }
        return .deliver(call, isEnded: isEnded)
    }

    /// The handler took bytes of DATA: the credit to give back now, or nil until it is worth a
    /// frame.
    mutating func consumed(id: UInt32, bytes: Int) -> Int? {
        guard calls[id]?.isRequestOpen == true else { return nil }
        calls[id]?.unreturned += bytes
        guard let unreturned = calls[id]?.unreturned, unreturned >= limits.window / 4 else {
            return nil
        }
        calls[id]?.unreturned = 0
        calls[id]?.window += unreturned
        return unreturned
    }

    // MARK: CANCEL

    enum OnCancel {
        case cancel(Call)
        case ignore
        case close(ConnectionFault)
    }

    mutating func cancelReceived(id: UInt32, at now: NIODeadline) -> OnCancel {
        guard phase != .awaitingHello else { return .close(.frameBeforeHello) }
        guard let entry = calls[id] else { return lateCancel(at: now) }
        guard entry.isReplyOpen else {
            calls[id] = nil
            return .ignore
        }
        calls[id]?.isRequestOpen = false
        return entry.call.map { .cancel($0) } ?? .ignore
    }

    private mutating func lateCancel(at now: NIODeadline) -> OnCancel {
        if now - lateCancelsSince > .seconds(1) {
            lateCancelsSince = now
            lateCancels = 0
        }
        lateCancels += 1
        return lateCancels > ProtocolLimits.lateCancelsPerSecond ? .close(.tooManyCancels) : .ignore
    }

    // MARK: Replies

    enum OnWindow {
        case resume(Call)
        case ignore
        case close(ConnectionFault)
    }

    mutating func windowReceived(id: UInt32, credit: Int) -> OnWindow {
        guard phase != .awaitingHello else { return .close(.frameBeforeHello) }
        guard let entry = calls[id], entry.isReplyOpen else { return .ignore }
        guard credit > 0, entry.credit + credit <= ProtocolLimits.maximumWindowBytes else {
            return .close(.windowOverflow(id))
        }
        calls[id]?.credit += credit
        return entry.call.map { .resume($0) } ?? .ignore
    }

    /// Bytes of DATA that may be sent now; 0 also where the reply has ended.
    func credit(id: UInt32) -> Int {
        guard let entry = calls[id], entry.isReplyOpen else { return 0 }
        return entry.credit
    }

    mutating func dataSent(id: UInt32, bytes: Int) { calls[id]?.credit -= bytes }

    /// The last frame of the reply is on its way.
    ///
    /// Whether an answer was still owed.
    mutating func replyEnded(id: UInt32) -> Bool {
        guard let entry = calls[id], entry.isReplyOpen else { return false }
        if entry.isRequestOpen {
            calls[id]?.isReplyOpen = false
            calls[id]?.call = nil
        } else {
            calls[id] = nil
        }
        return true
    }

    // MARK: The end

    mutating func drainStarted() {
        if phase == .open { phase = .draining }
    }

    /// The other side sends nothing more: the calls whose request will never be whole.
    mutating func inputEnded() -> [Call] {
        var broken: [Call] = []
        calls.forEach { entry in
            if entry.isRequestOpen, let call = entry.call { broken.append(call) }
        }
        return broken
    }

    /// Every call that is still in the table; afterwards nothing is.
    mutating func closed() -> [Call] {
        phase = .closed
        var left: [Call] = []
        calls.forEach { entry in
            if let call = entry.call { left.append(call) }
        }
        calls.removeAll()
        return left
    }
}

extension RPCError {
    static let draining = RPCError(
        .unavailable,
        reason: "draining",
        message: "The service is shutting down.",
        retryAfterMilliseconds: 500
    )
    static let tooManyCalls = RPCError(
        .resourceExhausted,
        reason: "too_many_calls",
        message: "Too many calls are in flight.",
        retryAfterMilliseconds: 100
    )
}
