import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Protocol
import Testing

@testable import Transport

/// Bytes whose value depends on their place, so that a lost or doubled piece shows.
func patterned(_ count: Int) -> ByteBuffer {
    let block = [UInt8]((0..<4_093).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 5) })
    var buffer = ByteBufferAllocator().buffer(capacity: count + 4_101)
    while buffer.readableBytes < count {
        buffer.writeInteger(UInt64(buffer.readableBytes))
        buffer.writeBytes(block)
    }
    return buffer.getSlice(at: 0, length: count) ?? ByteBuffer()
}

/// Cuts a buffer into pieces of a size, as a body that comes from elsewhere.
struct Pieces: AsyncSequence, Sendable {
    let whole: ByteBuffer
    let size: Int

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ByteBuffer
        let size: Int

        mutating func next() async throws -> ByteBuffer? {
            rest.readableBytes == 0
                ? nil : rest.readSlice(length: Swift.min(size, rest.readableBytes))
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: whole, size: size) }
}

@Suite("Bodies")
struct BodyTests {
    private static let streamBack = TestMethods.method("test.stream_back")
    private static let streamBackBinding = MethodBinding(streamBack) { call in
        let body = call.body
        return OutgoingReply(metadata: ["kind": .string("stream")]) { writer in
            for try await piece in body { try await writer.write(piece) }
        }
    }

