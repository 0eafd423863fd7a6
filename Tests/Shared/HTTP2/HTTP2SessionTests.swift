import HTTP2
import NIOCore
import TestSupport
import Testing

@Suite("HTTP/2 sessions")
struct HTTP2SessionTests {
    @Test("A request and its answer pass, however the bytes are cut", arguments: [1, 7, 1_000_000])
    func exchange(pieces: Int) throws {
        let pair = SessionPair()
        let stream = try #require(pair.request(body: Array("question".utf8)))
        try pair.settle(pieces: pieces)
        #expect(pair.server.sections == [.request])
        #expect(pair.server.fields.contains(":path=/x"))
        #expect(pair.server.data[stream] == Array("question".utf8))
        #expect(pair.server.ended.contains(stream))

        var headers = HTTP2HeaderBlock()
        headers.add(":status", "200")
        headers.add("content-type", "text/plain")
        pair.server.bodies[stream] = Array("answer".utf8)
        pair.server.session?.submitResponse(stream: stream, headers, hasBody: true)
        try pair.settle(pieces: pieces)
        #expect(pair.client.fields == [":status=200", "content-type=text/plain"])
        #expect(pair.client.data[stream] == Array("answer".utf8))
        #expect(pair.client.closed[stream] == HTTP2Code.noError)
        #expect(pair.server.closed[stream] == HTTP2Code.noError)
    }

    @Test("A body of ten windows arrives whole while it is consumed")
    func largeBody() throws {
        let pair = SessionPair(server: .init(streamWindow: 64 << 10, connectionWindow: 64 << 10))
        let body = (0..<(640 << 10)).map { UInt8(truncatingIfNeeded: $0) }
        let stream = try #require(pair.request(body: body))
        try pair.settle()
        #expect(pair.server.data[stream] == body)
    }

    @Test("Without credit a peer sends one window and no more, until it is consumed")
    func backPressure() throws {
        let window = 64 << 10
        let pair = SessionPair(server: .init(streamWindow: window, connectionWindow: 1 << 20))
        pair.server.consumes = false
        try pair.settle()
        let stream = try #require(pair.request(body: [UInt8](repeating: 1, count: 3 * window)))
        try pair.settle()
        #expect(pair.server.data[stream]?.count == window)
        pair.server.session?.consume(stream: stream, count: window)
        try pair.settle()
        #expect(pair.server.data[stream]?.count == 2 * window)
    }

    @Test("Credit for a closed stream goes back to the connection")
    func creditOfClosedStreams() throws {
        let window = 64 << 10
        let pair = SessionPair(server: .init(streamWindow: window, connectionWindow: window))
        pair.server.consumes = false
        try pair.settle()
        let first = try #require(pair.request(body: [UInt8](repeating: 1, count: window)))
        try pair.settle()
        pair.server.session?.reset(stream: first, code: HTTP2Code.cancel)
        try pair.settle()
        #expect(pair.client.closed[first] == HTTP2Code.cancel)
        let second = try #require(pair.request(body: [2, 2, 2]))
        try pair.settle()
        #expect(pair.server.data[second] == nil)
        pair.server.session?.consumeConnection(count: window)
        try pair.settle()
        #expect(pair.server.data[second] == [2, 2, 2])
    }

    @Test("A body that has nothing yet goes on when it is resumed")
    func resumedBody() throws {
        let pair = SessionPair()
        let stream = try #require(pair.request())
        try pair.settle()
        var headers = HTTP2HeaderBlock()
        headers.add(":status", "200")
        pair.server.withheld = [stream]
        pair.server.session?.submitResponse(stream: stream, headers, hasBody: true)
        try pair.settle()
        #expect(pair.client.fields == [":status=200"])
        #expect(pair.client.data[stream] == nil)
        pair.server.withheld = []
        pair.server.bodies[stream] = [9]
        pair.server.session?.resume(stream: stream)
        try pair.settle()
        #expect(pair.client.data[stream] == [9])
    }

    @Test("Bytes that are no HTTP/2 end the session as such")
    func notHTTP2() throws {
        let server = ScriptedSession(.server)
        #expect(throws: HTTP2SessionFailure.notHTTP2) {
            try server.feed(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        }
    }

    @Test("An owner that refuses a frame ends the session, and its GOAWAY still leaves")
    func stoppedByOwner() throws {
        let pair = SessionPair()
        try pair.settle()
        pair.server.goesOn = false
        pair.client.session?.ping()
        let bytes = try pair.client.output()
        #expect(throws: HTTP2SessionFailure.stoppedByOwner) { try pair.server.feed(bytes) }
        pair.server.session?.terminate(code: HTTP2Code.enhanceYourCalm)
        try pair.client.feed(try pair.server.output())
        #expect(pair.client.goAwayCode == HTTP2Code.enhanceYourCalm)
        #expect(pair.server.session?.wantsWrite == false)
    }

    @Test("Every frame is announced before it is handled, unknown types included")
    func unknownFrames() throws {
        let pair = SessionPair()
        try pair.settle()
        pair.server.frames = []
        // Four bytes of a frame type that nobody has defined.
        try pair.server.feed(ByteBuffer(bytes: [0, 0, 4, 0xFA, 0, 0, 0, 0, 0, 1, 2, 3, 4]))
        #expect(pair.server.frames.map(\.type) == [0xFA])
        #expect(pair.server.frames.first?.kind == nil)
    }
}
