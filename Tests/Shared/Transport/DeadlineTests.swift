import Identity
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Protocol
import TestSupport
import Testing

@testable import Transport

@Suite("Deadlines and cancellation")
struct DeadlineTests {
    private static let hang = TestMethods.method("test.hang")

    /// A handler that ends only when it is cancelled, and says so.
    private static func hanging(_ ended: NIOLockedValueBox<Bool>) -> MethodBinding {
        MethodBinding(hang) { _ in
            defer { ended.withLockedValue { $0 = true } }
            try await Task.sleep(for: .seconds(60))
            return OutgoingReply(body: ByteBuffer())
        }
    }

    @Test("Cancelling a call cancels the handlers three hops away")
    func cancelThreeHops() async throws {
        let ended = NIOLockedValueBox(false)
        let last = try await RPCHarness(service: .ach, methods: [Self.hanging(ended)])
        let toLast = try last.client(to: .ach)
        let middle = try await RPCHarness(methods: [Self.forwarding(to: toLast)])
        let toMiddle = try middle.client()
        let first = try await RPCHarness(service: .batch, methods: [Self.forwarding(to: toMiddle)])
        let client = try first.client(to: .batch)
        let call = Task { try await client.call(Self.hang) }
        try await eventually("the last handler runs") {
            try await toLast.callsInFlight() > 0
        }
        call.cancel()
        let error = await refusal { try await call.value }
        #expect(error?.status == .cancelled)
        try await eventually("the last handler has ended") { ended.withLockedValue { $0 } }
        for client in [client, toMiddle, toLast] { await client.close() }
        for harness in [first, middle, last] { try await harness.stop() }
    }

    @Test("A deadline holds over three hops and ends every handler")
    func deadlineThreeHops() async throws {
        let ended = NIOLockedValueBox(false)
        let last = try await RPCHarness(service: .ach, methods: [Self.hanging(ended)])
        let toLast = try last.client(to: .ach)
        let middle = try await RPCHarness(methods: [Self.forwarding(to: toLast)])
        let toMiddle = try middle.client()
        let first = try await RPCHarness(service: .batch, methods: [Self.forwarding(to: toMiddle)])
        let client = try first.client(to: .batch)
        // Connections are made beforehand: it is the handlers' deadline that is looked at.
        for client in [client, toMiddle, toLast] { _ = try await client.callsInFlight() }
        let began = ContinuousClock.now
        let error = await refusal {
            try await client.call(Self.hang, options: CallOptions(timeout: .milliseconds(500)))
        }
        #expect(error?.status == .deadlineExceeded)
        #expect(error?.processed == .maybe)
        #expect(ContinuousClock.now - began < .seconds(5))
        try await eventually("the last handler has ended") { ended.withLockedValue { $0 } }
        for client in [client, toMiddle, toLast] { await client.close() }
        for harness in [first, middle, last] { try await harness.stop() }
    }

    private static func forwarding(to client: RPCClient) -> MethodBinding {
        MethodBinding(hang) { _ in
            OutgoingReply(body: try await client.call(hang).body)
        }
    }

