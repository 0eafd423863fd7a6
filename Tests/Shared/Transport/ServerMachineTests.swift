import NIOCore
import Protocol
import Testing

@testable import Transport

/// What an action was, in a form that can be compared.
private enum Did: Equatable, CustomTestStringConvertible {
    case judge, refuse, deliver, deliverEnd, tooLarge, discard, cancel, ignore, resume
    case close(ConnectionFault)

    var testDescription: String { "\(self)" }
}

/// The states of a call on the server: whether each half is open, and whether it exists at all.
private enum CallState: String, CaseIterable, Sendable {
    case beforeHello
    case unknown
    /// The request is whole, the handler works.
    case working
    /// The request's body still comes.
    case receiving
    /// Answered while the request's body still came.
    case answeredEarly
    case finished
}

@Suite("Server machine")
struct ServerMachineTests {
    private static let id: UInt32 = 5
    private static let hello = HelloDocument(service: "s", instance: "i", version: "v")

    private func machine(_ state: CallState) -> ServerMachine<String> {
        var machine = ServerMachine<String>()
        if state == .beforeHello { return machine }
        #expect(machine.helloReceived(Self.hello) == .ready)
        if state == .unknown { return machine }
        let isEnded = state == .working || state == .finished
        #expect(machine.requestReceived(id: Self.id, isEnded: isEnded, bodyBytes: 0) == .judge)
        machine.admitted("call", id: Self.id, limit: 1_000)
        if state == .answeredEarly || state == .finished {
            _ = machine.replyEnded(id: Self.id)
        }
        return machine
    }

    @Test(
        "REQUEST in every state",
        arguments: [
            (CallState.beforeHello, Did.close(.frameBeforeHello), 0),
            (.unknown, .judge, 1),
            (.working, .close(.callIDInUse(5)), 1),
            (.receiving, .close(.callIDInUse(5)), 1),
            (.answeredEarly, .close(.callIDInUse(5)), 1),
            (.finished, .judge, 1),
        ]
    )
    fileprivate func request(state: CallState, expected: Did, open: Int) {
        var machine = machine(state)
        let did: Did =
            switch machine.requestReceived(id: Self.id, isEnded: true, bodyBytes: 0) {
            case .judge: .judge
            case .refuse: .refuse
            case .close(let fault): .close(fault)
            }
        #expect(did == expected)
        #expect(machine.open == open)
    }

    @Test(
        "DATA in every state",
        arguments: [
            (CallState.beforeHello, Did.close(.frameBeforeHello), 0),
            (.unknown, .close(.unknownCall(5)), 0),
            (.working, .close(.dataAfterEnd(5)), 1),
            (.receiving, .deliver, 1),
            (.answeredEarly, .discard, 1),
            (.finished, .close(.unknownCall(5)), 0),
        ]
    )
    fileprivate func data(state: CallState, expected: Did, open: Int) {
        var machine = machine(state)
        #expect(Self.did(machine.dataReceived(id: Self.id, bytes: 10, isEnded: false)) == expected)
        #expect(machine.open == open)
    }

    @Test(
        "The last DATA in every state",
        arguments: [
            (CallState.receiving, Did.deliverEnd, 1),
            (.answeredEarly, .discard, 0),
        ]
    )
    fileprivate func lastData(state: CallState, expected: Did, open: Int) {
        var machine = machine(state)
        #expect(Self.did(machine.dataReceived(id: Self.id, bytes: 10, isEnded: true)) == expected)
        #expect(machine.open == open)
    }

    @Test(
        "CANCEL in every state",
        arguments: [
            (CallState.beforeHello, Did.close(.frameBeforeHello), 0),
            (.unknown, .ignore, 0),
            (.working, .cancel, 1),
            (.receiving, .cancel, 1),
            (.answeredEarly, .ignore, 0),
            (.finished, .ignore, 0),
        ]
    )
    fileprivate func cancel(state: CallState, expected: Did, open: Int) {
        var machine = machine(state)
        let did: Did =
            switch machine.cancelReceived(id: Self.id, at: .now()) {
            case .cancel: .cancel
            case .ignore: .ignore
            case .close(let fault): .close(fault)
            }
        #expect(did == expected)
        #expect(machine.open == open)
    }

    @Test(
        "WINDOW in every state",
        arguments: [
            (CallState.beforeHello, Did.close(.frameBeforeHello)),
            (.unknown, .ignore),
            (.working, .resume),
            (.receiving, .resume),
            (.answeredEarly, .ignore),
            (.finished, .ignore),
        ]
    )
    fileprivate func window(state: CallState, expected: Did) {
        var machine = machine(state)
        let did: Did =
            switch machine.windowReceived(id: Self.id, credit: 100) {
            case .resume: .resume
            case .ignore: .ignore
            case .close(let fault): .close(fault)
            }
        #expect(did == expected)
        let isOpen = state == .working || state == .receiving
        #expect(machine.credit(id: Self.id) == (isOpen ? ProtocolLimits.firstWindowBytes + 100 : 0))
    }

