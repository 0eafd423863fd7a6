package import HTTP2
package import NIOCore

/// Answers on their way to the client; every method is called on the connection's event loop.
extension HTTP2ServerConnection {
    /// Sends an answer; with `pieces` its body comes from there.
    ///
    /// A stream that has gone meanwhile is not an error: `pieces` then throws at its writer.
    package func reply(
        stream id: Int32,
        _ reply: EdgeReply,
        pieces: OutboundBody?,
        date: String,
        now: NIODeadline
    ) {
        self.now = now
        guard !isOver, let session, let stream = streams[id], !stream.hasReply else {
            pieces?.cancel(BodyFault.clientGone)
            return
        }
        stream.status = reply.status
        stream.lastProgress = now
        // Unread bytes are used up, so that the client's other uploads do not wait for them.
        if !stream.requestHasEnded { stream.body.discard() }
        let hasBody = setBody(stream, reply, pieces)
        scratch.removeAll()
        scratch.add(":status", String(reply.status))
        ReplyHead.fields(of: reply, request: stream.requestID, date: date) { name, value in
            scratch.add(name, value)
        }
        session.submitResponse(stream: id, scratch, hasBody: hasBody)
        owner.outputIsDue()
    }

    private func setBody(
        _ stream: ServerStream,
        _ reply: EdgeReply,
        _ pieces: OutboundBody?
    ) -> Bool {
        guard stream.method != .head else {
            pieces?.cancel(BodyFault.clientGone)
            return false
        }
        if let pieces {
            stream.reply = .pieces(pieces)
            return true
        }
        guard case .bytes(let bytes) = reply.body, bytes.readableBytes > 0 else { return false }
        stream.reply = .bytes(bytes)
        stream.waitsForService = false
        return true
    }

    /// More of a streamed body is there, or its end.
    package func resume(stream id: Int32) {
        guard !isOver, streams[id] != nil else { return }
        session?.resume(stream: id)
        owner.outputIsDue()
    }

    /// A handler has run to its end, whether or not its stream still lives.
    package func handlerEnded() { runningHandlers -= 1 }

    /// Sends 100 (Continue) ahead of the answer, where the client waits for that.
    func sendContinue(stream id: Int32) {
        guard !isOver, let stream = streams[id], stream.owesContinue else { return }
        stream.hasContinued = true
        scratch.removeAll()
        scratch.add(":status", "100")
        session?.submitInformational(stream: id, scratch)
        owner.outputIsDue()
    }
}
