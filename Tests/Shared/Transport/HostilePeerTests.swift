import Identity
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Protocol
import TestSupport
import Testing

@testable import Transport

@Suite("Hostile and broken peers")
struct HostilePeerTests {
    private static func frames() -> [(String, ByteBuffer)] {
        let echo = TestMethods.echo.name
        var twice = RawPeer.request(id: 1, method: echo, flags: [])
        twice.writeImmutableBuffer(RawPeer.request(id: 1, method: echo, flags: []))
        return [
            ("R-05: an id used twice", twice),
            ("R-05: an even id", RawPeer.request(id: 2, method: echo)),
            ("R-07: a reply sent as a request", RawPeer.frame(.response, id: 1)),
            ("R-07: a second HELLO", RawPeer.hello()),
            ("DATA for a call that does not exist", RawPeer.frame(.data, id: 9)),
            ("R-01: a length of 0", ByteBuffer(integer: UInt32(0))),
            ("R-01: a length above the limit", ByteBuffer(integer: UInt32(2 << 20))),
            ("HTTP", ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n")),
        ]
    }

    @Test(
        "R-01, R-05, R-07: whoever breaks the protocol is told why and closed; others are unharmed"
    )
    func violations() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let good = try harness.client()
        _ = try await good.call(TestMethods.echo)
        for (name, bytes) in Self.frames() {
            let peer = try await RawPeer.connected(to: harness)
            try await peer.send(bytes)
            let ending = try await peer.ending()
            #expect(ending.contains(#""reason":"protocol_error""#), "\(name)")
            _ = try await good.call(TestMethods.echo)
        }
        await good.close()
        try await harness.stop()
    }

