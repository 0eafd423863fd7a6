import NIOCore
import Protocol
import Testing

@testable import Transport

@Suite("Frame decoder")
struct FrameDecoderTests {
    /// What was read, with DATA's pieces joined, so that it can be compared for every chunking.
    private struct Seen: Equatable {
        var kind: UInt8
        var id: UInt32
        var flags: FrameFlags
        var document: String
        var body: ByteBuffer
    }

    private static let stream: ByteBuffer = {
        var all = RawPeer.hello()
        all.writeImmutableBuffer(
            RawPeer.request(id: 1, method: "a.b", flags: [], body: ByteBuffer(string: "head"))
        )
        all.writeImmutableBuffer(RawPeer.frame(.data, id: 1, body: patterned(300)))
        all.writeImmutableBuffer(RawPeer.frame(.data, id: 1))
        all.writeImmutableBuffer(RawPeer.frame(.ping, value: 7))
        all.writeImmutableBuffer(RawPeer.frame(.data, flags: .endStream, id: 1, body: patterned(5)))
        all.writeImmutableBuffer(RawPeer.frame(.window, id: 1, value: 100))
        var unknown = RawPeer.frame(.ping, body: ByteBuffer(string: "??"))
        unknown.setInteger(UInt8(0x80 | 77), at: 4)
        all.writeImmutableBuffer(unknown)
        all.writeImmutableBuffer(RawPeer.frame(.goAway))
        return all
    }()

    private func read(_ chunks: [ByteBuffer], limit: Int = 1 << 20) throws(FrameFault) -> [Seen] {
        var decoder = FrameDecoder(maximumLength: limit)
        var seen: [Seen] = []
        var data = ByteBuffer()
        for var chunk in chunks {
            while let event = try decoder.next(from: &chunk) {
                switch event {
                case .frame(let header, let document, let body):
                    seen.append(
                        Seen(
                            kind: header.rawKind,
                            id: header.callID,
                            flags: header.flags,
                            document: document.map { String(buffer: $0) } ?? "",
                            body: ByteBuffer(bytes: body.readableBytesView)
                        )
                    )
                case .piece(let header, let piece, let isLast):
                    data.writeImmutableBuffer(piece)
                    guard isLast else { continue }
                    seen.append(
                        Seen(
                            kind: header.rawKind,
                            id: header.callID,
                            flags: header.flags,
                            document: "",
                            body: data
                        )
                    )
                    data = ByteBuffer()
                }
            }
            #expect(chunk.readableBytes == 0)
        }
        return seen
    }

    private func chunks(_ size: Int) -> [ByteBuffer] {
        var rest = Self.stream
        var out: [ByteBuffer] = []
        while rest.readableBytes > 0 {
            out.append(rest.readSlice(length: min(size, rest.readableBytes)) ?? ByteBuffer())
        }
        return out
    }

    @Test("R-04: every chunk size reads the same frames")
    func chunkSizes() throws {
        let whole = try read([Self.stream])
        #expect(whole.map(\.kind) == [1, 2, 4, 4, 8, 4, 7, 0x80 | 77, 10])
        #expect(whole[1].document == #"{"method":"a.b"}"#)
        #expect(whole[2].body == patterned(300))
        for size in 1..<Self.stream.readableBytes {
            #expect(try read(chunks(size)) == whole, "chunks of \(size)")
        }
    }

    @Test("R-04: every place at which a stream can be cut reads the same frames")
    func cuts() throws {
        let whole = try read([Self.stream])
        for cut in 1..<Self.stream.readableBytes {
            var rest = Self.stream
            let head = rest.readSlice(length: cut) ?? ByteBuffer()
            #expect(try read([head, rest]) == whole, "cut at \(cut)")
        }
    }

    @Test("R-04: a thousand frames in one write are all read")
    func manyFrames() throws {
        var all = ByteBuffer()
        for value in 0..<1_000 {
            all.writeImmutableBuffer(RawPeer.frame(.ping, value: UInt32(value)))
        }
        #expect(try read([all]).count == 1_000)
    }

