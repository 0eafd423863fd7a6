internal import Identity
internal import Logging
internal import NIOCore
internal import Protocol

/// Time: deadlines, silence, frames that do not end.
extension ClientConnection {
    /// Looks at the time: overdue calls, silence, a server that does not read.
    func ticked(at now: NIODeadline) {
        guard !isClosing else { return }
        for call in machine.calls(dueBy: now, { $0.deadline }) {
            abandon(call, RPCError.deadlineExceeded(processed: .maybe, origin: .client))
        }
        if machine.phase == .awaitingHello,
            now - opened
                > .seconds(Int64(ProtocolLimits.handshakeSeconds + ProtocolLimits.helloSeconds))
        {
            failure = ConnectionFault.helloTimedOut
            close()
            return
        }
        tellOfShortage()
        if decoder.isOverdue(at: now) {
            fail(.frameTimedOut)
            return
        }
        if let context, stall.ticked(context.channel, at: now) {
            fail(.outboundStalled)
            return
        }
        switch keepalive.ticked(at: now, isBusy: machine.open > 0) {
        case .nothing: break
        case .ping:
            output.frame(.ping)
            flushSoon()
        case .close(let fault): fail(fault)
        }
    }

    /// Replies go on with smaller windows: whoever runs this process is to know why.
    private func tellOfShortage() {
        guard machine.share.isShort != hasToldOfShortage else { return }
        hasToldOfShortage = machine.share.isShort
        guard hasToldOfShortage else { return }
        logger.notice(
            "the replies of a connection hold all the bytes that it may take in",
            metadata: [
                "service": .string(expected.uri), "calls": .stringConvertible(machine.open),
                "limit": .stringConvertible(ProtocolLimits.connectionWindowBytes),
            ]
        )
    }
}
