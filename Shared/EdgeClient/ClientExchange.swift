internal import HTTP2
internal import NIOCore

/// One request and its answer on a client's connection; lives on the connection's event loop.
final class ClientExchange {
    enum Upload: Sendable {
        case none
        case whole(ByteBuffer)
        case pieces(OutboundBody)
    }

    struct Head: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let body: InboundBody
    }

    var upload: Upload
    var status = 0
    var headers: [(name: String, value: String)] = []
    let body: InboundBody
    private var answer: CheckedContinuation<Head?, any Error>?

    init(upload: Upload, body: InboundBody, answer: CheckedContinuation<Head?, any Error>) {
        self.upload = upload
        self.body = body
        self.answer = answer
    }

    /// The final header section is complete.
    func headArrived() {
        guard let answer else { return }
        self.answer = nil
        answer.resume(returning: Head(status: status, headers: headers, body: body))
    }

    /// The connection took no more requests; what was to be sent is untouched.
    func notStarted() {
        answer?.resume(returning: nil)
        answer = nil
    }

    /// The stream is over; nil where it ended as it should.
    func ended(_ error: EdgeClientError?) {
        let reason = error ?? .connectionLost
        if case .pieces(let pieces) = upload { pieces.cancel(reason) }
        if let error { body.fail(error) } else { body.finish() }
        answer?.resume(throwing: reason)
        answer = nil
    }

    func read(into target: UnsafeMutableRawBufferPointer) -> HTTP2BodyRead {
        switch upload {
        case .none:
            return .wrote(0, end: true)
        case .whole(var bytes):
            let count = min(bytes.readableBytes, target.count)
            bytes.readWithUnsafeReadableBytes { source in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<count]))
                return count
            }
            upload = .whole(bytes)
            return .wrote(count, end: bytes.readableBytes == 0)
        case .pieces(let pieces):
            return pieces.read(into: target)
        }
    }
}