    @Test(
        "A body of any size comes back whole, inline or in pieces",
        arguments: [0, 1, 4_096, 65_536, 65_537, 131_072, 524_288, 3_000_001]
    )
    func echo(size: Int) async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let client = try harness.client()
        let body = patterned(size)
        let reply = try await client.call(TestMethods.echo, body: body)
        #expect(reply.body == body)
        let uploaded = try await client.open(
            TestMethods.echo,
            bodyStream: Pieces(whole: body, size: 10_000),
            expectedBytes: size
        )
        #expect(uploaded.body == body)
        await client.close()
        try await harness.stop()
    }

    @Test("64 MiB go up and down while small calls pass in between")
    func large() async throws {
        let harness = try await RPCHarness(
            threads: 2,
            methods: [TestMethods.echoBinding, Self.streamBackBinding]
        )
        let client = try harness.client()
        let body = patterned(64 << 20)
        let isDone = NIOLockedValueBox(false)
        // On a loop, so that other tests that keep the pool busy do not stop it.
        let small = Task(executorPreference: LoopExecutor.of(harness.group.next())) {
            var count = 0
            while !isDone.withLockedValue({ $0 }) {
                let reply = try await client.call(TestMethods.echo, body: ByteBuffer(string: "s"))
                if String(buffer: reply.body) == "s" { count += 1 }
            }
            return count
        }
        let reply = try await client.open(
            Self.streamBack,
            bodyStream: Pieces(whole: body, size: 200_000),
            expectedBytes: nil
        )
        isDone.withLockedValue { $0 = true }
        #expect(reply.body == body)
        #expect(reply.metadata["kind"] == .string("stream"))
        #expect(try await small.value > 3)
        await client.close()
        try await harness.stop()
    }

    @Test("Many large bodies share a connection, and each gets through")
    func manyLarge() async throws {
        let harness = try await RPCHarness(
            threads: 2,
            methods: [TestMethods.echoBinding, Self.streamBackBinding]
        )
        let client = try harness.client()
        let size = 3_333_333
        let results = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<12 {
                let body = patterned(size + number)
                group.addTask {
                    let reply =
                        number % 2 == 0
                        ? try await client.call(TestMethods.echo, body: body)
                        : try await client.open(
                            Self.streamBack,
                            bodyStream: Pieces(whole: body, size: 77_777),
                            expectedBytes: nil
                        )
                    return reply.body == body
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count == 12)
        #expect(results.allSatisfy { $0 })
        await client.close()
        try await harness.stop()
    }

    @Test("A streamed reply can be read piece by piece, and left")
    func stream() async throws {
        let endless = TestMethods.method("test.endless", maximumReplyBytes: .max)
        let isStopped = NIOLockedValueBox(false)
        let harness = try await RPCHarness(methods: [
            MethodBinding(endless) { _ in
                OutgoingReply { writer in
                    defer { isStopped.withLockedValue { $0 = true } }
                    while true { try await writer.write(ByteBuffer(repeating: 7, count: 100_000)) }
                }
            }
        ])
        let client = try harness.client()
        var taken = 0
        do {
            let stream = try await client.stream(endless)
            for try await piece in stream {
                taken += piece.readableBytes
                if taken > 2_000_000 { break }
            }
        }
        try await eventually("the writer is stopped") { isStopped.withLockedValue { $0 } }
        #expect(taken > 2_000_000)
        await client.close()
        try await harness.stop()
    }

    @Test("A reader that takes nothing holds its writer to one window")
    func slowReader() async throws {
        let endless = TestMethods.method("test.endless", maximumReplyBytes: .max)
        let written = NIOLockedValueBox(0)
        let harness = try await RPCHarness(methods: [
            TestMethods.echoBinding,
            MethodBinding(endless) { _ in
                OutgoingReply { writer in
                    while true {
                        try await writer.write(ByteBuffer(repeating: 7, count: 65_536))
                        written.withLockedValue { $0 += 65_536 }
                    }
                }
            },
        ])
        let client = try harness.client()
        let stream = try await client.stream(endless)
        try await eventually("the window is full") {
            written.withLockedValue { $0 } >= ProtocolLimits.firstWindowBytes - 65_536
        }
        for _ in 0..<50 { _ = try await client.call(TestMethods.echo) }
        #expect(written.withLockedValue { $0 } <= ProtocolLimits.firstWindowBytes + 65_536)
        let iterator = stream.makeAsyncIterator()
        var taken = 0
        while taken < 1 << 20, let piece = try await iterator.next() {
            taken += piece.readableBytes
        }
        try await eventually("the writer goes on") {
            written.withLockedValue { $0 } > ProtocolLimits.firstWindowBytes + 65_536
        }
        await client.close()
        try await harness.stop()
    }

    @Test("A slow handler holds its caller to one window")
    func slowHandler() async throws {
        let slow = TestMethods.method("test.slow")
        let gate = NIOLockedValueBox(false)
        let harness = try await RPCHarness(methods: [
            MethodBinding(slow) { call in
                try await eventually("the gate opens") { gate.withLockedValue { $0 } }
                return OutgoingReply(body: try await call.body.collect())
            }
        ])
        let client = try harness.client()
        let given = NIOLockedValueBox(0)
        let body = patterned(4 << 20)
        let pieces = Pieces(whole: body, size: 65_536)
        let counted = CountedPieces(pieces: pieces, given: given)
        async let reply = client.open(slow, bodyStream: counted, expectedBytes: nil)
        try await eventually("the window is full") {
            given.withLockedValue { $0 } >= ProtocolLimits.firstWindowBytes
        }
        #expect(given.withLockedValue { $0 } <= ProtocolLimits.firstWindowBytes + 2 * 65_536)
        gate.withLockedValue { $0 = true }
        #expect(try await reply.body == body)
        await client.close()
        try await harness.stop()
    }

    @Test("A body above the method's limit is refused at both ends, with the limit in the message")
    func tooLarge() async throws {
        let small = TestMethods.method("test.small", maximumRequestBytes: 1 << 20)
        let harness = try await RPCHarness(methods: [
            MethodBinding(small) { call in OutgoingReply(body: try await call.body.collect()) }
        ])
        let client = try harness.client()
        let body = patterned(1 << 21)
        let atCaller = await refusal { try await client.call(small, body: body) }
        #expect(atCaller?.status == .outOfRange)
        let atServer = await refusal {
            try await client.open(
                small,
                bodyStream: Pieces(whole: body, size: 50_000),
                expectedBytes: nil
            )
        }
        #expect(atServer?.status == .outOfRange)
        #expect(atServer?.reason == "body_too_large")
        #expect(atServer?.message.contains("1048576") == true)
        #expect(try await client.call(small, body: patterned(9)).body == patterned(9))
        await client.close()
        try await harness.stop()
    }

    @Test("A reply above the method's limit becomes an error, whole or streamed")
    func replyTooLarge() async throws {
        let whole = TestMethods.method("test.whole", maximumReplyBytes: 1_000)
        let streamed = TestMethods.method("test.streamed", maximumReplyBytes: 1_000)
        let harness = try await RPCHarness(methods: [
            MethodBinding(whole) { _ in OutgoingReply(body: patterned(1_001)) },
            MethodBinding(streamed) { _ in
                OutgoingReply { writer in
                    for _ in 0..<3 { try await writer.write(patterned(400)) }
                }
            },
        ])
        let client = try harness.client()
        #expect(await refusal { try await client.call(whole) }?.reason == "reply_too_large")
        #expect(await refusal { try await client.call(streamed) }?.reason == "reply_too_large")
        await client.close()
        try await harness.stop()
    }
}

/// Counts the bytes that the transport has asked for.
struct CountedPieces: AsyncSequence, Sendable {
    let pieces: Pieces
    let given: NIOLockedValueBox<Int>

    struct AsyncIterator: AsyncIteratorProtocol {
        var pieces: Pieces.AsyncIterator
        let given: NIOLockedValueBox<Int>

        mutating func next() async throws -> ByteBuffer? {
            let piece = try await pieces.next()
            given.withLockedValue { $0 += piece?.readableBytes ?? 0 }
            return piece
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pieces: pieces.makeAsyncIterator(), given: given)
    }
}

/// The error that a call ends with; nil where it succeeds.
func refusal<R>(_ call: () async throws -> R) async -> RPCError? {
    do {
        _ = try await call()
        return nil
    } catch {
        return error as? RPCError
    }
}
