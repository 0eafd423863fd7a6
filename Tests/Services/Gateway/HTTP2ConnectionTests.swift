import GatewayService
import HTTP2
import NIOConcurrencyHelpers
import NIOCore
import TestSupport
import Testing

@Suite("HTTP/2 connections of the edge")
struct HTTP2ConnectionTests {
    private func opened(_ limits: EdgeLimits = EdgeLimits()) -> ConnectionDriver {
        let driver = ConnectionDriver(limits)
        driver.open()
        return driver
    }

    @Test(
        "A request is handed on with its head, however its bytes are cut",
        arguments: [1, 5, 9_999]
    )
    func request(pieces: Int) throws {
        let driver = opened()
        let head = RawFrames.headers(
            stream: 1,
            method: "POST",
            path: "/a?b=c",
            endsStream: false,
            extra: [("content-type", "application/json"), ("idempotency-key", "k1")]
        )
        driver.send(head, pieces: pieces)
        driver.send(RawFrames.frame(0, flags: 1, stream: 1, [1, 2, 3]), pieces: pieces)
        let request = try #require(driver.requests.first?.request)
        #expect(request.method == .post)
        #expect(request.target == RequestTarget(path: "/a", query: "b=c"))
        #expect(request.fields.contentType == "application/json")
        #expect(request.fields.idempotencyKey == "k1")
        #expect(request.fields.authority == "localhost")
        #expect(request.clientAddress == "192.0.2.1")
        #expect(request.id.count == 32)
        #expect(request.body.takeWhole() == ByteBuffer(bytes: [1, 2, 3]))
    }

    @Test("Window credit is given for what has been taken, and for nothing else")
    func credit() async throws {
        var limits = EdgeLimits()
        limits.streamWindowBytes = 65_535
        limits.connectionWindowBytes = 65_535
        let driver = opened(limits)
        driver.send(RawFrames.headers(stream: 1, method: "POST", endsStream: false))
        for _ in 0..<3 {
            driver.send(RawFrames.frame(0, stream: 1, [UInt8](repeating: 7, count: 16_384)))
        }
        #expect(!driver.takeFrames().contains { $0.type == 8 })
        let body = try #require(driver.requests.first?.request.body)
        #expect(try await body.next()?.readableBytes == 49_152)
        driver.flush()
        let updates = driver.takeFrames().filter { $0.type == 8 }
        #expect(Set(updates.map(\.stream)) == [0, 1])
        #expect(updates.allSatisfy { $0.code == 49_152 })
    }

    @Test("A reset stream gives its unread bytes back to the connection")
    func creditAfterReset() throws {
        var limits = EdgeLimits()
        limits.connectionWindowBytes = 65_535
        let driver = opened(limits)
        driver.send(RawFrames.headers(stream: 1, method: "POST", endsStream: false))
        for _ in 0..<3 {
            driver.send(RawFrames.frame(0, stream: 1, [UInt8](repeating: 7, count: 16_384)))
        }
        driver.send(RawFrames.reset(stream: 1))
        let updates = driver.takeFrames().filter { $0.type == 8 && $0.stream == 0 }
        #expect(updates.map(\.code) == [49_152])
        #expect(driver.records.map(\.isAborted) == [true])
        #expect(driver.cancelled.withLockedValue { $0 } == [1])
    }

