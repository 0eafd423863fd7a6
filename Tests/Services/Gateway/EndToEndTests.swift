import EdgeClient
import GatewayService
import HTTP2
import NIOConcurrencyHelpers
import NIOCore
import Testing

@Suite("The edge and its client over TLS", .serialized)
struct EndToEndTests {
    /// Reads bodies piece by piece and answers with their length.
    private let counting = ScriptedResponder { request in
        do {
            var count = 0
            for try await piece in request.body { count += piece.readableBytes }
            return .json(200, "\(count)", headers: [("x-path", request.target?.path ?? "")])
        } catch {
            return EdgeReply(400)
        }
    }

    private struct Pieces: AsyncSequence, Sendable {
        let count: Int
        let bytes: Int

        struct Iterator: AsyncIteratorProtocol {
            var left: Int
            let bytes: Int

            mutating func next() async throws -> ByteBuffer? {
                guard left > 0 else { return nil }
                left -= 1
                return ByteBuffer(repeating: 1, count: bytes)
            }
        }

        func makeAsyncIterator() -> Iterator { Iterator(left: count, bytes: bytes) }
    }

    @Test("A request and its answer, with and without a body")
    func simple() async throws {
        try await EdgeHarness.run(counting) { edge in
            let client = try edge.client()
            let empty = try await client.request("GET", "/a", headers: [("X-Test", "1")])
            #expect(empty.status == 200)
            #expect(String(buffer: empty.body) == "0")
            #expect(empty.header("x-path") == "/a")
            #expect(empty.header("x-request-id")?.count == 32)
            #expect(empty.header("content-type") == "application/json")
            let full = try await client.request(
                "POST",
                "/b",
                body: ByteBuffer(string: "ab")
            )
            #expect(String(buffer: full.body) == "2")
            await client.close()
        }
    }

    @Test("Twenty megabytes pass in pieces and are counted right")
    func upload() async throws {
        try await EdgeHarness.run(counting) { edge in
            let client = try edge.client()
            let pieces = Pieces(count: 320, bytes: 64 << 10)
            let answer = try await client.open("POST", "/big", body: pieces)
            let body = try await answer.body.collect(upTo: 100)
            #expect(String(buffer: body) == "\(20 << 20)")
            await client.close()
        }
    }

