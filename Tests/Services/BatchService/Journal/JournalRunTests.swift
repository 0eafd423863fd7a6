import BatchRules
import Testing

/// The machine of a journal run, by its table.
@Suite("A journal run's machine")
struct JournalRunTests {
    static let start = Instant(milliseconds: 1_000)

    private func leased() -> JournalRun {
        var run = JournalRun(requestedAt: Self.start)
        #expect(run.leased(by: "one", at: Self.start) == .granted(epoch: 1))
        return run
    }

    @Test(
        "every reply in every status does what the table says",
        arguments: [JournalReply.posted, .refused, .incomplete, .unknown]
    )
    func table(reply: JournalReply) throws {
        var run = leased()
        let row = try #require(JournalRunTable.rows.first { $0.reply == reply })
        let action = run.replyReceived(reply, epoch: 1, at: Self.start)
        #expect(run.status == row.to)
        #expect(run.owner == nil)
        switch row.to {
        case .running: #expect(action == .retry(at: run.notBefore))
        case .posted, .failed: #expect(action == .finish(row.to))
        }
        guard run.status.isTerminal else { return }
        let ended = run
        for late in [JournalReply.posted, .refused, .incomplete, .unknown] {
            #expect(run.replyReceived(late, epoch: 1, at: Self.start) == .fenced)
        }
        #expect(run.leased(by: "two", at: Self.start) == .finished)
        #expect(run.heartbeatReceived(epoch: 1, at: Self.start) == .fenced)
        #expect(run == ended)
    }

    @Test("a holder that falls silent is succeeded, and its late reply changes nothing")
    func fenced() {
        var run = leased()
        let soon = Self.start.adding(milliseconds: 9_999)
        #expect(run.leased(by: "two", at: soon) == .held(until: run.leaseUntil))
        let late = Self.start.adding(milliseconds: 10_000)
        #expect(run.leased(by: "two", at: late) == .granted(epoch: 2))
        #expect(run.replyReceived(.refused, epoch: 1, at: late) == .fenced)
        #expect(run.status == .running)
        #expect(run.replyReceived(.posted, epoch: 2, at: late) == .finish(.posted))
    }

    @Test("a clock that is set back keeps a run neither waiting nor held for longer than ever")
    func clockSetBack() {
        let earlier = Self.start.adding(milliseconds: -3_600_000)
        var run = leased()
        #expect(run.leased(by: "two", at: earlier) == .granted(epoch: 2))
        run = leased()
        _ = run.replyReceived(.unknown, epoch: 1, at: Self.start)
        #expect(run.leased(by: "two", at: Self.start) == .tooEarly(until: run.notBefore))
        #expect(run.leased(by: "two", at: earlier) == .granted(epoch: 2))
    }

    @Test("a heartbeat extends the lease")
    func heartbeat() {
        var run = leased()
        let later = Self.start.adding(milliseconds: 8_000)
        #expect(run.heartbeatReceived(epoch: 1, at: later) == .extended)
        #expect(run.leased(by: "two", at: later.adding(milliseconds: 9_999)) != .finished)
        #expect(run.owner == "one")
        #expect(run.heartbeatReceived(epoch: 7, at: later) == .fenced)
    }

    @Test("a dead owner's run is free at the next start, one's own is not")
    func ownerLost() {
        var run = leased()
        #expect(run.ownerLost(survivor: "one") == .stillHeld)
        #expect(run.ownerLost(survivor: "two") == .released)
        #expect(run.ownerLost(survivor: "two") == .notHeld)
        #expect(run.leased(by: "two", at: Self.start) == .granted(epoch: 2))
    }

    @Test("waits grow to their limit; an unknown outcome is asked after for ever")
    func backoff() {
        var run = JournalRun(requestedAt: Self.start)
        var now = Self.start
        var waits: [Int64] = []
        for attempt in 1...300 {
            #expect(run.leased(by: "one", at: now) == .granted(epoch: Int64(attempt)))
            guard case .retry(let at) = run.replyReceived(.unknown, epoch: run.epoch, at: now)
            else {
                Issue.record("it was given up")
                return
            }
            waits.append(at.milliseconds - now.milliseconds)
            #expect(run.leased(by: "one", at: now) == .tooEarly(until: at))
            now = at
        }
        #expect(waits.prefix(6) == [50, 100, 200, 400, 800, 1_000])
        #expect(waits.max() == 1_000)
    }

    @Test("operations that never arrive fail the run in the end")
    func incomplete() {
        let limits = JournalLimits(attemptsForOperations: 3)
        var run = JournalRun(requestedAt: Self.start, limits: limits)
        var now = Self.start
        var actions: [JournalRun.OnReply] = []
        for _ in 1...3 {
            _ = run.leased(by: "one", at: now)
            actions.append(run.replyReceived(.incomplete, epoch: run.epoch, at: now))
            now = now.adding(milliseconds: 1_000)
        }
        #expect(actions.last == .finish(.failed))
        #expect(run.status == .failed)
    }
}