    @Test("An early answer leaves the stream to the client for a moment, then dismisses it")
    func earlyAnswer() {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1, method: "POST", endsStream: false))
        driver.answer(1, EdgeReply(401))
        driver.send(RawFrames.frame(0, stream: 1, [UInt8](repeating: 7, count: 16_384)))
        #expect(!driver.takeFrames().contains { $0.type == 3 })
        driver.pass(seconds: 4)
        let resets = driver.takeFrames().filter { $0.type == 3 }
        #expect(resets.map(\.code) == [HTTP2Code.noError])
        #expect(driver.records.map(\.status) == [401])
        #expect(driver.records.map(\.isAborted) == [false])
        #expect(!driver.isOver)
    }

    @Test("A streamed answer stops at the client's window and goes on with it")
    func slowReader() async throws {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1))
        let pieces = OutboundBody(highWaterBytes: 1 << 20) {}
        try await pieces.write(ByteBuffer(repeating: 1, count: 100_000))
        pieces.finish()
        driver.answer(1, EdgeReply(200, body: .pieces { _ in }), pieces: pieces)
        func received() -> Int {
            driver.takeFrames().filter { $0.type == 0 }.map(\.payload.count).reduce(0, +)
        }
        #expect(received() == 65_535)
        driver.send(RawFrames.windowUpdate(stream: 0, 100_000))
        driver.send(RawFrames.windowUpdate(stream: 1, 100_000))
        #expect(received() == 100_000 - 65_535)
    }

    @Test("H-07: a reader that takes nothing loses its stream, not the connection")
    func stalledReader() async throws {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1))
        let pieces = OutboundBody(highWaterBytes: 1 << 20) {}
        try await pieces.write(ByteBuffer(repeating: 1, count: 100_000))
        driver.answer(1, EdgeReply(200, body: .pieces { _ in }), pieces: pieces)
        driver.pass(seconds: 29)
        #expect(!driver.takeFrames().contains { $0.type == 3 })
        driver.pass(seconds: 3)
        #expect(driver.takeFrames().contains { $0.type == 3 && $0.code == HTTP2Code.cancel })
        #expect(!driver.isOver)
        await #expect(throws: BodyFault.clientGone) {
            try await pieces.write(ByteBuffer(string: "x"))
        }
    }

    @Test("A slow service is not taken for a slow reader")
    func slowService() {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1))
        let pieces = OutboundBody {}
        driver.answer(1, EdgeReply(200, body: .pieces { _ in }), pieces: pieces)
        driver.pass(seconds: 300)
        #expect(!driver.takeFrames().contains { $0.type == 3 })
    }

    @Test("H-09: a body that is waited for must come at a least rate")
    func slowBody() async throws {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1, method: "POST", endsStream: false))
        let body = try #require(driver.requests.first?.request.body)
        let reader = Task { try await body.next() }
        while !body.isReaderWaiting { await Task.yield() }
        driver.pass(seconds: 10)
        #expect(body.isReaderWaiting)
        driver.pass(seconds: 2)
        await #expect(throws: BodyFault.tooSlow) { try await reader.value }
    }

    @Test("H-09: a connection that never speaks, stops in a header section or idles is closed")
    func timeouts() {
        let silent = ConnectionDriver()
        silent.pass(seconds: 10)
        #expect(!silent.isOver)
        silent.pass(seconds: 1)
        #expect(silent.isOver)

        let stuck = opened()
        stuck.send(RawFrames.headers(stream: 1, endsHeaders: false))
        stuck.pass(seconds: 11)
        #expect(stuck.isOver)

        let idle = opened()
        idle.pass(seconds: 120)
        #expect(!idle.isOver)
        idle.pass(seconds: 1)
        #expect(idle.takeFrames().last?.type == 7)
        #expect(idle.isOver)
    }

    @Test("Draining announces the end, lets streams finish and takes no new ones")
    func draining() {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1))
        driver.connection?.drain(now: driver.now)
        driver.pass(seconds: 1)
        let goAways = driver.takeFrames().filter { $0.type == 7 }
        #expect(goAways.map(\.code) == [HTTP2Code.noError, HTTP2Code.noError])
        driver.send(RawFrames.headers(stream: 3))
        #expect(driver.requests.map(\.stream) == [1])
        #expect(!driver.isOver)
        driver.answer(1, EdgeReply(200))
        #expect(driver.takeFrames().contains { $0.type == 1 && $0.stream == 1 })
        #expect(driver.isOver)
    }

    @Test("100 (Continue) is sent once, when the body is wanted and held back")
    func expectContinue() async throws {
        let driver = opened()
        driver.send(
            RawFrames.headers(
                stream: 1,
                method: "POST",
                endsStream: false,
                extra: [("expect", "100-continue")]
            )
        )
        #expect(driver.takeFrames().isEmpty)
        let body = try #require(driver.requests.first?.request.body)
        let reader = Task { try await body.next() }
        while !body.isReaderWaiting { await Task.yield() }
        driver.flush()
        #expect(driver.takeFrames().filter { $0.type == 1 && $0.flags & 1 == 0 }.count == 1)
        driver.send(RawFrames.frame(0, flags: 1, stream: 1, [1]))
        #expect(try await reader.value == ByteBuffer(bytes: [1]))
    }

    // MARK: What h2spec looks at, where our own glue could be wrong

    enum Offence: String, CaseIterable, CustomTestStringConvertible {
        case dataOnIdle, windowUpdateOnIdle, headersOnZero, dataOnZero, settingsOnStream
        case settingsBadLength, pingBadLength, pushFromClient, evenStream, frameTooLarge
        case continuationAlone, otherFrameInHeaders, badCompression, priorityBadLength
        var testDescription: String { rawValue }

        var bytes: ByteBuffer {
            switch self {
            case .dataOnIdle: RawFrames.frame(0, stream: 1, [1])
            case .windowUpdateOnIdle: RawFrames.windowUpdate(stream: 1, 1)
            case .headersOnZero: RawFrames.headers(stream: 0)
            case .dataOnZero: RawFrames.frame(0, stream: 0, [1])
            case .settingsOnStream: RawFrames.frame(4, stream: 1)
            case .settingsBadLength: RawFrames.frame(4, stream: 0, [1, 2, 3])
            case .pingBadLength: RawFrames.frame(6, stream: 0, [1])
            case .pushFromClient: RawFrames.frame(5, flags: 4, stream: 1, [0, 0, 0, 2])
            case .evenStream: RawFrames.headers(stream: 2)
            case .frameTooLarge:
                RawFrames.frame(0xFA, stream: 0, [UInt8](repeating: 0, count: 16_385))
            case .continuationAlone: RawFrames.frame(9, flags: 4, stream: 1)
            case .otherFrameInHeaders:
                {
                    var bytes = RawFrames.headers(stream: 1, endsHeaders: false)
                    bytes.writeImmutableBuffer(
                        RawFrames.frame(6, stream: 0, [0, 0, 0, 0, 0, 0, 0, 0])
                    )
                    return bytes
                }()
            case .badCompression: RawFrames.frame(1, flags: 5, stream: 1, [0xFF, 0xFF, 0xFF, 0xFF])
            case .priorityBadLength: RawFrames.frame(2, stream: 1, [1])
            }
        }

        /// RFC 9113 lets the last one end the stream only.
        var endsConnection: Bool { self != .priorityBadLength }
    }

    @Test(
        "A broken protocol ends the connection with GOAWAY, or the stream",
        arguments: Offence.allCases
    )
    func offences(offence: Offence) {
        let driver = opened()
        driver.send(offence.bytes)
        let frames = driver.takeFrames()
        if offence.endsConnection {
            #expect(frames.last?.type == 7)
            #expect(frames.last?.code != HTTP2Code.noError)
            #expect(driver.isOver)
        } else {
            #expect(frames.contains { $0.type == 3 || $0.type == 7 })
        }
        #expect(driver.requests.isEmpty)
    }

    @Test(
        "A malformed request is reset and reaches no handler",
        arguments: [
            [("connection", "close")], [("te", "gzip")], [("transfer-encoding", "chunked")],
            [(":method", "GET")], [(":unknown", "x")], [("x", "a\u{0}b")], [("", "x")],
            [("UPPER", "x")], [("content-length", "1")], [("host", "localhost"), (":path", "/")],
        ]
    )
    func malformedRequests(extra: [(String, String)]) {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1, extra: extra))
        #expect(driver.takeFrames().contains { $0.type == 3 && $0.stream == 1 })
        #expect(driver.requests.isEmpty)
        #expect(!driver.isOver)
    }

    @Test("Host and :authority that differ are refused")
    func contradictingHosts() {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1, extra: [("host", "127.0.0.1")]))
        #expect(driver.requests.map(\.request.headFault) == [.hostUnreadable])
    }

    @Test("H-15: HTTP/1.1 on an HTTP/2 connection ends it")
    func wrongProtocol() {
        let driver = ConnectionDriver()
        driver.send(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        #expect(driver.isOver)
        #expect(driver.requests.isEmpty)
    }

    @Test("Trailers end a request")
    func trailers() {
        let driver = opened()
        driver.send(RawFrames.headers(stream: 1, method: "POST", endsStream: false))
        driver.send(RawFrames.frame(0, stream: 1, [1]))
        driver.send(
            RawFrames.frame(1, flags: 5, stream: 1, RawFrames.literal("x-sum", "1"))
        )
        #expect(driver.requests.first?.request.body.takeWhole() == ByteBuffer(bytes: [1]))
    }
}
