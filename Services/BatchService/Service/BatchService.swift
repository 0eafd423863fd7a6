internal import ServiceStore
internal import BatchRules
internal import Dates
internal import Foundation
internal import Identity
internal import Logging
internal import NIOCore
internal import PaymentBatches
internal import Protocol
package import ServiceRuntime
internal import Storage
internal import Transport

/// The keeper of posting sets, of payments and their batches: it has them posted by posting-service.
package enum BatchService {
    /// Arenas for sets that arrive or are posted, and for results that are read.
    private static let workArenas = 3
    private static let readArenas = 3

    /// Opens the store, takes over what a dead process left, and binds every method.
    package static func build(_ context: ServiceContext) async throws -> ServiceDefinition {
        let store = try await openStore(context)
        let sets = try await Sets(context, store)
        let payments = try await PaymentBatches.build(
            context,
            store: store.store,
            now: Timestamps.now,
            today: today(in: context.configuration.timeZone)
        )
        return ServiceDefinition(
            methods: sets.bindings.all + payments.methods,
            loops: sets.loops + payments.loops,
            drain: { await sets.drain(graceSeconds: $0) },
            stop: {
                await sets.stop()
                await store.close()
            }
        )
    }

    @Sendable static func now() -> Instant { Instant(milliseconds: Timestamps.now()) }

    /// The day in a time zone.
    private static func today(in timeZone: TimeZone) -> @Sendable () -> CalendarDay {
        {
            let now = Timestamps.now()
            let moment = Date(timeIntervalSince1970: Double(now / 1_000))
            let local = now + Int64(timeZone.secondsFromGMT(for: moment)) * 1_000
            return CalendarDay(daysSince1970: Int(local / 86_400_000))
        }
    }

    /// Ends the process: what is on disk is unknown (faults 7.1, item 3).
    @Sendable static func stopProcess(_ cause: String) -> Never {
        FileHandle.standardError.write(Data("fatal: \(cause)\n".utf8))
        _exit(70)
    }

    /// Posting sets: from their arrival to their results.
    private struct Sets: Sendable {
        let bindings: BatchBindings
        let loops: [BackgroundLoop]
        private let worker: PostingWorker
        private let pool = ReadingPool()
        private let logger: Logger

        init(_ context: ServiceContext, _ store: BatchStore) async throws {
            let files = try BodyFiles(
                directory: context.dataPath("bodies"),
                used: try await store.bodyExtents(),
                onFatal: BatchService.stopProcess
            )
            files.prepareAhead()
            let limit = context.configuration.maximumBodyBytes
            let work = ArenaPool(limit: workArenas, capacity: limit)
            let read = ArenaPool(limit: readArenas, capacity: limit)
            let readers = SetReaders()
            let posting = RPCPostingClient(
                client: context.client(.posting),
                token: context.serviceToken
            )
            worker = BatchService.worker(
                context,
                store,
                posting,
                BodyReader(files: files, arenas: work, logger: context.logger)
            )
            let recovered = try await store.recoverLeases(
                survivor: context.instance,
                at: BatchService.now()
            )
            if recovered > 0 {
                context.logger.notice("tasks taken over", metadata: ["count": "\(recovered)"])
            }
            let anchor = BatchService.anchor(context, store, posting)
            let results = ResultReader(
                store: store,
                bodies: BodyReader(files: files, arenas: read, logger: context.logger),
                readers: readers,
                pool: pool
            )
            let reception = BodyReception(files: files, arenas: work, maximumBytes: limit)
            bindings = BatchBindings(
                intake: SetIntake(
                    store: store,
                    worker: worker,
                    reception: reception,
                    readers: readers,
                    environment: BatchService.environment(context, anchor)
                ),
                tasks: TaskReader(store: store),
                history: HistoryReader(
                    store: store,
                    results: results,
                    keys: ContinuationKeys(store.store),
                    days: BusinessDays(timeZone: context.configuration.timeZone)
                ),
                results: results,
                logger: context.logger,
                now: BatchService.now
            )
            let forwarder = BatchService.forwarder(context, store, worker)
            loops = [anchor.loop] + worker.loops + [forwarder.loop]
            logger = context.logger
            BatchService.show(worker, anchor, pool, in: context)
        }

        func stop() async { await pool.stop() }

        func drain(graceSeconds: Int) async {
            guard await !worker.drain(milliseconds: Int64(graceSeconds) * 1_000) else { return }
            logger.warning(
                "sets are still being posted: the next start takes them up again",
                metadata: ["count": "\(worker.inFlight)"]
            )
        }
    }
}

// MARK: - Parts that need a few words

extension BatchService {
    private static func worker(
        _ context: ServiceContext,
        _ store: BatchStore,
        _ posting: any PostingClient,
        _ bodies: BodyReader
    ) -> PostingWorker {
        PostingWorker(
            store: store,
            posting: posting,
            bodies: bodies,
            owner: context.instance,
            logger: context.logger,
            loop: context.client(.posting).executor,
            now: now
        )
    }

    private static func show(
        _ worker: PostingWorker,
        _ anchor: AnchorCheck,
        _ pool: ReadingPool,
        in context: ServiceContext
    ) {
        context.addReadiness("stores") { anchor.obstacle }
        context.metrics.sample(
            "bursar_batch_sets_in_progress",
            help: "Posting sets that are being worked on."
        ) { Double(worker.inFlight) }
        context.metrics.sample(
            "bursar_batch_reading_work",
            help: "Pieces of work on large sets that are read: they run or wait."
        ) { Double(pool.depth) }
        context.metrics.sample(
            "bursar_batch_reading_refused_total",
            help: "Readings of large sets that were refused because too many waited.",
            asCounter: true
        ) { Double(pool.refused) }
    }

    private static func openStore(_ context: ServiceContext) async throws -> BatchStore {
        var options = SQLiteOptions()
        options.acceptsRestoredStore = context.configuration.acceptsRestoredStore
        let store = try Store.open(
            engine: .sqlite(path: context.dataPath("batch.db"), options: options),
            migrations: BatchSchema.migrations
        )
        return try await BatchStore(store: store)
    }

    private static func environment(
        _ context: ServiceContext,
        _ anchor: AnchorCheck
    ) -> SetIntake.Environment {
        SetIntake.Environment(
            obstacle: { anchor.obstacle.map { _ in "New sets are not accepted at the moment." } },
            commitPolicy: { [access = context.access] in
                access.source($0)?.commitPolicy ?? .perTransaction
            },
            now: now
        )
    }

    private static func anchor(
        _ context: ServiceContext,
        _ store: BatchStore,
        _ posting: any PostingClient
    ) -> AnchorCheck {
        AnchorCheck(
            store: store,
            posting: posting,
            hasConsent: context.configuration.acceptsRestoredStore,
            logger: context.logger,
            now: now
        )
    }

    private static func forwarder(
        _ context: ServiceContext,
        _ store: BatchStore,
        _ worker: PostingWorker
    ) -> AuditForwarder {
        AuditForwarder(
            store: store,
            load: { worker.inFlight }
        ) { [client = context.client(.auth)] events in
            _ = try await client.call(
                AuthMethods.recordAudit,
                body: ByteBuffer(bytes: try StrictJSON.encode(AuditBatch(events: events))),
                options: CallOptions(timeout: .seconds(10))
            )
        }
    }
}
