internal import Identity
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
            machine.running > 0 || drainBegan != nil || NIODeadline.now() - lastCall <= Self.quiet
        ticker = loop.assumeIsolated().scheduleTask(in: isBusy ? Self.tick : Self.quiet) {
            self.ticked()
        }
    }

    private func ticked() {
        guard !isClosing else { return }
        let now = NIODeadline.now()
        guard machine.phase != .awaitingHello || now - opened < Self.helloLimit(peer) else {
            giveUpOnHello()
            return
        }
        for call in machine.calls(dueBy: now, { $0.incoming.deadline }) {
            finish(call, with: .deadlineExceeded(processed: .maybe, origin: .server))
            call.stop(CancellationError())
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
