internal import NIOCore
internal import Protocol

/// What a server makes of the frames of one connection; no I/O, no clock.
///
/// Dimensions: the connection's phase, and for each call whether its request and its reply are
/// still open. A call leaves the table when both have ended; only then may its id come again.
/// A frame that cannot follow from what was said before is the other side's fault (`close`). Some
/// frames are legitimately late, because they crossed our reply: one CANCEL of each call that is
/// gone, WINDOW of such a call, and DATA of a call that we have answered.
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
        var isCancelled = false
        /// What the caller may still send.
        var window: BodyWindow
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
    /// What the windows of this connection's requests have in common.
    private(set) var share: WindowShare
    /// Calls that have gone without CANCEL: one for each may still be on its way.
    private var cancelsUnderway = 0
    private var strayCancels = 0
    private var strayCancelsSince = NIODeadline.distantPast

    init(limits: HelloDocument.Limits = .standard) {
        self.limits = limits
        share = WindowShare(calls: limits.calls, first: limits.window)
    }

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
        guard calls.count < mostCalls else { return .close(.tooManyOpenCalls(mostCalls)) }
        total += 1
        var entry = Entry(
            call: nil,
            isRequestOpen: !isEnded,
            window: BodyWindow(first: limits.window),
            received: bodyBytes,
            credit: peerLimits.window
        )
        let refusal = refusal(of: &entry)
        calls[id] = entry
        return refusal.map { .refuse($0) } ?? .judge
    }

    /// Handlers at work, and as many calls that were answered and whose request is to be ended yet:
    /// an honest caller, who ends it at once, never has so many.
    private var mostCalls: Int { 2 * limits.calls }

    private mutating func refusal(of entry: inout Entry) -> RPCError? {
        guard phase == .open else { return .draining }
        guard running < limits.calls else { return .tooManyCalls }
        guard entry.window.hold(entry.received, sharing: &share) else { return .tooManyBytes }
        return nil
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
        guard entry.window.received(bytes) else { return .close(.windowOverrun(id)) }
        entry.received += bytes
        entry.isRequestOpen = !isEnded
        keep(entry, id: id)
        guard let call = entry.call, entry.isReplyOpen else { return .discard }
        guard entry.received <= entry.limit else { return .tooLarge(call) }
        return .deliver(call, isEnded: isEnded)
    }

    /// The handler took bytes of DATA: the credit to give back now, or nil until it is worth a
    /// frame.
    mutating func consumed(id: UInt32, bytes: Int) -> Int? {
        guard calls[id]?.isRequestOpen == true else { return nil }
        return calls[id]?.window.taken(bytes, sharing: &share)
    }

    /// Puts a call back, or forgets it where both its halves have ended.
    private mutating func keep(_ entry: Entry, id: UInt32) {
        guard !entry.isRequestOpen, !entry.isReplyOpen else {
            calls[id] = entry
            return
        }
        calls[id] = nil
        share.giveBack(entry.window)
        if !entry.isCancelled { cancelsUnderway = min(cancelsUnderway + 1, mostCalls) }
    }

    // MARK: CANCEL

    enum OnCancel {
        case cancel(Call)
        case ignore
        case close(ConnectionFault)
    }

    mutating func cancelReceived(id: UInt32, at now: NIODeadline) -> OnCancel {
        guard phase != .awaitingHello else { return .close(.frameBeforeHello) }
        guard var entry = calls[id] else {
            guard cancelsUnderway > 0 else { return strayCancel(at: now) }
            cancelsUnderway -= 1
            return .ignore
        }
        guard !entry.isCancelled else { return strayCancel(at: now) }
        entry.isCancelled = true
        entry.isRequestOpen = false
        keep(entry, id: id)
        return entry.call.map { .cancel($0) } ?? .ignore
    }

    /// A CANCEL that no honest caller says: of a call that never was, or a second one.
    private mutating func strayCancel(at now: NIODeadline) -> OnCancel {
        if now - strayCancelsSince > .seconds(1) {
            strayCancelsSince = now
            strayCancels = 0
        }
        strayCancels += 1
        return strayCancels > ProtocolLimits.strayCancelsPerSecond
            ? .close(.tooManyCancels) : .ignore
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
        guard var entry = calls[id], entry.isReplyOpen else { return false }
        entry.isReplyOpen = false
        entry.call = nil
        keep(entry, id: id)
        return true
    }

    // MARK: The end

    mutating func drainStarted() {
        if phase == .open { phase = .draining }
    }

    /// The other side sends nothing more: the calls whose request will never be whole, which are
    /// forgotten.
    mutating func inputEnded() -> [Call] {
        var broken: [Call] = []
        calls.removeAll { entry in
            if entry.isRequestOpen, let call = entry.call { broken.append(call) }
            return entry.isRequestOpen
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
        share.reset()
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
    static let tooManyBytes = RPCError(
        .resourceExhausted,
        reason: "too_many_bytes",
        message: "The bodies of the calls in flight on this connection are too large together.",
        retryAfterMilliseconds: 100
    )
}
