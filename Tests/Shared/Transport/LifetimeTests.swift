import Identity
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Protocol
import TestSupport
import Testing

@testable import Transport

@Suite("Connections over time")
struct LifetimeTests {
    @Test("A client finds its service again after a restart")
    func restart() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let client = try harness.client()
        _ = try await client.call(TestMethods.echo)
        await harness.server.shutdown(graceSeconds: 1)
        let down = await refusal {
            try await client.call(
                TestMethods.echo,
                options: CallOptions(timeout: .milliseconds(300))
            )
        }
        #expect(down?.processed == .no)
        let again = RPCServer(
            service: .posting,
            instance: "test-2",
            version: "0",
            tls: try harness.authority.serverContext(.posting),
            methods: [TestMethods.echoBinding],
            group: harness.group,
            logger: RPCHarness.quiet,
            health: { ServiceHealth(reasons: []) },
            onRefusal: { _ in }
        )
        let waiting = Task {
            try await client.call(TestMethods.echo, options: CallOptions(timeout: .seconds(10)))
        }
        _ = try await again.start(host: "127.0.0.1", port: harness.port)
        _ = try await waiting.value
        await client.close()
        await again.shutdown(graceSeconds: 0)
        try await harness.stop()
    }

    @Test("A shutdown lets calls underway finish and refuses none that were begun")
    func drain() async throws {
        let slow = TestMethods.method("test.slow")
        let hasBegun = NIOLockedValueBox(false)
        let mayEnd = NIOLockedValueBox(false)
        let harness = try await RPCHarness(methods: [
            MethodBinding(slow) { _ in
                hasBegun.withLockedValue { $0 = true }
                try await eventually("the gate opens") { mayEnd.withLockedValue { $0 } }
                return OutgoingReply(body: ByteBuffer(string: "done"))
            }
        ])
        let client = try harness.client()
        let call = Task { try await client.call(slow) }
        try await eventually("the call is underway") { hasBegun.withLockedValue { $0 } }
        async let stopped: Void = harness.server.shutdown(graceSeconds: 20)
        try await eventually("new calls are refused") {
            await refusal {
                try await client.call(slow, options: CallOptions(timeout: .milliseconds(100)))
            } != nil
        }
        mayEnd.withLockedValue { $0 = true }
        #expect(String(buffer: try await call.value.body) == "done")
        await stopped
        await client.close()
        try await harness.stop()
    }

    @Test("Calls that were cancelled while they waited take no room from those that wait")
    func cancelledWhileWaiting() async throws {
        let harness = try await RPCHarness(methods: [])
        let client = RPCClient(
            to: .posting,
            host: "127.0.0.1",
            port: 1,
            tls: try harness.authority.clientContext(.client("demo")),
            loop: harness.group.next(),
            logger: RPCHarness.quiet
        )
        let first = Task { try await client.call(TestMethods.echo) }
        for _ in 0..<3 {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2_000 {
                    group.addTask {
                        let error = await refusal { try await client.call(TestMethods.echo) }
                        #expect(error?.status == .cancelled)
                    }
                }
                group.cancelAll()
            }
        }
        let waiting = Task {
            try await client.call(
                TestMethods.echo,
                options: CallOptions(timeout: .milliseconds(300))
            )
        }
        #expect(await refusal { try await waiting.value }?.reason == "not_connected")
        await client.close()
        #expect(await refusal { try await first.value }?.reason == "client_closed")
        try await harness.stop()
    }

    @Test("Silence is met with PING, and silence after that with the end")
    func keepalive() {
        let start = NIODeadline.now()
        var keepalive = Keepalive(now: start)
        #expect(keepalive.ticked(at: start + .seconds(19), isBusy: true) == .nothing)
        #expect(keepalive.ticked(at: start + .seconds(20), isBusy: false) == .nothing)
        #expect(keepalive.ticked(at: start + .seconds(20), isBusy: true) == .ping)
        #expect(keepalive.ticked(at: start + .seconds(30), isBusy: true) == .nothing)
        #expect(
            keepalive.ticked(at: start + .seconds(31), isBusy: true) == .close(.pongTimedOut)
        )
        keepalive.bytesReceived(at: start + .seconds(31))
        #expect(keepalive.ticked(at: start + .seconds(90), isBusy: false) == .nothing)
        #expect(keepalive.ticked(at: start + .seconds(91), isBusy: false) == .ping)
    }

    @Test("A reader that makes no progress for 30 seconds, or lets too much pile up, is given up")
    func stall() {
        let start = NIODeadline.now()
        var watch = StallWatch()
        let steps: [(unsent: Int, seconds: Int64)] = [
            (1_000, 0), (1_000, 29), (999, 30), (1_500, 60), (1_500, 61),
        ]
        let verdicts = steps.map { step in
            watch.ticked(unsent: step.unsent, at: start + .seconds(step.seconds))
        }
        #expect(verdicts == [false, false, false, false, true])
        var full = StallWatch()
        let isGivenUp = full.ticked(unsent: ProtocolLimits.outboundMaximumBytes + 1, at: start)
        #expect(isGivenUp)
    }

    @Test("The wait before the next connect grows to two seconds and no further")
    func backoff() {
        var backoff = ConnectBackoff()
        var longest = TimeAmount.zero
        for _ in 0..<200 { longest = max(longest, backoff.failed()) }
        #expect(longest <= .seconds(2))
        #expect(longest > .seconds(1))
        backoff.succeeded()
        #expect(backoff.failed() <= .milliseconds(50))
    }
}
