internal import NIOCore
internal import Protocol

/// What a caller makes of the frames of one connection; no I/O, no clock.
///
/// Ids come from a list of free places. A place is free again when the reply has ended: a request
/// that is still open then is ended with CANCEL. A cancelled call keeps its place until the server
/// has said its last word, which is then thrown away.
struct ClientMachine<Call> {
    enum Phase: Equatable {
        case awaitingHello
        case open
        /// The server has said GOAWAY: calls underway finish, new ones go elsewhere.
        case draining
        case closed
    }

    private struct Entry {
        /// Nil once nobody waits for the reply any more.
        var call: Call?
        var isRequestOpen: Bool
        var hasReplyBegun = false
        /// What the server may still send.
        var window: BodyWindow
        var received = 0
        let limit: Int
        /// Bytes of DATA that we may still send.
        var credit: Int
    }

    private(set) var phase = Phase.awaitingHello
    private(set) var hello: HelloDocument?
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private let limits: HelloDocument.Limits
    private var peerLimits = HelloDocument.Limits.standard
    /// What the windows of this connection's replies have in common.
    private(set) var share: WindowShare

    init(limits: HelloDocument.Limits = .standard) {
        self.limits = limits
        share = WindowShare(calls: limits.calls, first: limits.window)
    }

    /// Calls whose place is taken.
    var open: Int { entries.count - free.count }

    /// Whether another call may begin now.
    var canOpen: Bool { phase == .open && open < peerLimits.calls }

    /// Largest content of a frame that the server takes.
    var maximumContentBytes: Int { peerLimits.frame - FrameHeader.countedByteCount }

    /// Shortest time between two PINGs that the server wants.
    var pingMilliseconds: Int { peerLimits.pingMilliseconds }

    /// The call under an id, while somebody waits for it.
    func call(id: UInt32) -> Call? { self[id]?.call }

