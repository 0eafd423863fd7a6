internal import NIOConcurrencyHelpers
package import ServiceRuntime
package import BatchRules
internal import Dates
internal import Logging
internal import Protocol

/// What the worker does by the clock. No loop takes input: each looks at the store.
extension PostingWorker {
    /// What the worker does by itself.
    package var loops: [BackgroundLoop] {
        [
            BackgroundLoop(
                "posting_scan",
                "Takes up sets that wait to be posted, and those whose lease ran out.",
                every: .milliseconds(options.scanMilliseconds),
                wokenBy: signal
            ) {
                let next = try await self.scan()
                return next.map { [self] next in
                    let wait = max(next.milliseconds - now().milliseconds, 5)
                    return .milliseconds(min(wait, options.scanMilliseconds))
                }
            },
            BackgroundLoop(
                "posting_leases",
                "Keeps the leases of sets that are being posted alive, and asks for their progress.",
                every: .milliseconds(options.progressMilliseconds)
            ) {
                try await self.beat()
                return nil
            },
        ]
    }

    /// Takes back leases that have run out, and starts waiting tasks while there is room.
    ///
    /// - Returns: when the next waiting task may be taken; nil where none waits, or where one waits
    ///   for room: then the room's signal says when to look again.
    package func scan() async throws -> Instant? {
        let time = now()
        let expired = try await store.releaseExpired(at: time)
        if expired > 0 {
            logger.warning("leases ran out", metadata: ["count": "\(expired)"])
        }
        var next: Instant?
        for lane in WorkRoom.Lane.allCases {
            guard let time = try await startWaiting(lane, at: time) else { continue }
            next = min(next ?? time, time)
        }
        return next
    }

    private func startWaiting(_ lane: WorkRoom.Lane, at time: Instant) async throws -> Instant? {
        room.setBacklog(lane, false)
        guard let first = try await store.nextWaiting(lane) else { return nil }
        guard first <= time else { return first }
        var permits = room.reserveAll(lane)
        let tasks = try await store.leaseWaiting(
            lane,
            to: owner,
            at: time,
            limit: permits.count
        )
        for task in tasks {
            guard let permit = permits.popLast() else {
                preconditionFailure("more tasks were leased than asked for")
            }
            start(task, body: nil, permit: permit)
        }
        guard let next = try await store.nextWaiting(lane) else { return nil }
        guard next <= time else { return next }
        room.setBacklog(lane, true)
        return nil
    }

    /// Extends the leases that are a third over, and saves how far running sets have come.
    package func beat() async throws {
        let time = now()
        try await mendClock(at: time)
        try await extendLeases(at: time)
        await saveProgress(at: time)
    }

    private func mendClock(at time: Instant) async throws {
        let cut = try await store.cutWaits(at: time)
        guard cut > 0 else { return }
        logger.warning("the clock was set back: waits were cut", metadata: ["count": "\(cut)"])
        signal.raise()
    }

    private func extendLeases(at time: Instant) async throws {
        let due = BoundedWait(longest: store.limits.leaseMilliseconds / 3)
        let held = jobs.withLockedValue { jobs in
            jobs.filter { job in
                let end = due.horizon(at: job.value.extendedAt.milliseconds)
                return due.isOver(end, at: time.milliseconds)
            }
            .map { (setID: $0.key, epoch: $0.value.epoch) }
        }
        guard !held.isEmpty else { return }
        let fenced = try await store.extendLeases(held, at: time)
        jobs.withLockedValue { jobs in
            for (setID, _) in held { jobs[setID]?.extendedAt = time }
        }
        if !fenced.isEmpty {
            logger.warning("leases were lost", metadata: ["sets": "\(fenced.prefix(20))"])
        }
    }

    private func saveProgress(at time: Instant) async {
        let slow = jobs.withLockedValue { jobs in
            jobs.filter {
                $0.value.startedAt.adding(milliseconds: options.progressMilliseconds) <= time
            }.keys.prefix(100)
        }
        guard !slow.isEmpty else { return }
        do {
            let progress = try await posting.progress(of: Array(slow))
            let changed = jobs.withLockedValue { jobs in
                progress.filter { set in
                    guard let job = jobs[set.setID], job.done != set.done else { return false }
                    jobs[set.setID]?.done = set.done
                    return true
                }
            }
            if !changed.isEmpty { try await store.saveProgress(changed) }
        } catch {
            // Progress is a courtesy: the next beat asks again.
            logger.debug("progress is not known", metadata: ["error": "\(error)"])
        }
    }

    /// Waits until nothing is being worked on, at most so long.
    ///
    /// - Returns: whether all has ended; what has not is taken up again by the next start.
    package func drain(milliseconds: Int64) async -> Bool {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while inFlight > 0, ContinuousClock.now < end {
            // Cancelled, it asks without a pause until the end: nobody cancels it.
            try? await Task.sleep(for: .milliseconds(20))
        }
        return inFlight == 0
    }
}
