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

/// Builds batch-service from its parts and says what runs beside its methods.
package enum BatchService {
    /// Arenas for sets that arrive or are posted, and for results that are read.
    private static let workArenas = 3
    private static let readArenas = 3

    package static func build(_ context: ServiceContext) async throws -> ServiceDefinition {
        let parts = try await Parts(context)
        return ServiceDefinition(
            methods: parts.bindings.all + parts.payments.bindings,
            start: { parts.start() },
            stop: { await parts.stop(graceSeconds: $0) }
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

    /// Everything that lives as long as the process.
    private struct Parts: Sendable {
        let store: BatchStore
        let worker: PostingWorker
        let anchor: AnchorCheck
        let forwarder: AuditForwarder
        let bindings: BatchBindings
        let payments: PaymentBatches
        private let files: BodyFiles
        private let background = BackgroundTasks()

        init(_ context: ServiceContext) async throws {
            let consent = context.configuration.settings[AnchorCheck.consentVariable] == "1"
            store = try await BatchService.openStore(context, hasConsent: consent)
            files = try BodyFiles(
                directory: context.dataPath("bodies"),
                lastUsed: try await store.lastBody(),
                onFatal: BatchService.stopProcess
            )
            let limit = context.configuration.maximumBodyBytes
            let work = ArenaPool(limit: workArenas, capacity: limit)
            let read = ArenaPool(limit: readArenas, capacity: limit)
            let readers = SetReaders()
            let posting = RPCPostingClient(
                client: context.client(.posting),
                token: context.serviceToken
            )
            worker = PostingWorker(
                store: store,
                posting: posting,
                bodies: BodyReader(files: files, arenas: work),
                owner: context.instance,
                logger: context.logger,
                loop: context.client(.posting).executor,
                now: BatchService.now
            )
            let recovered = try await store.recoverLeases(
                survivor: context.instance,
                at: BatchService.now()
            )
            if recovered > 0 {
                context.logger.notice("tasks taken over", metadata: ["count": "\(recovered)"])
            }
            anchor = BatchService.anchor(context, store, posting, hasConsent: consent)
            forwarder = BatchService.forwarder(context, store, worker)
            let results = ResultReader(
                store: store,
                bodies: BodyReader(files: files, arenas: read),
                readers: readers
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
                    keys: try await ContinuationKeys.open(store),
                    days: BusinessDays(timeZone: context.configuration.timeZone)
                ),
                results: results,
                logger: context.logger,
                now: BatchService.now
            )
            payments = try await PaymentBatches(
                context,
                store: store.store,
                now: Timestamps.now,
                today: BatchService.today(in: context.configuration.timeZone)
            )
            let (anchor, worker) = (anchor, worker)
            context.addReadiness("stores") { anchor.obstacle }
            context.metrics.sample(
                "bursar_batch_sets_in_progress",
                help: "Posting sets that are being worked on."
            ) { Double(worker.inFlight) }
            for gauge in payments.gauges {
                context.metrics.sample(gauge.name, help: gauge.help) { Double(gauge.read()) }
            }
        }

        func start() {
            files.prepareAhead()
            let (anchor, worker, forwarder) = (anchor, worker, forwarder)
            background.start([
                { await anchor.run() }, { await worker.run() }, { await forwarder.run() },
            ])
            background.start(payments.loops)
        }

        func stop(graceSeconds: Int) async {
            let isDrained = await worker.drain(milliseconds: Int64(graceSeconds) * 500)
            await background.stop()
            if isDrained { await store.close() }
        }
    }
}

// MARK: - Parts that need a few words

extension BatchService {
    private static func openStore(
        _ context: ServiceContext,
        hasConsent: Bool
    ) async throws -> BatchStore {
        var options = StoreOptions()
        options.acceptsRestoredStore = hasConsent
        let store = try Store.open(
            path: context.dataPath("batch.db"),
            migrations: BatchSchema.migrations,
            options: options
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
        _ posting: any PostingClient,
        hasConsent: Bool
    ) -> AnchorCheck {
        AnchorCheck(
            store: store,
            posting: posting,
            hasConsent: hasConsent,
            logger: context.logger
        ) { [audit = context.audit] message in
            audit.record(
                AuditEvent(
                    outcome: .allowed,
                    actor: "operator",
                    action: "accept_restored_store",
                    subject: "batch.db",
                    reason: message
                )
            )
        }
    }

    private static func forwarder(
        _ context: ServiceContext,
        _ store: BatchStore,
        _ worker: PostingWorker
    ) -> AuditForwarder {
        AuditForwarder(
            store: store,
            logger: context.logger,
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