    @Test(
        "R-07: a frame before HELLO ends the connection",
        arguments: [
            RawPeer.request(id: 1, method: TestMethods.echo.name), RawPeer.frame(.ping),
            RawPeer.frame(.goAway),
        ]
    )
    func beforeHello(frame: ByteBuffer) async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let peer = try await RawPeer.silent(to: harness)
        try await peer.send(frame)
        #expect(try await peer.ending().contains("before HELLO"))
        try await harness.stop()
    }

    @Test("R-05: a peer without a common version is told so")
    func version() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let peer = try await RawPeer.silent(to: harness)
        try await peer.send(RawPeer.hello(versions: "[7]"))
        #expect(try await peer.ending().contains("no common version"))
        try await harness.stop()
    }

    @Test(
        "R-05: an unknown method and a bad header document get an error, and the connection lives"
    )
    func callErrors() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let peer = try await RawPeer.connected(to: harness)
        try await peer.send(RawPeer.request(id: 1, method: "no.such"))
        #expect(try await peer.next(.response).header.code == RPCStatus.unimplemented.rawValue)
        for text in ["{", "[]", #"{"token":1}"#, #"{"token":"a","token":"b"}"#, "{} {}"] {
            var content = ByteBuffer(integer: UInt16(text.utf8.count))
            content.writeString(text)
            try await peer.send(
                RawPeer.frame(
                    .request,
                    flags: [.headerDocument, .endStream],
                    code: 1,
                    id: 3,
                    body: content
                )
            )
            let reply = try await peer.next(.response)
            #expect(reply.header.code == RPCStatus.invalidArgument.rawValue, "\(text)")
            #expect(reply.header.callID == 3)
        }
        try await peer.send(RawPeer.request(id: 3, method: TestMethods.echo.name))
        #expect(try await peer.next(.response).header.code == 0)
        try await peer.close()
        try await harness.stop()
    }

    @Test("A window that overflows ends the connection")
    func windowOverflow() async throws {
        let hang = TestMethods.method("test.hang")
        let harness = try await RPCHarness(methods: [
            MethodBinding(hang) { _ in
                try await Task.sleep(for: .seconds(60))
                return OutgoingReply(body: ByteBuffer())
            }
        ])
        let peer = try await RawPeer.connected(to: harness)
        var bytes = RawPeer.request(id: 1, method: hang.name)
        bytes.writeImmutableBuffer(RawPeer.frame(.window, id: 1, value: .max))
        try await peer.send(bytes)
        #expect(try await peer.ending().contains("overflows"))
        try await harness.stop()
    }

    @Test("R-08: more calls than the limit are refused at once with a time to wait")
    func tooManyCalls() async throws {
        let hang = TestMethods.method("test.hang")
        let running = NIOLockedValueBox(0)
        let harness = try await RPCHarness(methods: [
            MethodBinding(hang) { _ in
                running.withLockedValue { $0 += 1 }
                try await Task.sleep(for: .seconds(60))
                return OutgoingReply(body: ByteBuffer())
            }
        ])
        let peer = try await RawPeer.connected(to: harness)
        var bytes = ByteBuffer()
        for number in 0...UInt32(ProtocolLimits.callsPerConnection) {
            bytes.writeImmutableBuffer(RawPeer.request(id: number * 2 + 1, method: hang.name))
        }
        try await peer.send(bytes)
        let refusal = try await peer.next(.response)
        #expect(refusal.header.code == RPCStatus.resourceExhausted.rawValue)
        #expect(String(buffer: refusal.body).contains("retry_after_ms"))
        #expect(running.withLockedValue { $0 } <= ProtocolLimits.callsPerConnection)
        try await peer.close()
        try await harness.stop()
    }

    @Test("Two hundred CANCELs that crossed their replies harm nobody")
    func cancelsThatCross() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let peer = try await RawPeer.connected(to: harness)
        let ids = (0..<UInt32(200)).map { $0 * 2 + 1 }
        var requests = ByteBuffer()
        for id in ids {
            requests.writeImmutableBuffer(RawPeer.request(id: id, method: TestMethods.echo.name))
        }
        try await peer.send(requests)
        for _ in ids { _ = try await peer.next(.response) }
        var cancels = ByteBuffer()
        for id in ids { cancels.writeImmutableBuffer(RawPeer.frame(.cancel, id: id)) }
        cancels.writeImmutableBuffer(RawPeer.request(id: 1, method: TestMethods.echo.name))
        try await peer.send(cancels)
        #expect(try await peer.next(.response).header.code == 0)
        try await peer.close()
        try await harness.stop()
    }

    @Test("A connection that drains forgets the requests whose caller has closed its half")
    func halfCloseMidway() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let peer = try await RawPeer.connected(to: harness)
        try await peer.send(RawPeer.request(id: 1, method: "no.such", flags: []))
        _ = try await peer.next(.response)
        try await peer.closeOutput()
        // The request will never be ended: the server closes by itself.
        let error = await #expect(throws: ChannelError.self) { try await peer.next(.response) }
        #expect(error == .eof)
        try await harness.stop()
    }

    @Test("PING is answered with its own value")
    func ping() async throws {
        let harness = try await RPCHarness(methods: [])
        let peer = try await RawPeer.connected(to: harness)
        try await peer.send(RawPeer.frame(.ping, value: 4_711))
        #expect(try await peer.next(.pong).header.value == 4_711)
        try await peer.close()
        try await harness.stop()
    }

    @Test("A reply is not lost when the caller has closed its half meanwhile")
    func halfClose() async throws {
        let slow = TestMethods.method("test.slow")
        let gate = NIOLockedValueBox(false)
        let harness = try await RPCHarness(methods: [
            MethodBinding(slow) { _ in
                try await eventually("the gate opens") { gate.withLockedValue { $0 } }
                return OutgoingReply(body: ByteBuffer(string: "late"))
            }
        ])
        let peer = try await RawPeer.connected(to: harness)
        try await peer.send(RawPeer.request(id: 1, method: slow.name))
        try await peer.closeOutput()
        gate.withLockedValue { $0 = true }
        #expect(try await String(buffer: peer.next(.response).body) == "late")
        try await harness.stop()
    }

    @Test("S-08: a request that is cut off is never handled as a whole one")
    func truncated() async throws {
        let outcome = NIOLockedValueBox<String?>(nil)
        let harness = try await RPCHarness(methods: [
            MethodBinding(TestMethods.echo) { call in
                do {
                    _ = try await call.body.collect()
                    outcome.withLockedValue { $0 = "whole" }
                } catch {
                    outcome.withLockedValue { $0 = "broken" }
                    throw error
                }
                return OutgoingReply(body: ByteBuffer())
            }
        ])
        let peer = try await RawPeer.connected(to: harness)
        var bytes = RawPeer.request(id: 1, method: TestMethods.echo.name, flags: [])
        var data = RawPeer.frame(.data, flags: .endStream, id: 1, body: patterned(1_000))
        bytes.writeImmutableBuffer(data.readSlice(length: 500) ?? ByteBuffer())
        try await peer.send(bytes)
        try await peer.cutOff()
        try await eventually("the handler sees the end") { outcome.withLockedValue { $0 != nil } }
        #expect(outcome.withLockedValue { $0 } == "broken")
        try await harness.stop()
    }

    @Test("A request whose caller ends it with an error is never handled as a whole one")
    func endedWithError() async throws {
        let isWhole = NIOLockedValueBox(false)
        let harness = try await RPCHarness(methods: [
            MethodBinding(TestMethods.echo) { call in
                _ = try await call.body.collect()
                isWhole.withLockedValue { $0 = true }
                return OutgoingReply(body: ByteBuffer())
            }
        ])
        let peer = try await RawPeer.connected(to: harness)
        var bytes = RawPeer.request(id: 1, method: TestMethods.echo.name, flags: [])
        bytes.writeImmutableBuffer(RawPeer.frame(.data, id: 1, body: patterned(500)))
        bytes.writeImmutableBuffer(
            RawPeer.frame(.end, code: RPCStatus.unavailable.rawValue, id: 1)
        )
        try await peer.send(bytes)
        #expect(try await peer.next(.response).header.code == RPCStatus.cancelled.rawValue)
        #expect(!isWhole.withLockedValue { $0 })
        try await peer.close()
        try await harness.stop()
    }

    @Test("S-09: stalled handshakes are pushed out and lock nobody out")
    func stalledHandshakes() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        var stalled: [any Channel] = []
        for _ in 0..<(ProtocolLimits.handshakes + 20) {
            let channel = try await ClientBootstrap(group: harness.group)
                .connect(host: "127.0.0.1", port: harness.port)
                .get()
            stalled.append(channel)
        }
        let client = try harness.client()
        #expect(
            try await client.call(TestMethods.echo, options: CallOptions(timeout: .seconds(4))).body
                == ByteBuffer()
        )
        let first = stalled[0]
        try await eventually("the oldest is pushed out") { !first.isActive }
        for channel in stalled where channel.isActive { try await channel.close() }
        await client.close()
        try await harness.stop()
    }
}