    @Test(
        "R-01: a length that cannot be is refused before anything is held",
        arguments: [
            (UInt32(0), FrameFault.lengthBelowHeader(0)),
            (1, .lengthBelowHeader(1)),
            (11, .lengthBelowHeader(11)),
            (65_537, .lengthAboveLimit(65_537, limit: 65_536)),
            (0x00FF_FFFF, .lengthAboveLimit(0x00FF_FFFF, limit: 65_536)),
            (0x0100_0000, .notThisProtocol),
            (0xFFFF_FFFF, .notThisProtocol),
            (0x8000_0000, .notThisProtocol),
        ]
    )
    func lengths(length: UInt32, fault: FrameFault) {
        #expect(throws: fault) { try read([ByteBuffer(integer: length)], limit: 65_536) }
    }

    @Test("R-01: the largest length is accepted")
    func largest() throws {
        let body = patterned(65_536 - FrameHeader.countedByteCount)
        #expect(try read([RawPeer.frame(.ping, body: body)], limit: 65_536).count == 1)
    }

    @Test(
        "Bytes of another protocol are refused at the first of them",
        arguments: ["GET / HTTP/1.1", "PRI * HTTP/2.0", "\u{16}\u{3}\u{1}", "{"]
    )
    func otherProtocols(text: String) {
        let first = ByteBuffer(bytes: text.utf8.prefix(1))
        #expect(throws: FrameFault.notThisProtocol) { try read([first]) }
    }

    @Test("R-02: a claimed length reserves nothing")
    func claims() throws {
        var decoder = FrameDecoder(maximumLength: 1 << 20)
        var frame = RawPeer.frame(.request, id: 1, body: ByteBuffer(repeating: 0, count: 10))
        frame.setInteger(UInt32(1 << 20), at: 0)
        let event = try decoder.next(from: &frame)
        #expect(event.map { _ in true } == nil)
        #expect(decoder.heldBytes < 1_024)
    }

    @Test("An unknown kind or flag ends the connection, unless the kind may be ignored")
    func unknown() {
        var kind = RawPeer.frame(.ping)
        kind.setInteger(UInt8(77), at: 4)
        #expect(throws: FrameFault.unknownKind(77)) { try read([kind]) }
        var flags = RawPeer.frame(.ping)
        flags.setInteger(UInt8(0x40), at: 5)
        #expect(throws: FrameFault.unknownFlags(0x40)) { try read([flags]) }
    }

    @Test("R-03: a header document that does not fit its frame ends the connection")
    func documents() {
        let cases: [ByteBuffer] = [
            ByteBuffer(), ByteBuffer(bytes: [0]), ByteBuffer(bytes: [0, 3, 0x7B, 0x7D]),
            ByteBuffer(bytes: [0x7F, 0xFF] + [UInt8](repeating: 0x20, count: 0x7FFF)),
        ]
        for body in cases {
            let frame = RawPeer.frame(.request, flags: .headerDocument, id: 1, body: body)
            #expect(throws: FrameFault.malformedContent) { try read([frame]) }
        }
        let wrongKind = RawPeer.frame(
            .ping,
            flags: .headerDocument,
            body: ByteBuffer(bytes: [0, 2, 0x7B, 0x7D])
        )
        #expect(throws: FrameFault.malformedContent) { try read([wrongKind]) }
    }

    @Test("A trace block is stepped over")
    func traceBlock() throws {
        let content = ByteBuffer(
            bytes: [UInt8](repeating: 9, count: 26) + [0, 2, 0x7B, 0x7D] + Array("body".utf8)
        )
        let frame = RawPeer.frame(
            .request,
            flags: [.traceBlock, .headerDocument],
            id: 1,
            body: content
        )
        let seen = try read([frame])
        #expect(seen.first?.document == "{}")
        #expect(seen.first.map { String(buffer: $0.body) } == "body")
    }
}
