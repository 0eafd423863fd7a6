import BatchRules
import Testing

/// Every event of the table, applied to a machine; the state after says what it did.
private func apply(_ event: PostingTaskTable.Event, to task: inout PostingTask, at now: Instant) {
    let epoch = Int64(task.attempts)
    let inTime = Instant(milliseconds: now.milliseconds + 1)
    let late = now.adding(milliseconds: task.limits.leaseMilliseconds)
    switch event {
    case .leased: _ = task.leased(by: "worker", at: inTime)
    case .heartbeat: _ = task.heartbeatReceived(epoch: epoch, at: inTime)
    case .leaseExpired: _ = task.leaseExpired(at: late)
    case .ownerLost: _ = task.ownerLost(survivor: "another", at: inTime)
    case .postedWhole:
        _ = task.replyReceived(.posted(everythingLoaded: true), epoch: epoch, at: inTime)
    case .postedWithFailures:
        _ = task.replyReceived(.posted(everythingLoaded: false), epoch: epoch, at: inTime)
    case .refused: _ = task.replyReceived(.refused, epoch: epoch, at: inTime)
    case .withdrawn: _ = task.replyReceived(.withdrawn, epoch: epoch, at: inTime)
    case .unavailable:
        _ = task.replyReceived(.unavailable(waitMilliseconds: 7), epoch: epoch, at: inTime)
    case .outcomeUnknown: _ = task.replyReceived(.outcomeUnknown, epoch: epoch, at: inTime)
    case .unreadable: _ = task.replyReceived(.unreadable, epoch: epoch, at: inTime)
    }
}

private let start = Instant(milliseconds: 1_000_000)

private func task(in status: PostingTask.Status) -> PostingTask {
    var task = PostingTask(acceptedAt: start)
    if status == .accepted { return task }
    _ = task.leased(by: "worker", at: start)
    guard status != .processing else { return task }
    _ = task.replyReceived(
        .posted(everythingLoaded: status == .complete),
        epoch: 1,
        at: start
    )
    return task
}

@Suite("The machine of a posting task")
struct PostingTaskTests {
    static let pairs = PostingTask.Status.allCases.flatMap { status in
        PostingTaskTable.Event.allCases.map { (status, $0) }
    }

    @Test("every status and event does what the table says", arguments: pairs)
    func table(status: PostingTask.Status, event: PostingTaskTable.Event) {
        var machine = task(in: status)
        let before = machine
        apply(event, to: &machine, at: start)
        if let target = PostingTaskTable.target(of: event, from: status) {
            #expect(machine.status == target)
        } else {
            #expect(machine == before, "an event outside the table changes nothing")
        }
    }

    @Test("M-05: nothing leads out of a terminal status")
    func terminal() {
        #expect(PostingTaskTable.allowed(in: .complete).isEmpty)
        #expect(PostingTaskTable.allowed(in: .error).isEmpty)
        #expect(PostingTaskTable.allowed(in: .accepted) == [.leased])
    }

    @Test("T-05: of two workers that ask, one gets the lease")
    func oneLease() {
        var machine = PostingTask(acceptedAt: start)
        let first = machine.leased(by: "a", at: start)
        let second = machine.leased(by: "b", at: start)
        let until = start.adding(milliseconds: 30_000)
        let lease = PostingTask.Lease(owner: "a", epoch: 1, expiresAt: until)
        #expect(first == .granted(lease, attempt: 1, .post))
        #expect(second == .held(until: until))
    }

    @Test("C-09: a reply under a lease that has passed on is fenced")
    func fencedEpoch() {
        var machine = task(in: .processing)
        let late = start.adding(milliseconds: 30_000)
        #expect(
            machine.leaseExpired(at: late) == .released(retryAt: late.adding(milliseconds: 100))
        )
        let again = late.adding(milliseconds: 100)
        _ = machine.leased(by: "b", at: again)
        let before = machine
        let reply = PostReply.posted(everythingLoaded: true)
        #expect(machine.replyReceived(reply, epoch: 1, at: again) == .fenced)
        #expect(machine.heartbeatReceived(epoch: 1, at: again) == .fenced)
        #expect(machine == before)
        #expect(machine.replyReceived(reply, epoch: 2, at: again) == .finish(.complete))
    }

    @Test("C-09: a reply after the lease's end is fenced even if nobody has taken over")
    func fencedByTime() {
        var machine = task(in: .processing)
        let late = start.adding(milliseconds: 30_000)
        let onReply = machine.replyReceived(.posted(everythingLoaded: true), epoch: 1, at: late)
        #expect(onReply == .fenced)
        #expect(machine.status == .processing)
    }

    @Test("a heartbeat moves the lease's end")
    func heartbeat() {
        var machine = task(in: .processing)
        let now = start.adding(milliseconds: 29_999)
        let until = now.adding(milliseconds: 30_000)
        #expect(machine.heartbeatReceived(epoch: 1, at: now) == .extended(until: until))
        #expect(machine.leaseExpired(at: now) == .stillHeld(until: until))
    }

    @Test("retries wait longer each time, up to the limit")
    func backoff() {
        let limits = TaskLimits()
        let waits = (1...8).map { limits.backoff(afterFailures: $0) }
        #expect(waits == [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
        #expect(limits.backoff(afterFailures: 1_000) == 5_000)
    }

    @Test("a named wait is respected where it is longer than the backoff")
    func namedWait() {
        var machine = task(in: .processing)
        let reply = PostReply.unavailable(waitMilliseconds: 2_500)
        let retryAt = start.adding(milliseconds: 2_500)
        #expect(machine.replyReceived(reply, epoch: 1, at: start) == .retry(at: retryAt))
        #expect(machine.leased(by: "a", at: start) == .tooEarly(until: retryAt))
    }

    @Test("C-12: a set that keeps breaking is withdrawn, not run for ever")
    func poison() {
        var machine = PostingTask(acceptedAt: start)
        var now = start
        for attempt in 1...20 {
            let onLeased = machine.leased(by: "a", at: now)
            guard case .granted(let lease, attempt, .post) = onLeased else {
                Issue.record("attempt \(attempt) was \(onLeased)")
                return
            }
            _ = machine.replyReceived(.outcomeUnknown, epoch: lease.epoch, at: now)
            now = now.adding(milliseconds: 5_000)
        }
        guard case .granted(let lease, _, let work) = machine.leased(by: "a", at: now) else {
            Issue.record("not granted")
            return
        }
        #expect(work == .withdraw)
        let onReply = machine.replyReceived(.withdrawn, epoch: lease.epoch, at: now)
        #expect(onReply == .finish(.error))
    }

    @Test("an absent posting-service costs no attempt of the twenty")
    func absence() {
        var machine = PostingTask(acceptedAt: start)
        var now = start
        for _ in 1...200 {
            _ = machine.leased(by: "a", at: now)
            let epoch = Int64(machine.attempts)
            let reply = PostReply.unavailable(waitMilliseconds: 0)
            _ = machine.replyReceived(reply, epoch: epoch, at: now)
            now = now.adding(milliseconds: 5_000)
        }
        #expect(machine.faults == 0)
        #expect(machine.status == .accepted)
    }

    @Test("D-06: a set whose body is damaged is withdrawn at the next lease")
    func damaged() {
        var machine = task(in: .processing)
        _ = machine.replyReceived(.unreadable, epoch: 1, at: start)
        let onLeased = machine.leased(by: "a", at: start.adding(milliseconds: 5_000))
        guard case .granted(_, attempt: 2, .withdraw) = onLeased else {
            Issue.record("was \(onLeased)")
            return
        }
    }
}
