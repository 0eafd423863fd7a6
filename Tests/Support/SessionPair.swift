package import HTTP2
package import NIOCore

/// A session with its script: what it saw, and what it gives when asked.
package final class ScriptedSession: HTTP2SessionDelegate {
    package private(set) var session: HTTP2Session?
    package var frames: [HTTP2FrameHeader] = []
    package var sections: [HTTP2HeaderSection] = []
    package var fields: [String] = []
    package var data: [Int32: [UInt8]] = [:]
    package var ended: Set<Int32> = []
    package var closed: [Int32: UInt32] = [:]
    package var goAwayCode: UInt32?
    package var sentResets: [UInt32] = []
    package var goesOn = true
    package var bodies: [Int32: [UInt8]] = [:]
    package var withheld: Set<Int32> = []
    /// Gives credit for everything at once.
    package var consumes = true

    package init(_ role: HTTP2Session.Role, _ settings: HTTP2Session.Settings = .init()) {
        session = HTTP2Session(role: role, settings: settings, delegate: self)
    }

    package func frameBegan(_ header: HTTP2FrameHeader) -> Bool {
        frames.append(header)
        return goesOn
    }

    package func headersBegan(stream: Int32, section: HTTP2HeaderSection) {
        sections.append(section)
    }

    package func headerReceived(
        stream: Int32,
        name: UnsafeBufferPointer<UInt8>,
        value: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        fields.append(
            String(decoding: name, as: UTF8.self) + "=" + String(decoding: value, as: UTF8.self)
        )
        return true
    }

    package func headersEnded(stream: Int32, endsStream: Bool) {
        if endsStream { ended.insert(stream) }
    }

    package func dataReceived(stream: Int32, bytes: UnsafeRawBufferPointer) {
        data[stream, default: []].append(contentsOf: bytes)
        if consumes { session?.consume(stream: stream, count: bytes.count) }
    }

    package func bodyEnded(stream: Int32) { ended.insert(stream) }
    package func streamClosed(stream: Int32, code: UInt32) { closed[stream] = code }
    package func goAwayReceived(lastStream: Int32, code: UInt32) { goAwayCode = code }

    package func frameSent(_ header: HTTP2FrameHeader, code: UInt32) {
        if header.kind == .resetStream { sentResets.append(code) }
    }

    package func readBody(
        stream: Int32,
        into target: UnsafeMutableRawBufferPointer
    ) -> HTTP2BodyRead {
        guard !withheld.contains(stream) else { return .notYet }
        let rest = bodies[stream] ?? []
        let count = min(rest.count, target.count)
        target.copyBytes(from: rest[..<count])
        bodies[stream] = Array(rest[count...])
        return .wrote(count, end: count == rest.count)
    }

    package func output() throws -> ByteBuffer {
        var bytes = ByteBuffer()
        while try session?.takeOutput(into: &bytes, limit: .max) == true {}
        return bytes
    }

    /// Feeds `bytes` in pieces of `size`.
    package func feed(_ bytes: ByteBuffer, pieces size: Int = .max) throws {
        var rest = bytes
        while rest.readableBytes > 0 {
            guard let piece = rest.readSlice(length: min(size, rest.readableBytes)) else { return }
            try piece.withUnsafeReadableBytes { try session?.receive($0) }
        }
    }
}

/// A client and a server that hand each other their bytes.
package struct SessionPair {
    package let client: ScriptedSession
    package let server: ScriptedSession

    package init(server settings: HTTP2Session.Settings = .init()) {
        client = ScriptedSession(.client)
        server = ScriptedSession(.server, settings)
    }

    /// Exchanges bytes until neither side has any.
    package func settle(pieces: Int = .max) throws {
        while true {
            let toServer = try client.output()
            try server.feed(toServer, pieces: pieces)
            let toClient = try server.output()
            try client.feed(toClient, pieces: pieces)
            if toServer.readableBytes == 0, toClient.readableBytes == 0 { return }
        }
    }

    /// Opens a stream with a body from the client's script.
    package func request(body: [UInt8]? = nil) -> Int32? {
        var headers = HTTP2HeaderBlock()
        headers.add(":method", body == nil ? "GET" : "POST")
        headers.add(":scheme", "https")
        headers.add(":authority", "localhost")
        headers.add(":path", "/x")
        let stream = client.session?.submitRequest(headers, hasBody: body != nil)
        if let stream, let body { client.bodies[stream] = body }
        return stream
    }
}