    @Test("The end of a reply is owed once", arguments: CallState.allCases)
    fileprivate func reply(state: CallState) {
        var machine = machine(state)
        let isOwed = state == .working || state == .receiving
        #expect(machine.replyEnded(id: Self.id) == isOwed)
        let isOwedAgain = machine.replyEnded(id: Self.id)
        #expect(!isOwedAgain)
    }

    @Test("HELLO comes once, and in a version that both speak")
    func helloRules() {
        var machine = ServerMachine<String>()
        var other = Self.hello
        other.versions = [2, 3]
        #expect(machine.helloReceived(other) == .close(.noCommonVersion))
        #expect(machine.helloReceived(Self.hello) == .ready)
        #expect(machine.helloReceived(Self.hello) == .close(.secondHello))
    }

    @Test("R-05: an even id is refused")
    func evenID() {
        var machine = machine(.unknown)
        #expect(
            machine.requestReceived(id: 4, isEnded: true, bodyBytes: 0)
                == .close(.invalidCallID(4))
        )
    }

    @Test("R-08: one call more than the limit is refused, and cancelling makes no room for it")
    func tooMany() {
        var machine = machine(.unknown)
        for number in 0..<UInt32(ProtocolLimits.callsPerConnection) {
            let id = number * 2 + 1
            #expect(machine.requestReceived(id: id, isEnded: true, bodyBytes: 0) == .judge)
            machine.admitted("call \(id)", id: id, limit: 10)
        }
        _ = machine.cancelReceived(id: 1, at: .now())
        #expect(
            machine.requestReceived(id: 100_001, isEnded: true, bodyBytes: 0)
                == .refuse(.tooManyCalls)
        )
        _ = machine.replyEnded(id: 100_001)
        _ = machine.replyEnded(id: 1)
        machine.handlerReturned()
        #expect(machine.requestReceived(id: 1, isEnded: true, bodyBytes: 0) == .judge)
    }

    @Test("Credit: what is sent beyond it, or lifts it beyond its bound, ends the connection")
    func credit() {
        var machine = machine(.receiving)
        machine.admitted("call", id: Self.id, limit: .max)
        let window = ProtocolLimits.firstWindowBytes
        #expect(Self.did(machine.dataReceived(id: 5, bytes: window, isEnded: false)) == .deliver)
        #expect(
            Self.did(machine.dataReceived(id: 5, bytes: 1, isEnded: false))
                == .close(.windowOverrun(5))
        )
        #expect(machine.consumed(id: 5, bytes: window / 4 - 1) == nil)
        #expect(machine.consumed(id: 5, bytes: 1) == window / 4 + window)
        #expect(Self.did(machine.dataReceived(id: 5, bytes: 9, isEnded: false)) == .deliver)
        guard case .close = machine.windowReceived(id: 5, credit: Int(UInt32.max)) else {
            Issue.record("a window above its bound was accepted")
            return
        }
    }

    @Test("A body above the method's limit is found when it passes the limit")
    func limit() {
        var machine = machine(.receiving)
        #expect(Self.did(machine.dataReceived(id: 5, bytes: 1_000, isEnded: false)) == .deliver)
        #expect(Self.did(machine.dataReceived(id: 5, bytes: 1, isEnded: false)) == .tooLarge)
    }

    @Test("CANCELs that cross their replies are honest, however many come at once")
    func cancelsThatCross() {
        var machine = machine(.unknown)
        let ids = (0..<UInt32(ProtocolLimits.callsPerConnection)).map { $0 * 2 + 1 }
        for id in ids {
            _ = machine.requestReceived(id: id, isEnded: true, bodyBytes: 0)
            machine.admitted("call", id: id, limit: 10)
        }
        for id in ids {
            _ = machine.replyEnded(id: id)
            machine.handlerReturned()
        }
        let now = NIODeadline.now()
        let closed = ids.filter { id in
            if case .close = machine.cancelReceived(id: id, at: now) { true } else { false }
        }
        #expect(closed.isEmpty)
        // Each call had its one: what comes now is a flood.
        let isNoticed = (0...ProtocolLimits.strayCancelsPerSecond).contains { _ in
            if case .close = machine.cancelReceived(id: 1, at: now) { true } else { false }
        }
        #expect(isNoticed)
    }

    @Test("A call is cancelled once; saying it again and again ends the connection")
    func cancelledTwice() {
        var machine = machine(.working)
        let now = NIODeadline.now()
        guard case .cancel = machine.cancelReceived(id: 5, at: now) else {
            Issue.record("the first CANCEL was not heard")
            return
        }
        for _ in 0..<ProtocolLimits.strayCancelsPerSecond {
            guard case .ignore = machine.cancelReceived(id: 5, at: now) else {
                Issue.record("a second CANCEL was not ignored")
                return
            }
        }
        guard case .close(.tooManyCancels) = machine.cancelReceived(id: 5, at: now) else {
            Issue.record("the flood was not noticed")
            return
        }
    }

    @Test("Requests that are refused and never ended do not pile up")
    func refusedAndNeverEnded() {
        var machine = machine(.unknown)
        machine.drainStarted()
        var refused = 0
        for number in 0..<UInt32(1_500_000) {
            switch machine.requestReceived(id: number * 2 + 1, isEnded: false, bodyBytes: 0) {
            case .refuse:
                refused += 1
                _ = machine.replyEnded(id: number * 2 + 1)
            case .close(let fault):
                #expect(fault == .tooManyOpenCalls(2 * ProtocolLimits.callsPerConnection))
                #expect(machine.open == refused)
                return
            case .judge:
                Issue.record("a request was judged while the connection drains")
                return
            }
        }
        Issue.record("\(machine.open) requests piled up")
    }

    @Test("Requests that are refused and then ended leave nothing behind")
    func refusedAndEnded() {
        var machine = machine(.unknown)
        machine.drainStarted()
        for number in 0..<UInt32(100_000) {
            let id = number * 2 + 1
            _ = machine.requestReceived(id: id, isEnded: false, bodyBytes: 0)
            _ = machine.replyEnded(id: id)
            guard case .ignore = machine.cancelReceived(id: id, at: .now()) else {
                Issue.record("an honest CANCEL was not ignored")
                return
            }
        }
        #expect(machine.open == 0)
    }

    @Test("The windows of all calls are bounded together, and each keeps its own first one")
    func sharedWindow() {
        var machine = machine(.unknown)
        let first = ProtocolLimits.firstWindowBytes
        let ids = (0..<UInt32(ProtocolLimits.callsPerConnection)).map { $0 * 2 + 1 }
        var allowed = 0
        for id in ids {
            _ = machine.requestReceived(id: id, isEnded: false, bodyBytes: 0)
            machine.admitted("call", id: id, limit: .max)
            allowed += first
        }
        for _ in 0..<4 {
            for id in ids {
                guard case .deliver = machine.dataReceived(id: id, bytes: first, isEnded: false)
                else {
                    Issue.record("call \(id) has not even its first window")
                    return
                }
                allowed += (machine.consumed(id: id, bytes: first) ?? 0) - first
            }
        }
        #expect(allowed == ProtocolLimits.connectionWindowBytes)
        #expect(machine.share.isShort)
        for id in ids {
            _ = machine.dataReceived(id: id, bytes: 0, isEnded: true)
            _ = machine.replyEnded(id: id)
        }
        #expect(machine.share.isWhole)
        #expect(!machine.share.isShort)
    }

    @Test("Bodies inside their REQUESTs count too: one too many is refused with a time to wait")
    func sharedWindowInline() {
        var machine = machine(.unknown)
        let bytes = ProtocolLimits.frameBytes - 100
        let answers = (0..<40).map { number in
            let id = UInt32(number) * 2 + 1
            let answer = machine.requestReceived(id: id, isEnded: true, bodyBytes: bytes)
            if answer == .judge { machine.admitted("call", id: id, limit: .max) }
            return answer
        }
        let admitted = answers.count { $0 == .judge }
        #expect(admitted * bytes < ProtocolLimits.connectionWindowBytes)
        #expect(admitted > 10)
        #expect(answers.last == .refuse(.tooManyBytes))
        _ = machine.replyEnded(id: 1)
        #expect(machine.requestReceived(id: 1, isEnded: true, bodyBytes: bytes) == .judge)
    }

    @Test("A flood of CANCELs that belong to no call ends the connection")
    func cancelFlood() {
        var machine = machine(.unknown)
        let now = NIODeadline.now()
        for _ in 0..<ProtocolLimits.strayCancelsPerSecond {
            guard case .ignore = machine.cancelReceived(id: 9, at: now) else {
                Issue.record("a stray CANCEL was not ignored")
                return
            }
        }
        guard case .close(.tooManyCancels) = machine.cancelReceived(id: 9, at: now) else {
            Issue.record("the flood was not noticed")
            return
        }
        guard case .ignore = machine.cancelReceived(id: 9, at: now + .seconds(2)) else {
            Issue.record("the count does not start again")
            return
        }
    }

    @Test("After GOAWAY calls underway go on and new ones are refused")
    func draining() {
        var machine = machine(.receiving)
        machine.drainStarted()
        #expect(
            machine.requestReceived(id: 7, isEnded: true, bodyBytes: 0) == .refuse(.draining)
        )
        #expect(Self.did(machine.dataReceived(id: 5, bytes: 1, isEnded: true)) == .deliverEnd)
    }

    @Test("At the end of the input only requests that are not whole are broken off")
    func inputEnded() {
        var machine = machine(.receiving)
        #expect(machine.requestReceived(id: 7, isEnded: true, bodyBytes: 0) == .judge)
        machine.admitted("whole", id: 7, limit: 10)
        #expect(machine.inputEnded() == ["call"])
        #expect(machine.open == 1)
        #expect(machine.closed() == ["whole"])
        #expect(machine.open == 0)
    }

    private static func did(_ action: ServerMachine<String>.OnData) -> Did {
        switch action {
        case .deliver(_, let isEnded): isEnded ? .deliverEnd : .deliver
        case .tooLarge: .tooLarge
        case .discard: .discard
        case .close(let fault): .close(fault)
        }
    }
}
