internal import HTTP2
internal import NIOCore

/// One request and its answer on an HTTP/1.1 connection; lives on its event loop.
final class HTTP1Exchange {
    let requestID: String
    let method: EdgeMethod
    let path: String
    let body: InboundBody
    let startedAt: NIODeadline
    let expectsContinue: Bool
    /// The client asked for the connection to stay, and nothing since speaks against it.
    var keepsAlive: Bool
    var requestHasEnded = false
    var hasContinued = false
    var status = 0
    var sentBytes = 0
    /// The rest of a streamed answer.
    var pieces: OutboundBody?
    /// Bytes on the wire since the request began, framing included.
    var wireBytes = 0
    var waitedForBody = TimeAmount.zero
    var cancelHandler: (@Sendable () -> Void)?

    init(
        request: EdgeRequest,
        keepsAlive: Bool,
        now: NIODeadline
    ) {
        requestID = request.id
        method = request.method
        path = request.target?.path ?? ""
        body = request.body
        expectsContinue = request.fields.expectsContinue
        self.keepsAlive = keepsAlive
        startedAt = now
    }

    var hasReply: Bool { status != 0 }
    var owesContinue: Bool {
        expectsContinue && !hasContinued && !hasReply && !requestHasEnded
            && body.receivedBytes == 0
    }

    func record(client: String, now: NIODeadline, isAborted: Bool) -> ExchangeRecord {
        ExchangeRecord(
            requestID: requestID,
            method: method,
            path: path,
            status: status,
            receivedBytes: body.receivedBytes,
            sentBytes: sentBytes,
            duration: now - startedAt,
            clientAddress: client,
            wire: "http/1.1",
            isAborted: isAborted
        )
    }
}