    @Test("R-09: a call whose deadline passes before it is sent says that it was not processed")
    func notSent() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let tls = try harness.authority.clientContext(.client("demo"))
        let client = RPCClient(
            to: .posting,
            host: "127.0.0.1",
            port: 1,
            tls: tls,
            loop: harness.group.next(),
            logger: RPCHarness.quiet
        )
        let error = await refusal {
            try await client.call(
                TestMethods.echo,
                options: CallOptions(timeout: .milliseconds(200))
            )
        }
        #expect(error?.processed == .no)
        #expect(error?.status == .unavailable)
        #expect(error?.message.contains("cannot be reached") == true)
        await client.close()
        try await harness.stop()
    }

    @Test("R-09: a request that is cancelled while it waits for its turn is not begun")
    func cancelledWhileQueued() async throws {
        let ran = NIOLockedValueBox(0)
        let harness = try await RPCHarness(methods: [
            MethodBinding(TestMethods.echo) { _ in
                ran.withLockedValue { $0 += 1 }
                return OutgoingReply(body: ByteBuffer())
            }
        ])
        let peer = try await RawPeer.connected(to: harness)
        // Both frames in one read: CANCEL is seen before the handler's turn has come.
        var bytes = RawPeer.request(id: 1, method: TestMethods.echo.name)
        bytes.writeFrameHeader(FrameHeader(.cancel, callID: 1))
        try await peer.send(bytes)
        let reply = try await peer.next(.response)
        #expect(reply.header.code == RPCStatus.cancelled.rawValue)
        #expect(String(buffer: reply.body).contains(#""processed":"no""#))
        #expect(ran.withLockedValue { $0 } == 0)
        try await peer.close()
        try await harness.stop()
    }

    @Test("A cancelled call whose handler replies at length all the same keeps no place")
    func cancelledWithLargeReply() async throws {
        let large = TestMethods.method("test.large")
        let (running, gate) = (NIOLockedValueBox(0), NIOLockedValueBox(false))
        let harness = try await RPCHarness(methods: [
            TestMethods.echoBinding,
            MethodBinding(large) { _ in
                running.withLockedValue { $0 += 1 }
                // It does not heed that it was cancelled.
                while !gate.withLockedValue({ $0 }) { await Task.yield() }
                return OutgoingReply(body: patterned(100_000))
            },
        ])
        let client = try harness.client()
        let calls = (0..<ProtocolLimits.callsPerConnection).map { _ in
            Task { try await client.call(large) }
        }
        try await eventually("all handlers run") { running.withLockedValue { $0 } == calls.count }
        for call in calls { call.cancel() }
        for call in calls { #expect(await refusal { try await call.value }?.status == .cancelled) }
        gate.withLockedValue { $0 = true }
        let reply = try await client.call(
            TestMethods.echo,
            options: CallOptions(timeout: .seconds(10))
        )
        #expect(reply.body == ByteBuffer())
        #expect(try await client.callsInFlight() == 0)
        await client.close()
        try await harness.stop()
    }

    @Test("A reply that is cancelled midway ends at once")
    func cancelledMidway() async throws {
        let large = TestMethods.method("test.large")
        let harness = try await RPCHarness(methods: [
            MethodBinding(large) { _ in OutgoingReply(body: patterned(4 << 20)) }
        ])
        let peer = try await RawPeer.connected(to: harness)
        try await peer.send(RawPeer.request(id: 1, method: large.name))
        _ = try await peer.next(.response)
        try await peer.send(RawPeer.frame(.cancel, id: 1))
        let end = try await peer.next(.end)
        #expect(end.header.callID == 1)
        #expect(end.header.code == RPCStatus.cancelled.rawValue)
        try await peer.close()
        try await harness.stop()
    }

    @Test("No caller's deadline is later than the protocol allows")
    func deadlineIsClamped() async throws {
        let left = TestMethods.method("test.left")
        let harness = try await RPCHarness(methods: [
            MethodBinding(left) { call in
                let seconds = (call.deadline - .now()).nanoseconds / 1_000_000_000
                return OutgoingReply(body: ByteBuffer(string: String(seconds)))
            }
        ])
        let peer = try await RawPeer.connected(to: harness)
        try await peer.send(RawPeer.request(id: 1, method: left.name, timeout: .max))
        let seconds = Int(String(buffer: try await peer.next(.response).body))
        #expect(seconds.map { $0 <= ProtocolLimits.callSeconds } == true)
        try await peer.close()
        try await harness.stop()
    }

    @Test("Calls that share a deadline end together and harm nobody else")
    func sharedDeadline() async throws {
        let ended = NIOLockedValueBox(false)
        let harness = try await RPCHarness(methods: [
            TestMethods.echoBinding, Self.hanging(ended),
        ])
        let client = try harness.client()
        _ = try await client.callsInFlight()
        let innocent = Task { try await client.call(Self.hang) }
        for _ in 0..<5 {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        let error = await refusal {
                            try await client.call(
                                Self.hang,
                                options: CallOptions(timeout: .milliseconds(100))
                            )
                        }
                        #expect(error?.status == .deadlineExceeded)
                    }
                }
            }
        }
        try await eventually("only the innocent call is left") {
            try await client.callsInFlight() == 1
        }
        innocent.cancel()
        #expect(await refusal { try await innocent.value }?.status == .cancelled)
        await client.close()
        try await harness.stop()
    }

    @Test("A task that is cancelled before it calls gets its error at once")
    func cancelledBefore() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let client = try harness.client()
        let call = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.call(TestMethods.echo)
        }
        #expect(await refusal { try await call.value }?.status == .cancelled)
        await client.close()
        try await harness.stop()
    }

    @Test("A handler's error arrives as it was thrown, and an unknown one tells nothing")
    func errors() async throws {
        struct Secret: Error { let text = "SELECT * FROM account" }
        let broken = TestMethods.method("test.broken")
        let refused = TestMethods.method("test.refused")
        let thrown = RPCError(
            .failedPrecondition,
            reason: "why",
            message: "Because.",
            details: [.init(field: "/a", code: "c", message: "m")],
            retryAfterMilliseconds: 5
        )
        let harness = try await RPCHarness(methods: [
            MethodBinding(broken) { _ in throw Secret() },
            MethodBinding(refused) { _ in throw thrown },
        ])
        let client = try harness.client()
        #expect(await refusal { try await client.call(broken) } == .internal)
        #expect(await refusal { try await client.call(refused) } == thrown)
        await client.close()
        try await harness.stop()
    }
}

extension RPCClient {
    /// Calls in flight on the service's side, this one not counted.
    func callsInFlight() async throws -> Int {
        struct Line: Decodable { let calls_in_flight: Int }
        let reply = try await call(BuiltInMethods.connections)
        return try reply.decode([Line].self).map(\.calls_in_flight).reduce(0, +) - 1
    }
}
