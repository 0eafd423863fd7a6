import NIOCore
import Protocol
import Testing

@testable import Transport

private enum Did: Equatable, CustomTestStringConvertible {
    case deliver
    case finish(mustCancel: Bool)
    case tooLarge(mustCancel: Bool)
    case discard(mustCancel: Bool)
    case close(ConnectionFault)

    var testDescription: String { "\(self)" }
}

private enum CallState: Sendable {
    case beforeHello
    case unknown
    /// The request is whole, no reply has come.
    case waiting
    /// The request's body is still being sent.
    case sending
    /// The reply has begun.
    case receiving
    /// Cancelled by us; the server has not said its last word.
    case abandoned
}

@Suite("Client machine")
struct ClientMachineTests {
    private static let hello = HelloDocument(service: "s", instance: "i", version: "v")

    private func machine(_ state: CallState) -> ClientMachine<String> {
        var machine = ClientMachine<String>()
        if state == .beforeHello { return machine }
        #expect(machine.helloReceived(Self.hello) == .ready)
        if state == .unknown { return machine }
        let id = machine.opened("call", isRequestEnded: state != .sending, replyLimit: 1_000)
        #expect(id == 1)
        if state == .receiving {
            _ = machine.responseReceived(id: 1, bytes: 0, isEnded: false)
        }
        if state == .abandoned { _ = machine.abandoned(id: 1) }
        return machine
    }

    @Test(
        "A whole RESPONSE in every state",
        arguments: [
            (CallState.beforeHello, Did.close(.frameBeforeHello)),
            (.unknown, .close(.unknownCall(1))),
            (.waiting, .finish(mustCancel: false)),
            (.sending, .finish(mustCancel: true)),
            (.receiving, .close(.dataAfterEnd(1))),
            (.abandoned, .discard(mustCancel: false)),
        ]
    )
    fileprivate func response(state: CallState, expected: Did) {
        var machine = machine(state)
        #expect(Self.did(machine.responseReceived(id: 1, bytes: 3, isEnded: true)) == expected)
        if case .close = expected { return }
        #expect(machine.open == 0)
    }

    @Test(
        "DATA in every state",
        arguments: [
            (CallState.beforeHello, Did.close(.frameBeforeHello)),
            (.unknown, .close(.unknownCall(1))),
            (.waiting, .close(.unknownCall(1))),
            (.sending, .close(.unknownCall(1))),
            (.receiving, .deliver),
        ]
    )
    fileprivate func data(state: CallState, expected: Did) {
        var machine = machine(state)
        #expect(Self.did(machine.dataReceived(id: 1, bytes: 3, isEnded: false)) == expected)
    }

    @Test("A place is given again only after the server's last word")
    func places() {
        var machine = machine(.abandoned)
        #expect(machine.opened("second", isRequestEnded: true, replyLimit: 10) == 3)
        _ = machine.responseReceived(id: 1, bytes: 0, isEnded: true)
        #expect(machine.opened("third", isRequestEnded: true, replyLimit: 10) == 1)
        #expect(machine.open == 2)
    }

    @Test("No more calls are opened than the server said")
    func limit() {
        var machine = ClientMachine<String>()
        var hello = Self.hello
        hello.limits.calls = 2
        #expect(!machine.canOpen)
        #expect(machine.helloReceived(hello) == .ready)
        _ = machine.opened("a", isRequestEnded: true, replyLimit: 10)
        #expect(machine.canOpen)
        _ = machine.opened("b", isRequestEnded: true, replyLimit: 10)
        #expect(!machine.canOpen)
        machine.goAwayReceived()
        _ = machine.responseReceived(id: 1, bytes: 0, isEnded: true)
        #expect(!machine.canOpen)
        #expect(machine.closed() == ["b"])
    }

    @Test("An upload that goes on after the connection has ended does no harm")
    func uploadAfterTheEnd() {
        var machine = machine(.sending)
        #expect(machine.closed() == ["call"])
        machine.dataSent(id: 1, bytes: 10, isEnded: true)
        #expect(machine.credit(id: 1) == 0)
        let isToCancel = machine.abandoned(id: 1)
        #expect(!isToCancel)
        #expect(machine.closed().isEmpty)
    }

    @Test("A reply above its limit is found, and cancelled where it goes on")
    func tooLarge() {
        var machine = machine(.receiving)
        #expect(
            Self.did(machine.dataReceived(id: 1, bytes: 1_001, isEnded: false))
                == .tooLarge(mustCancel: true)
        )
        #expect(
            Self.did(machine.dataReceived(id: 1, bytes: 1, isEnded: true))
                == .discard(mustCancel: false)
        )
    }

    @Test("Credit is counted both ways")
    func credit() {
        var machine = machine(.sending)
        machine.dataSent(id: 1, bytes: ProtocolLimits.firstWindowBytes, isEnded: false)
        #expect(machine.credit(id: 1) == 0)
        guard case .resume = machine.windowReceived(id: 1, credit: 5) else {
            Issue.record("credit did not resume the call")
            return
        }
        #expect(machine.credit(id: 1) == 5)
        _ = machine.responseReceived(id: 1, bytes: 0, isEnded: false)
        #expect(
            Self.did(
                machine.dataReceived(
                    id: 1,
                    bytes: ProtocolLimits.firstWindowBytes + 1,
                    isEnded: false
                )
            ) == .close(.windowOverrun(1))
        )
    }

    private static func did(_ action: ClientMachine<String>.OnReply) -> Did {
        switch action {
        case .deliver: .deliver
        case .finish(_, let mustCancel): .finish(mustCancel: mustCancel)
        case .tooLarge(_, let mustCancel): .tooLarge(mustCancel: mustCancel)
        case .discard(let mustCancel): .discard(mustCancel: mustCancel)
        case .close(let fault): .close(fault)
        }
    }
}