    @Test("An upload stops while nobody reads it, and other streams go on")
    func uploadBackPressure() async throws {
        let released = Gate()
        let seen = NIOLockedValueBox<InboundBody?>(nil)
        let holding = ScriptedResponder { request in
            guard request.target?.path == "/held" else { return EdgeReply(204) }
            seen.withLockedValue { $0 = request.body }
            await released.wait()
            let body = try? await request.body.collect(upTo: 64 << 20)
            return .json(200, "\(body?.readableBytes ?? -1)")
        }
        try await EdgeHarness.run(holding) { edge in
            let client = try edge.client()
            let upload = Task {
                let answer = try await client.open(
                    "POST",
                    "/held",
                    body: Pieces(count: 160, bytes: 64 << 10)
                )
                return try await answer.body.collect(upTo: 100)
            }
            let window = EdgeLimits().streamWindowBytes
            #expect(
                try await eventually {
                    seen.withLockedValue { $0?.receivedBytes } == window
                }
            )
            #expect(try await client.request("GET", "/other").status == 204)
            #expect(seen.withLockedValue { $0?.receivedBytes } == window)
            released.open()
            #expect(String(buffer: try await upload.value) == "\(10 << 20)")
            await client.close()
        }
    }

    @Test("A download stops while nobody reads it, and arrives whole when read")
    func downloadBackPressure() async throws {
        let written = NIOLockedValueBox(0)
        let streaming = ScriptedResponder { _ in
            EdgeReply(
                200,
                body: .pieces { target in
                    for _ in 0..<512 {
                        try await target.write(ByteBuffer(repeating: 7, count: 64 << 10))
                        written.withLockedValue { $0 += 64 << 10 }
                    }
                }
            )
        }
        try await EdgeHarness.run(streaming) { edge in
            let client = try edge.client()
            let answer = try await client.open("GET", "/big")
            // Four megabytes of window, then what the server may hold for one stream.
            #expect(try await eventually { written.withLockedValue { $0 } >= 4 << 20 })
            let other = try await client.open("GET", "/big")
            #expect(other.status == 200)
            #expect(try await eventually { written.withLockedValue { $0 } >= 8 << 20 })
            #expect(written.withLockedValue { $0 } <= 2 * (5 << 20))
            var count = 0
            for try await piece in answer.body { count += piece.readableBytes }
            #expect(count == 32 << 20)
            await client.close()
        }
    }

    @Test("Many requests share one connection")
    func concurrency() async throws {
        try await EdgeHarness.run(counting) { edge in
            let client = try edge.client()
            try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let answer = try await client.request("GET", "/\(number)")
                        return answer.header("x-path") ?? ""
                    }
                }
                var paths: Set<String> = []
                for try await path in group { paths.insert(path) }
                #expect(paths.count == 500)
            }
            #expect(edge.server.connectionCount == 1)
            await client.close()
        }
    }

    @Test("An answer that does not wait for the body reaches a client that still sends")
    func earlyAnswer() async throws {
        let refusing = ScriptedResponder { _ in .json(413, "too large") }
        try await EdgeHarness.run(refusing) { edge in
            let client = try edge.client()
            let answer = try await client.open(
                "POST",
                "/x",
                body: Pieces(count: 320, bytes: 64 << 10)
            )
            #expect(answer.status == 413)
            #expect(String(buffer: try await answer.body.collect(upTo: 100)) == "too large")
            #expect(try await client.request("GET", "/y").status == 413)
            await client.close()
        }
    }

    @Test("An answer that breaks off is an error, never a short body")
    func brokenAnswer() async throws {
        let breaking = ScriptedResponder { _ in
            EdgeReply(
                200,
                body: .pieces { target in
                    try await target.write(ByteBuffer(string: "half"))
                    throw BodyTooLarge(limit: 0)
                }
            )
        }
        try await EdgeHarness.run(breaking) { edge in
            let client = try edge.client()
            await #expect(throws: EdgeClientError.reset(code: HTTP2Code.internalError)) {
                _ = try await client.request("GET", "/x")
            }
            await client.close()
        }
    }

    @Test("H-16: a client that goes away cancels its handler")
    func clientGone() async throws {
        let cancelled = NIOLockedValueBox(false)
        let begun = NIOLockedValueBox(false)
        let waiting = ScriptedResponder { _ in
            begun.withLockedValue { $0 = true }
            await Gate().wait()
            cancelled.withLockedValue { $0 = Task.isCancelled }
            return EdgeReply(204)
        }
        try await EdgeHarness.run(waiting) { edge in
            let client = try edge.client()
            let request = Task { try await client.request("GET", "/x") }
            #expect(try await eventually { begun.withLockedValue { $0 } })
            request.cancel()
            #expect(try await eventually { cancelled.withLockedValue { $0 } })
            await #expect(throws: EdgeClientError.reset(code: HTTP2Code.cancel)) {
                try await request.value
            }
            #expect(
                try await eventually {
                    waiting.records.withLockedValue { $0.map(\.isAborted) } == [true]
                }
            )
            await client.close()
        }
    }

    @Test("A connection too many is closed; the others go on")
    func connectionLimit() async throws {
        var limits = EdgeLimits()
        limits.maximumConnections = 1
        try await EdgeHarness.run(counting, limits: limits) { edge in
            let first = try edge.client()
            #expect(try await first.request("GET", "/a").status == 200)
            let second = try edge.client()
            await #expect(throws: EdgeClientError.self) {
                _ = try await second.request("GET", "/a")
            }
            #expect(try await first.request("GET", "/a").status == 200)
            await first.close()
        }
    }

    @Test("Shutting down lets what runs end")
    func draining() async throws {
        let released = Gate()
        let begun = NIOLockedValueBox(false)
        let holding = ScriptedResponder { _ in
            begun.withLockedValue { $0 = true }
            await released.wait()
            return EdgeReply(204)
        }
        try await EdgeHarness.run(holding) { edge in
            let client = try edge.client()
            async let answer = client.request("GET", "/x")
            #expect(try await eventually { begun.withLockedValue { $0 } })
            async let ended: Void = edge.server.shutdown(graceSeconds: 10)
            released.open()
            #expect(try await answer.status == 204)
            await ended
            #expect(edge.server.connectionCount == 0)
        }
    }

    @Test("The client connects again after its connection has ended")
    func reconnecting() async throws {
        var limits = EdgeLimits()
        limits.idleTimeout = .milliseconds(500)
        limits.sweepInterval = .milliseconds(10)
        try await EdgeHarness.run(counting, limits: limits) { edge in
            let client = try edge.client()
            #expect(try await client.request("GET", "/a").status == 200)
            #expect(try await eventually { edge.server.connectionCount == 0 })
            #expect(try await client.request("GET", "/b").status == 200)
            await client.close()
        }
    }

    @Test("S-09: a client that never shakes hands is cut off")
    func stalledHandshake() async throws {
        var limits = EdgeLimits()
        limits.handshakeTimeout = .milliseconds(50)
        try await EdgeHarness.run(counting, limits: limits) { edge in
            let client = try await edge.plainClient()
            client.send("half a hello")
            #expect(try await eventually { client.isClosed })
            #expect(try await eventually { edge.server.connectionCount == 0 })
        }
    }
}
