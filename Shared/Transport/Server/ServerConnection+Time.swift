internal import Identity
internal import Logging
internal import NIOCore
internal import Protocol

/// Time: deadlines, silence, stalled readers, handshakes that do not end.
extension ServerConnection {
    /// Called with every call: while there are any, time is looked at forty times a second.
    func callBegan() {
        let wasQuiet = readAt - lastCall > Self.quiet
        lastCall = readAt
        if wasQuiet { scheduleTick() }
    }

    private static let quiet = TimeAmount.seconds(1)
    private static let tick = TimeAmount.milliseconds(25)

    func scheduleTick() {
        ticker?.cancel()
        let isBusy =
            machine.running > 0 || drainBegan != nil || loop.now - lastCall <= Self.quiet
        ticker = loop.assumeIsolated().scheduleTask(in: isBusy ? Self.tick : Self.quiet) {
            self.ticked()
        }
    }

    private func ticked() {
        guard !isClosing else { return }
        let now = loop.now
        guard machine.phase != .awaitingHello || now - opened < Self.helloLimit(peer) else {
            giveUpOnHello()
            return
        }
        for call in machine.calls(dueBy: now, { $0.incoming.deadline }) {
            finish(call, with: .deadlineExceeded(processed: .maybe, origin: .server))
            call.stop(CancellationError())
        }
        tellOfShortage()
        if isReadHeldBack { decoder.readingHeldBack(at: now) }
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
        if let drainBegan, now - drainBegan > .milliseconds(500) { closeIfIdle() }
        scheduleTick()
    }

    /// Calls go on with smaller windows, or are refused: whoever runs the service is to know why.
    private func tellOfShortage() {
        guard machine.share.isShort != hasToldOfShortage else { return }
        hasToldOfShortage = machine.share.isShort
        guard hasToldOfShortage else { return }
        server.logger.notice(
            "a connection's calls hold all the bytes that it may take in",
            metadata: [
                "peer": .string(peer?.uri ?? remoteAddress),
                "calls": .stringConvertible(machine.open),
                "limit": .stringConvertible(ProtocolLimits.connectionWindowBytes),
            ]
        )
    }

    private static func helloLimit(_ peer: PeerIdentity?) -> TimeAmount {
        let seconds =
            peer == nil
            ? ProtocolLimits.handshakeSeconds
            : ProtocolLimits.handshakeSeconds + ProtocolLimits.helloSeconds
        return .seconds(Int64(seconds))
    }

    private func giveUpOnHello() {
        if peer == nil {
            isClosing = true
            context?.close(promise: nil)
        } else {
            fail(.helloTimedOut)
        }
    }
}
