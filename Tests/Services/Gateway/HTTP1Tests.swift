import GatewayService
import HTTP2
import NIOConcurrencyHelpers
import NIOCore
import Testing

@Suite("HTTP/1.1 at the edge", .serialized)
struct HTTP1Tests {
    private static let host = "Host: localhost\r\n"
    private static let post = "POST /x HTTP/1.1\r\n" + host
    private static let next = "GET /next HTTP/1.1\r\n" + host + "\r\n"

    /// What a refusing answer waits for is not what is tested here.
    private var limits: EdgeLimits {
        var limits = EdgeLimits()
        limits.lingerTimeout = .milliseconds(20)
        return limits
    }

    /// Reads each body whole and says how long it was.
    private let echo = ScriptedResponder { request in
        if let fault = request.headFault {
            return EdgeReply(fault == .headersTooLarge ? 431 : 400)
        }
        do {
            let body = try await request.body.collect(upTo: 1 << 20)
            let path = request.target?.path ?? ""
            return .json(200, "\(request.method.rawValue) \(path) \(body.readableBytes)")
        } catch {
            return EdgeReply(400)
        }
    }

    @Test(
        "H-10: requests that two readers could cut differently are 400 and the end",
        arguments: [
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
            "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
            "Content-Length: 0, 0\r\n\r\n", "Content-Length: +0\r\n\r\n",
            "Content-Length: -1\r\n\r\n", "Content-Length: 0x0\r\n\r\n",
            "Content-Length: 99999999999999999999\r\n\r\n", "Content-Length: \r\n\r\n",
            "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: \u{0B}chunked\r\n\r\n0\r\n\r\n",
            "X: y\nContent-Length: 0\r\n\r\n", "Content-Length: 0\n\n",
            "X: y\rContent-Length: 0\r\n\r\n", "X: y\r\n z\r\n\r\n",
            "Content-Length : 0\r\n\r\n", "X y: 0\r\n\r\n", "X: a\u{0}b\r\n\r\n", ": x\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
            "Transfer-Encoding: chunked\r\n\r\n1\nA\n0\n\n",
            "Transfer-Encoding: chunked\r\n\r\n1\r\nAB\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        ]
    )
    func smuggling(rest: String) async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(Self.post + rest + Self.next)
            #expect(try await eventually { client.isClosed })
            #expect(client.statuses == [400])
            #expect(client.text.contains("connection: close"))
        }
    }

    @Test("H-10: HTTP/1.0 has no chunks")
    func chunksInOldVersion() async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(
                "POST /x HTTP/1.0\r\n" + Self.host
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Self.next
            )
            #expect(try await eventually { client.isClosed })
            #expect(client.statuses == [400])
        }
    }

    @Test("H-10: a chunk extension without end is refused")
    func chunkExtensions() async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(Self.post + "Transfer-Encoding: chunked\r\n\r\n1;")
            client.send(String(repeating: "a", count: 600_000))
            #expect(try await eventually { client.statuses == [400] })
            #expect(try await eventually { client.isClosed })
        }
    }

    @Test(
        "Heads that are no HTTP/1.1 request are refused",
        arguments: [
            "GET /x HTTP/1.1\r\n\r\n", "GET /x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost: a b\r\n\r\n",
            "GET https://localhost/x HTTP/1.1\r\n" + host + "\r\n",
            "CONNECT localhost:1 HTTP/1.1\r\n" + host + "\r\n",
            "get /x HTTP/1.1\r\n" + host + "\r\n",
            "GET /x\r\n\r\n", "GET /x HTTP/2.0\r\n" + host + "\r\n",
            "FOO /x HTTP/1.1\r\n" + host + "\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n",
            "GET /x#y HTTP/1.1\r\n" + host + "\r\n",
        ]
    )
    func badHeads(head: String) async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(head)
            #expect(try await eventually { client.isClosed })
            #expect(client.statuses == [400])
        }
    }

    @Test("H-06: header sections above the limit are 431", arguments: [33_000, 300_000])
    func largeHeaders(bytes: Int) async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send("GET /x HTTP/1.1\r\n" + Self.host + "X: ")
            client.send(String(repeating: "a", count: bytes) + "\r\n\r\n")
            #expect(try await eventually { client.statuses == [431] })
            #expect(try await eventually { client.isClosed })
        }
    }

    @Test("H-11: requests sent ahead are answered one by one, in order")
    func pipelining() async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            let chunked = Self.post + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
            let sized = Self.post + "Content-Length: 3\r\n\r\nabc"
            client.send(Self.next + sized + chunked + Self.next)
            #expect(try await eventually { client.statuses.count == 4 })
            let bodies = ["GET /next 0", "POST /x 3", "POST /x 2", "GET /next 0"]
            var rest = client.text[...]
            for body in bodies {
                let range = try #require(rest.firstRange(of: body))
                rest = rest[range.upperBound...]
            }
            #expect(!client.isClosed)
        }
    }

    @Test("H-11: behind an answer that did not wait for its body nothing is read as a request")
    func earlyAnswer() async throws {
        let refusing = ScriptedResponder { _ in EdgeReply(401) }
        try await EdgeHarness.run(refusing, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(Self.post + "Content-Length: 100\r\n\r\nhalf")
            #expect(try await eventually { client.statuses == [401] })
            client.send(Self.next + Self.next)
            #expect(try await eventually { client.isClosed })
            #expect(client.statuses == [401])
            #expect(client.text.contains("connection: close"))
        }
    }

    @Test("H-13: 100 (Continue) comes when the body is wanted, and not before a refusal")
    func expectContinue() async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(Self.post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await eventually { client.statuses == [100] })
            client.send("ab")
            #expect(try await eventually { client.statuses == [100, 200] })
        }
        try await EdgeHarness.run(ScriptedResponder { _ in EdgeReply(413) }, limits: limits) {
            edge in
            let client = try await edge.rawClient()
            client.send(Self.post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await eventually { client.isClosed })
            #expect(client.statuses == [413])
        }
    }

    @Test("H-13: an upgrade is not taken, and the connection ends")
    func upgrade() async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(
                "GET /x HTTP/1.1\r\n" + Self.host
                    + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n" + Self.next
            )
            #expect(try await eventually { client.isClosed })
            #expect(client.statuses == [200])
        }
    }

    @Test("HEAD has the length of the body and no body")
    func head() async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send("HEAD /x HTTP/1.1\r\n" + Self.host + "\r\n" + Self.next)
            #expect(try await eventually { client.statuses.count == 2 })
            #expect(client.text.contains("content-length: 9\r\n"))
            #expect(!client.text.contains("HEAD /x 0"))
        }
    }

    @Test("A streamed answer is sent in chunks; one that breaks off has no last chunk")
    func streamedAnswer() async throws {
        let streaming = ScriptedResponder { request in
            EdgeReply(
                200,
                body: .pieces { target in
                    for number in 0..<3 { try await target.write(ByteBuffer(string: "p\(number)")) }
                    if request.target?.path == "/broken" { throw BodyTooLarge(limit: 0) }
                }
            )
        }
        try await EdgeHarness.run(streaming, limits: limits) { edge in
            let whole = try await edge.rawClient()
            whole.send(Self.next)
            #expect(try await eventually { whole.text.hasSuffix("p2\r\n0\r\n\r\n") })
            let broken = try await edge.rawClient()
            broken.send("GET /broken HTTP/1.1\r\n" + Self.host + "\r\n")
            #expect(try await eventually { broken.isClosed })
            #expect(!broken.text.contains("0\r\n\r\n"))
        }
    }

    @Test(
        "H-09: a head that does not end is cut off",
        arguments: ["GET", "GET /x HTTP/1.1\r\nA: b"]
    )
    func slowHead(start: String) async throws {
        var limits = limits
        limits.headerTimeout = .milliseconds(50)
        limits.sweepInterval = .milliseconds(10)
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(start)
            #expect(try await eventually { client.isClosed })
            #expect(client.statuses == [408])
        }
    }

    @Test("H-09: a connection that never says anything has no longer than a head")
    func silence() async throws {
        var limits = limits
        limits.headerTimeout = .milliseconds(50)
        limits.sweepInterval = .milliseconds(10)
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            #expect(try await eventually { client.isClosed })
            #expect(client.text.isEmpty)
        }
    }

    @Test("A connection without requests is closed")
    func idle() async throws {
        var limits = limits
        limits.idleTimeout = .milliseconds(500)
        limits.sweepInterval = .milliseconds(10)
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let client = try await edge.rawClient()
            client.send(Self.next)
            #expect(try await eventually { client.statuses == [200] })
            #expect(try await eventually { client.isClosed })
        }
    }

    @Test("H-15: without ALPN it is HTTP/1.1; a protocol that nobody has is refused")
    func negotiation() async throws {
        try await EdgeHarness.run(echo, limits: limits) { edge in
            let plain = try await edge.rawClient(protocols: [])
            plain.send(Self.next)
            #expect(try await eventually { plain.statuses == [200] })
            let foreign = try await edge.rawClient(protocols: ["spdy/3"])
            foreign.send(Self.next)
            #expect(try await eventually { foreign.isClosed })
            #expect(foreign.text.isEmpty)
        }
    }
}
