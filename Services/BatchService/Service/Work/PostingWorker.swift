package import BatchRules
internal import Crypto
package import Logging
internal import NIOConcurrencyHelpers
internal import Protocol
internal import ServiceRuntime

/// Has stored sets posted: takes their tasks, calls posting-service, saves what it says.
///
/// A set that has just been stored is handed over in memory; every other one is found by `scan`. All
/// state that matters stands in the store: a crash between any two steps is healed by the lease's end
/// or by the next start, and posting-service gives a set's first result to whoever asks again.
package final class PostingWorker: Sendable {
    package struct Options: Sendable {
        /// Sets of at most 64 KiB that are worked on at once.
        package var small = 256
        /// Larger ones; each holds an arena.
        package var large = 2
        /// Longest wait between two looks at the store.
        package var scanMilliseconds: Int64 = 1_000
        /// How often progress is asked for.
        package var progressMilliseconds: Int64 = 250

        package init() {}
    }

    /// A task that is being worked on.
    struct Job {
        let epoch: Int64
        let startedAt: Instant
        var extendedAt: Instant
        var done = 0
    }

    let store: BatchStore
    let posting: any PostingClient
    let bodies: BodyReader
    let owner: String
    let options: Options
    let now: @Sendable () -> Instant
    let logger: Logger
    /// Where small sets are worked on: the loop of the connection to posting-service.
    ///
    /// A short call then costs no change of threads. Large sets read files and go to the common pool.
    let loop: (any TaskExecutor)?
    let jobs = NIOLockedValueBox<[Int64: Job]>([:])
    let signal = Signal()
    package let room: WorkRoom

    package init(
        store: BatchStore,
        posting: any PostingClient,
        bodies: BodyReader,
        owner: String,
        options: Options = Options(),
        logger: Logger,
        loop: (any TaskExecutor)? = nil,
        now: @escaping @Sendable () -> Instant
    ) {
        self.loop = loop
        self.store = store
        self.posting = posting
        self.bodies = bodies
        self.owner = owner
        self.options = options
        self.logger = logger
        self.now = now
        room = WorkRoom(small: options.small, large: options.large, signal: signal)
    }

    /// How many sets are being worked on.
    package var inFlight: Int { jobs.withLockedValue { $0.count } }

    /// Works on a leased task in the background.
    ///
    /// - Parameters:
    ///   - task: the task, leased to this worker's owner.
    ///   - body: its body where it is still in memory.
    ///   - permit: the place that it takes; given back when the attempt has ended.
    package func start(_ task: LeasedTask, body: HeldBody?, permit: WorkRoom.Permit) {
        let time = now()
        jobs.withLockedValue {
            $0[task.setID] = Job(epoch: task.epoch, startedAt: time, extendedAt: time)
        }
        // Detached: the submitter's deadline and cancellation are none of the work's.
        Task.detached(executorPreference: permit.lane == .small ? loop : nil) {
            await self.run(task, body: body, permit: permit)
        }
    }

    private func run(_ task: LeasedTask, body: HeldBody?, permit: WorkRoom.Permit) async {
        let end = await attempt(task, body: body)
        await save(end, of: task)
        jobs.withLockedValue { jobs in
            // A later attempt of the same set may stand here by now.
            if jobs[task.setID]?.epoch == task.epoch { jobs[task.setID] = nil }
        }
        withExtendedLifetime(permit) {}
    }

    private func attempt(_ task: LeasedTask, body: HeldBody?) async -> AttemptEnd {
        let digest = Hexadecimal.encode(task.digest)
        do {
            switch task.work {
            case .withdraw:
                let result = try await posting.withdraw(setID: task.setID, digest: digest)
                return result.map(AttemptJudge.end)
                    ?? AttemptJudge.withdrawn(afterAttempts: task.attempt - 1)
            case .post:
                let held: HeldBody
                do {
                    held = if let body { body } else { try await load(task.setID) }
                } catch {
                    return AttemptJudge.end(loading: error)
                }
                let parameters = PostSetParameters(
                    setID: task.setID,
                    commitPolicy: task.commitPolicy,
                    digest: digest,
                    attempt: task.attempt
                )
                return AttemptJudge.end(try await posting.post(parameters, body: held))
            }
        } catch {
            return AttemptJudge.end(error)
        }
    }

    private func load(_ setID: Int64) async throws -> HeldBody {
        guard let body = try await store.body(of: setID) else {
            preconditionFailure("task \(setID) has no set")
        }
        return try await bodies.load(body)
    }

    private func save(_ end: AttemptEnd, of task: LeasedTask) async {
        do {
            let action = try await store.end(
                setID: task.setID,
                epoch: task.epoch,
                owner: owner,
                end,
                at: now()
            )
            report(action, end, of: task)
        } catch {
            // The lease runs out and the set is posted again, to the same result.
            logger.error(
                "a set's result could not be saved and will be asked for again",
                metadata: ["set": "\(task.setID)", "error": "\(error)"]
            )
        }
    }

    private func report(_ action: PostingTask.OnReply, _ end: AttemptEnd, of task: LeasedTask) {
        switch action {
        case .finish:
            break
        case .retry:
            logger.warning(
                "a set was not posted and will be tried again",
                metadata: [
                    "set": "\(task.setID)", "attempt": "\(task.attempt)", "cause": "\(end.detail)",
                ]
            )
            signal.raise()
        case .fenced:
            logger.warning(
                "a result came after its lease had ended and was refused",
                metadata: ["set": "\(task.setID)", "attempt": "\(task.attempt)"]
            )
        }
    }
}