    /// The calls whose time is over at `now`.
    func calls(dueBy now: NIODeadline, _ deadline: (Call) -> NIODeadline) -> [Call] {
        entries.compactMap { entry in
            entry?.call.flatMap { deadline($0) <= now ? $0 : nil }
        }
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
            self.hello = hello
            phase = .open
            return .ready
        case .open, .draining, .closed:
            return .close(.secondHello)
        }
    }

    // MARK: Requests

    /// Takes a place for a call, whose id is returned; `canOpen` must be true.
    mutating func opened(_ call: Call, isRequestEnded: Bool, replyLimit: Int) -> UInt32 {
        precondition(canOpen, "a call was opened on a connection that takes none")
        let entry = Entry(
            call: call,
            isRequestOpen: !isRequestEnded,
            window: BodyWindow(first: limits.window),
            limit: replyLimit,
            credit: peerLimits.window
        )
        if let place = free.popLast() {
            entries[place] = entry
            return Self.id(place)
        }
        entries.append(entry)
        return Self.id(entries.count - 1)
    }

    func credit(id: UInt32) -> Int {
        guard let entry = self[id], entry.isRequestOpen else { return 0 }
        return entry.credit
    }

    mutating func dataSent(id: UInt32, bytes: Int, isEnded: Bool) {
        self[id]?.credit -= bytes
        if isEnded { self[id]?.isRequestOpen = false }
    }

    enum OnWindow {
        case resume(Call)
        case ignore
        case close(ConnectionFault)
    }

    mutating func windowReceived(id: UInt32, credit: Int) -> OnWindow {
        guard phase != .awaitingHello else { return .close(.frameBeforeHello) }
        guard let entry = self[id] else { return .ignore }
        guard credit > 0, entry.credit + credit <= ProtocolLimits.maximumWindowBytes else {
            return .close(.windowOverflow(id))
        }
        self[id]?.credit += credit
        guard entry.isRequestOpen, let call = entry.call else { return .ignore }
        return .resume(call)
    }

    // MARK: Replies

    enum OnReply {
        case deliver(Call)
        /// The reply is whole; say CANCEL first where the request is still open.
        case finish(Call, mustCancel: Bool)
        /// Larger than the method allows: say CANCEL where the call goes on, and fail it.
        case tooLarge(Call, mustCancel: Bool)
        case discard(mustCancel: Bool)
        case close(ConnectionFault)
    }

    mutating func responseReceived(id: UInt32, bytes: Int, isEnded: Bool) -> OnReply {
        guard phase != .awaitingHello else { return .close(.frameBeforeHello) }
        guard let entry = self[id] else { return .close(.unknownCall(id)) }
        guard !entry.hasReplyBegun else { return .close(.dataAfterEnd(id)) }
        self[id]?.hasReplyBegun = true
        return replyReceived(id: id, bytes: bytes, isEnded: isEnded)
    }

    /// DATA or END came.
    mutating func dataReceived(id: UInt32, bytes: Int, isEnded: Bool) -> OnReply {
        guard phase != .awaitingHello else { return .close(.frameBeforeHello) }
        guard self[id]?.hasReplyBegun == true else { return .close(.unknownCall(id)) }
        guard self[id]?.window.received(bytes) == true else { return .close(.windowOverrun(id)) }
        return replyReceived(id: id, bytes: bytes, isEnded: isEnded)
    }

    private mutating func replyReceived(id: UInt32, bytes: Int, isEnded: Bool) -> OnReply {
        self[id]?.received += bytes
        guard let entry = self[id] else { return .close(.unknownCall(id)) }
        let isTooLarge = entry.received > entry.limit
        if isEnded {
            release(id)
            guard let call = entry.call else { return .discard(mustCancel: entry.isRequestOpen) }
            guard !isTooLarge else { return .tooLarge(call, mustCancel: entry.isRequestOpen) }
            return .finish(call, mustCancel: entry.isRequestOpen)
        }
        guard let call = entry.call else { return .discard(mustCancel: false) }
        guard !isTooLarge else {
            self[id]?.call = nil
            self[id]?.isRequestOpen = false
            return .tooLarge(call, mustCancel: true)
        }
        return .deliver(call)
    }

    /// The caller took bytes of DATA: the credit to give back now, or nil until it is worth a
    /// frame.
    mutating func consumed(id: UInt32, bytes: Int) -> Int? {
        guard self[id]?.call != nil else { return nil }
        return entries[Int(id >> 1)]?.window.taken(bytes, sharing: &share)
    }

    // MARK: The end

    /// Nobody waits for the reply any more.
    ///
    /// Whether CANCEL is to be said.
    mutating func abandoned(id: UInt32) -> Bool {
        guard self[id]?.call != nil else { return false }
        self[id]?.call = nil
        self[id]?.isRequestOpen = false
        return true
    }

    mutating func goAwayReceived() {
        if phase == .open { phase = .draining }
    }

    /// Every call that waits for a reply; afterwards none does.
    mutating func closed() -> [Call] {
        phase = .closed
        let left = entries.compactMap { $0?.call }
        // The places stay: an upload that has not heard of the end yet may still name its own.
        entries = Array(repeating: nil, count: entries.count)
        free = []
        share.reset()
        return left
    }

    // MARK: Places

    private static func id(_ place: Int) -> UInt32 { UInt32(place) << 1 | 1 }

    private mutating func release(_ id: UInt32) {
        let place = Int(id >> 1)
        if let entry = entries[place] { share.giveBack(entry.window) }
        entries[place] = nil
        free.append(place)
    }

    private subscript(id: UInt32) -> Entry? {
        get {
            let place = Int(id >> 1)
            return id & 1 == 1 && place < entries.count ? entries[place] : nil
        }
        _modify {
            let place = Int(id >> 1)
            precondition(id & 1 == 1 && place < entries.count, "a call id that was never given")
            yield &entries[place]
        }
    }
}
