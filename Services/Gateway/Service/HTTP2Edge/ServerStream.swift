internal import HTTP2
internal import NIOCore

/// One request on a server's HTTP/2 connection and what is known of it; lives on its event loop.
final class ServerStream {
    enum Reply {
        case none
        case bytes(ByteBuffer)
        case pieces(OutboundBody)
    }

    let id: Int32
    let body: InboundBody
    let requestID: String
    let startedAt: NIODeadline
    var methodText = ""
    var targetText = ""
    var fields = RequestFields()
    var method = EdgeMethod.other
    var path = ""
    /// The handler has been started: the header section was complete.
    var isHandled = false
    /// The client has sent its whole request.
    var requestHasEnded = false
    var hasContinued = false
    var reply = Reply.none
    var status = 0
    var replyIsComplete = false
    var repliedAt: NIODeadline?
    var sentBytes = 0
    /// Ends the handler.
    var cancelHandler: (@Sendable () -> Void)?

    /// The last reading of a time-out that is not about the whole connection.
    var waitedForBody = TimeAmount.zero
    var waitsForService = true
    var sentBytesAtProgress = 0
    var lastProgress: NIODeadline

    init(id: Int32, requestID: String, body: InboundBody, now: NIODeadline) {
        self.id = id
        self.requestID = requestID
        self.body = body
        startedAt = now
        lastProgress = now
    }

    var hasReply: Bool { status != 0 }

    /// The client said `Expect: 100-continue` and has sent nothing yet.
    var owesContinue: Bool {
        fields.expectsContinue && !hasContinued && !hasReply && !requestHasEnded
            && body.receivedBytes == 0
    }

    /// Fills `target` with the reply's next bytes.
    func read(into target: UnsafeMutableRawBufferPointer) -> HTTP2BodyRead {
        let result: HTTP2BodyRead
        switch reply {
        case .none:
            result = .wrote(0, end: true)
        case .bytes(var bytes):
            reply = .none
            let count = min(bytes.readableBytes, target.count)
            bytes.readWithUnsafeReadableBytes { source in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<count]))
                return count
            }
            let end = bytes.readableBytes == 0
            reply = .bytes(bytes)
            result = .wrote(count, end: end)
        case .pieces(let pieces):
            result = pieces.read(into: target)
        }
        waitsForService = result == .notYet
        if case .wrote(let count, _) = result { sentBytes += count }
        return result
    }

    func record(client: String, now: NIODeadline, isAborted: Bool) -> ExchangeRecord {
        ExchangeRecord(
            requestID: requestID,
            method: method,
            path: path,
            status: status,
            receivedBytes: body.receivedBytes,
            sentBytes: sentBytes,
            duration: (repliedAt ?? now) - startedAt,
            clientAddress: client,
            wire: "h2",
            isAborted: isAborted
        )
    }
}
