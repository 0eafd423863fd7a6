package import HTTP2
internal import NIOCore

/// What the session finds in the client's bytes.
extension HTTP2ServerConnection: HTTP2SessionDelegate {
    package func frameBegan(_ header: HTTP2FrameHeader) -> Bool {
        guard !isOver else { return false }
        hasSeenFrame = true
        let isLive = streams[header.stream].map { !$0.replyIsComplete } ?? false
        return charge(budgets.frameReceived(header, streamIsLive: isLive, now: now))
    }

    package func frameSent(_ header: HTTP2FrameHeader, code: UInt32) {
        _ = charge(budgets.frameSent(header, code: code, now: now))
        guard header.endsStream, header.kind == .headers || header.kind == .data else { return }
        guard let stream = streams[header.stream] else { return }
        stream.replyIsComplete = true
        stream.repliedAt = now
    }

    private func charge(_ spent: AbuseBudgets.Kind?) -> Bool {
        guard let spent, !isOver else { return !isOver }
        owner.abuseFound(spent)
        stop(HTTP2Code.enhanceYourCalm)
        return false
    }

    package func headersBegan(stream id: Int32, section: HTTP2HeaderSection) {
        headersBeganAt = now
        guard section == .request else { return }
        let body = InboundBody(
            onConsumed: { [weak self] in self?.consumed(stream: id, count: $0) },
            onWanted: { [weak self] in self?.wanted(stream: id) }
        )
        let stream = ServerStream(id: id, requestID: requestIDs.make(), body: body, now: now)
        streams[id] = stream
    }

    package func headerReceived(
        stream id: Int32,
        name: UnsafeBufferPointer<UInt8>,
        value: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let stream = streams[id] else { return true }
        if name.first == UInt8(ascii: ":"), !stream.isHandled {
            setPseudoField(stream, name, value)
        }
        stream.fields.add(name: name, value: value, limit: limits.maximumHeaderListBytes)
        let end = limits.maximumHeaderListBytes * limits.headerListToleranceFactor
        guard stream.fields.listBytes <= end else {
            stop(HTTP2Code.enhanceYourCalm)
            return false
        }
        return true
    }

    private func setPseudoField(
        _ stream: ServerStream,
        _ name: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>
    ) {
        guard stream.fields.listBytes + value.count <= limits.maximumHeaderListBytes else { return }
        let text = String(decoding: value, as: UTF8.self)
        // The second byte tells :method, :path, :authority and :scheme apart.
        switch name.dropFirst().first {
        case UInt8(ascii: "m"): stream.methodText = text
        case UInt8(ascii: "p"): stream.targetText = text
        case UInt8(ascii: "a"): stream.fields.authority = text
        default: break
        }
    }

    package func headersEnded(stream id: Int32, endsStream: Bool) {
        headersBeganAt = nil
        guard let stream = streams[id] else { return }
        if endsStream { endRequest(stream) }
        guard !stream.isHandled else { return }
        stream.isHandled = true
        guard runningHandlers < limits.maximumRunningHandlers else {
            session?.reset(stream: id, code: HTTP2Code.refusedStream)
            return
        }
        start(stream)
    }

    private func start(_ stream: ServerStream) {
        let judged = rules.judge(target: stream.targetText, fields: stream.fields)
        let target: RequestTarget?
        let fault: HeadFault?
        switch judged {
        case .success(let read): (target, fault) = (read, nil)
        case .failure(let found): (target, fault) = (nil, found)
        }
        stream.method = EdgeMethod(token: stream.methodText)
        stream.path = target?.path ?? ""
        let request = EdgeRequest(
            id: stream.requestID,
            method: stream.method,
            target: target,
            fields: stream.fields,
            clientAddress: clientAddress,
            body: stream.body,
            headFault: fault
        )
        runningHandlers += 1
        stream.cancelHandler = owner.start(request, stream: stream.id)
    }

    package func dataReceived(stream id: Int32, bytes: UnsafeRawBufferPointer) {
        if let stream = streams[id] {
            stream.body.receive(bytes)
        } else {
            session?.consumeConnection(count: bytes.count)
        }
    }

    package func bodyEnded(stream id: Int32) {
        if let stream = streams[id] { endRequest(stream) }
    }

    private func endRequest(_ stream: ServerStream) {
        stream.requestHasEnded = true
        stream.body.finish()
    }

    package func streamClosed(stream id: Int32, code: UInt32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        finish(stream, isAborted: !stream.replyIsComplete)
    }

    package func goAwayReceived(lastStream: Int32, code: UInt32) {}

    package func readBody(
        stream id: Int32,
        into target: UnsafeMutableRawBufferPointer
    ) -> HTTP2BodyRead {
        streams[id]?.read(into: target) ?? .failed
    }

    /// The handler took bytes off a body, on whatever thread it runs.
    private func consumed(stream id: Int32, count: Int) {
        owner.onLoop { [weak self] in
            guard let self, let session = self.session else { return }
            if self.streams[id] != nil {
                session.consume(stream: id, count: count)
            } else {
                session.consumeConnection(count: count)
            }
            self.owner.outputIsDue()
        }
    }

    /// The handler waits for a body that the client may be holding back.
    private func wanted(stream id: Int32) {
        owner.onLoop { [weak self] in self?.sendContinue(stream: id) }
    }
}
