internal import HTTP2
package import NIOCore

/// What a server connection asks of the channel or test that holds it; all calls on its event loop.
package protocol HTTP2ServerOwner: AnyObject {
    /// A request's head is complete: start its handler; returns what ends that handler.
    func start(_ request: EdgeRequest, stream: Int32) -> @Sendable () -> Void
    /// Window credit or reply bytes became due outside of `receive`: take the output soon.
    func outputIsDue()
    /// Runs `work` on the connection's event loop, at once where this is it.
    func onLoop(_ work: @escaping @Sendable () -> Void)
    func exchangeEnded(_ record: ExchangeRecord)
    /// The client was cut off for spending more than its allowance.
    func abuseFound(_ kind: AbuseBudgets.Kind)
}

/// The server's end of one HTTP/2 connection, without its socket: bytes in, requests and bytes out.
///
/// Lives on one event loop, which its owner guarantees; only that makes it safe to pass along.
package final class HTTP2ServerConnection: @unchecked Sendable {
    /// Bytes that are read before what they made us queue is looked at.
    static let sliceBytes = 16 << 10
    /// Frames queued by one slice beyond which they are taken, and so charged, before the next.
    static let queuedFramesPerSlice = 64

    let limits: EdgeLimits
    let rules: HeadRules
    let clientAddress: String
    unowned let owner: any HTTP2ServerOwner
    private(set) var overSince: NIODeadline?
    var now: NIODeadline
    var budgets: AbuseBudgets
    var streams: [Int32: ServerStream] = [:]
    var runningHandlers = 0
    var requestIDs: RequestIDs
    var scratch = HTTP2HeaderBlock()
    var headersBeganAt: NIODeadline?
    var lastStreamEndedAt: NIODeadline
    var hasSeenFrame = false
    var pending = ByteBuffer()
    private var drainBeganAt: NIODeadline?
    private(set) var session: HTTP2Session?

    package init(
        limits: EdgeLimits,
        rules: HeadRules,
        clientAddress: String,
        owner: any HTTP2ServerOwner,
        now: NIODeadline
    ) {
        self.limits = limits
        self.rules = rules
        self.clientAddress = clientAddress
        self.owner = owner
        self.now = now
        budgets = AbuseBudgets(now: now)
        requestIDs = RequestIDs()
        lastStreamEndedAt = now
        session = HTTP2Session(
            role: .server,
            settings: HTTP2Session.Settings(
                streamWindow: limits.streamWindowBytes,
                connectionWindow: limits.connectionWindowBytes,
                maximumConcurrentStreams: limits.maximumConcurrentStreams,
                maximumHeaderListBytes: limits.maximumHeaderListBytes
            ),
            delegate: self
        )
    }

    /// No more is read; what is queued is still sent.
    var isOver: Bool { overSince != nil }

    /// Streams that are open at this moment.
    package var openStreams: Int { streams.count }

    /// Reads what came from the client.
    ///
    /// Afterwards take the output, and close if `shouldClose`.
    package func receive(_ bytes: UnsafeRawBufferPointer, now: NIODeadline) {
        self.now = now
        var offset = 0
        while offset < bytes.count, !isOver, let session {
            let end = min(offset + Self.sliceBytes, bytes.count)
            do {
                try session.receive(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
            } catch {
                stop(error == .notHTTP2 ? HTTP2Code.protocolError : HTTP2Code.enhanceYourCalm)
                return
            }
            offset = end
            if session.queuedFrames > limits.maximumQueuedFrames {
                stop(HTTP2Code.enhanceYourCalm)
            } else if session.queuedFrames > Self.queuedFramesPerSlice {
                _ = try? session.takeOutput(into: &pending, limit: limits.writeBytes)
                // A failure here shows again in `takeOutput`, where it ends the connection.
            }
        }
    }

    /// Appends what is to be sent, up to `limit` bytes; returns whether there may be more.
    package func takeOutput(into buffer: inout ByteBuffer, limit: Int) -> Bool {
        buffer.writeBuffer(&pending)
        pending.clear()
        guard let session else { return false }
        do {
            return try session.takeOutput(into: &buffer, limit: limit)
        } catch {
            overSince = overSince ?? now
            return false
        }
    }

    /// Whether the connection is to be closed once its output is written.
    package var shouldClose: Bool {
        guard let session else { return true }
        if let overSince, now - overSince > limits.lingerTimeout { return true }
        return (isOver || !session.wantsRead) && !session.wantsWrite
    }

    /// Ends every stream: the socket is gone or about to go.
    package func end(now: NIODeadline) {
        self.now = now
        overSince = overSince ?? now
        let ended = streams
        streams = [:]
        for stream in ended.values { finish(stream, isAborted: !stream.replyIsComplete) }
        session = nil
    }

    /// Asks the client to open no more streams; the connection ends with its last one.
    package func drain(now: NIODeadline) {
        guard drainBeganAt == nil, let session, !isOver else { return }
        drainBeganAt = now
        session.announceShutdown()
        owner.outputIsDue()
    }

    /// Cuts the client off with `code`.
    func stop(_ code: UInt32) {
        guard !isOver else { return }
        overSince = now
        session?.terminate(code: code)
        for stream in streams.values {
            stream.body.fail(BodyFault.clientGone)
            stream.cancelHandler?()
        }
    }

    // MARK: Time

    /// Looks at every time-out; called each `limits.sweepInterval`.
    package func sweep(now: NIODeadline) {
        self.now = now
        guard !isOver, let session else { return }
        if let drainBeganAt, now - drainBeganAt >= limits.sweepInterval {
            session.goAway(code: HTTP2Code.noError)
            owner.outputIsDue()
        }
        let isStuckInHead = headersBeganAt.map { now - $0 > limits.headerTimeout } ?? false
        let neverSpoke = !hasSeenFrame && now - lastStreamEndedAt > limits.headerTimeout
        let isIdle = streams.isEmpty && now - lastStreamEndedAt > limits.idleTimeout
        if isStuckInHead || neverSpoke || isIdle {
            stop(HTTP2Code.noError)
            owner.outputIsDue()
            return
        }
        for stream in streams.values { sweep(stream) }
    }

    private func sweep(_ stream: ServerStream) {
        if let repliedAt = stream.repliedAt {
            if now - repliedAt > limits.lingerTimeout { dismiss(stream) }
            return
        }
        if stream.body.isReaderWaiting, !stream.body.hasEnded {
            stream.waitedForBody = stream.waitedForBody + limits.sweepInterval
            let seconds = Int(stream.waitedForBody.nanoseconds / 1_000_000_000)
            if stream.waitedForBody > limits.bodyGrace,
                stream.body.receivedBytes < seconds * limits.minimumBodyBytesPerSecond
            {
                stream.body.fail(BodyFault.tooSlow)
            }
        }
        let isStalled = stream.hasReply && !stream.replyIsComplete && !stream.waitsForService
        if !isStalled || stream.sentBytes != stream.sentBytesAtProgress {
            stream.sentBytesAtProgress = stream.sentBytes
            stream.lastProgress = now
        } else if now - stream.lastProgress > limits.replyStallTimeout {
            session?.reset(stream: stream.id, code: HTTP2Code.cancel)
            owner.outputIsDue()
        }
    }

    /// The answer is out and the client still sends: the rest is not wanted (RFC 9113 §8.1).
    ///
    /// Not at once, because clients that are reset while they send (curl 7.88) lose the answer.
    private func dismiss(_ stream: ServerStream) {
        session?.reset(stream: stream.id, code: HTTP2Code.noError)
        owner.outputIsDue()
    }

    /// The handler has ended and what it held is gone.
    func finish(_ stream: ServerStream, isAborted: Bool) {
        stream.cancelHandler?()
        stream.cancelHandler = nil
        stream.body.fail(BodyFault.clientGone)
        if case .pieces(let pieces) = stream.reply { pieces.cancel(BodyFault.clientGone) }
        lastStreamEndedAt = now
        owner.exchangeEnded(
            stream.record(client: clientAddress, now: now, isAborted: isAborted)
        )
    }
}
