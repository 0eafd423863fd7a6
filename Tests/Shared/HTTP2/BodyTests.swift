import HTTP2
import NIOConcurrencyHelpers
import NIOCore
import Testing

@Suite("Bodies on their way")
struct BodyTests {
    private func counted() -> (InboundBody, NIOLockedValueBox<Int>) {
        let consumed = NIOLockedValueBox(0)
        return (InboundBody { count in consumed.withLockedValue { $0 += count } }, consumed)
    }

    @Test("What arrives between two reads is read as one piece, and only then consumed")
    func joinedPieces() async throws {
        let (body, consumed) = counted()
        body.receive(ByteBuffer(string: "ab"))
        body.receive(ByteBuffer(string: "cd"))
        #expect(consumed.withLockedValue { $0 } == 0)
        #expect(try await body.next() == ByteBuffer(string: "abcd"))
        #expect(consumed.withLockedValue { $0 } == 4)
        body.finish()
        #expect(try await body.next() == nil)
    }

    @Test("A reader that waits is woken by bytes, by the end and by a fault")
    func waitingReader() async throws {
        let (body, _) = counted()
        let first = Task { try await body.next() }
        while !body.isReaderWaiting { await Task.yield() }
        body.receive(ByteBuffer(string: "x"))
        #expect(try await first.value == ByteBuffer(string: "x"))
        let second = Task { try await body.next() }
        while !body.isReaderWaiting { await Task.yield() }
        body.fail(BodyTooLarge(limit: 1))
        await #expect(throws: BodyTooLarge(limit: 1)) { try await second.value }
    }

    @Test("A cancelled reader stops waiting")
    func cancelledReader() async throws {
        let (body, _) = counted()
        let reader = Task { try await body.next() }
        while !body.isReaderWaiting { await Task.yield() }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
    }

    @Test("A discarded body is consumed as it comes")
    func discarded() {
        let (body, consumed) = counted()
        body.receive(ByteBuffer(string: "abc"))
        body.discard()
        body.receive(ByteBuffer(string: "de"))
        #expect(consumed.withLockedValue { $0 } == 5)
        #expect(body.waitingBytes == 0)
    }

    @Test("Collecting stops at its limit")
    func collectLimit() async throws {
        let (body, _) = counted()
        body.receive(ByteBuffer(repeating: 1, count: 11))
        body.finish()
        await #expect(throws: BodyTooLarge(limit: 10)) { try await body.collect(upTo: 10) }
        let (fits, _) = counted()
        fits.receive(ByteBuffer(repeating: 1, count: 10))
        fits.finish()
        #expect(try await fits.collect(upTo: 10).readableBytes == 10)
    }

    @Test("A writer waits above the high-water mark until its reader has taken enough")
    func writerWaits() async throws {
        let body = OutboundBody(highWaterBytes: 8) {}
        let hasWritten = NIOLockedValueBox(false)
        let writer = Task {
            try await body.write(ByteBuffer(repeating: 1, count: 9))
            hasWritten.withLockedValue { $0 = true }
            body.finish()
        }
        while body.waitingBytes == 0 { await Task.yield() }
        for _ in 0..<100 { await Task.yield() }
        #expect(!hasWritten.withLockedValue { $0 })
        #expect(body.takePiece() == .bytes(ByteBuffer(repeating: 1, count: 9)))
        try await writer.value
        #expect(body.takePiece() == .end)
    }

    @Test("A reader that found nothing is told once when there is more")
    func starvation() async throws {
        let told = NIOLockedValueBox(0)
        let body = OutboundBody(highWaterBytes: 100) { told.withLockedValue { $0 += 1 } }
        try await body.write(ByteBuffer(string: "a"))
        #expect(told.withLockedValue { $0 } == 0)
        _ = body.takePiece()
        #expect(body.takePiece() == .notYet)
        try await body.write(ByteBuffer(string: "b"))
        try await body.write(ByteBuffer(string: "c"))
        #expect(told.withLockedValue { $0 } == 1)
    }

    @Test("Reading fills the target across pieces and tells the end with the last byte")
    func filling() async throws {
        let body = OutboundBody(highWaterBytes: 100) {}
        try await body.write(ByteBuffer(string: "abc"))
        try await body.write(ByteBuffer(string: "de"))
        body.finish()
        var target = [UInt8](repeating: 0, count: 4)
        #expect(target.withUnsafeMutableBytes { body.read(into: $0) } == .wrote(4, end: false))
        #expect(target == Array("abcd".utf8))
        #expect(target.withUnsafeMutableBytes { body.read(into: $0) } == .wrote(1, end: true))
    }

    @Test("A writer whose reader is gone is told why")
    func cancelledBody() async throws {
        let body = OutboundBody(highWaterBytes: 1) {}
        let writer = Task { try await body.write(ByteBuffer(string: "abc")) }
        while body.waitingBytes == 0 { await Task.yield() }
        body.cancel(BodyTooLarge(limit: 0))
        _ = await writer.result
        await #expect(throws: BodyTooLarge(limit: 0)) {
            try await body.write(ByteBuffer(string: "d"))
        }
    }
}
