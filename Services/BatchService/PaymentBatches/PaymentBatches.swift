internal import ServiceStore
package import Dates
internal import Identity
internal import Logging
internal import Protocol
package import ServiceRuntime
package import Storage
internal import Transport

/// Payment batches, drawers and journal runs: a part of batch-service with a store's tables of its own.
///
/// Nothing here needs posting-service to be there: what it is asked waits or is refused.
package enum PaymentBatches {
    /// Binds every method over a store that has the tables; who opened the store closes it.
    package static func build(
        _ context: ServiceContext,
        store: Store,
        now: @escaping @Sendable () -> Int64,
        today: @escaping @Sendable () -> CalendarDay
    ) async throws -> ServiceDefinition {
        let ledger = RPCLedgerClient(client: context.client(.posting), token: context.serviceToken)
        let forwarder = LedgerForwarder(
            store: store,
            ledger: ledger,
            owner: context.instance,
            logger: context.logger,
            now: now
        )
        // The loop that posting-service's answers arrive on: what follows them needs no other thread.
        let executor = context.client(.posting).executor
        let accounts = LedgerAccounts(ledger: ledger, executor: executor)
        let parts = PaymentParts(
            store: store,
            environment: PaymentEnvironment(
                now: now,
                today: today,
                accounts: accounts,
                ledger: forwarder,
                consumeReservation: DrawerReservations.consume,
                executor: executor
            )
        )
        let worker = JournalWorker(
            parts,
            ledger: ledger,
            owner: context.instance,
            logger: context.logger
        )
        try await recover(context, store, worker)
        let audit = AuditOutbox(
            store: store,
            context: context,
            origin: ServiceName.batch.rawValue
        )
        show(forwarder, accounts, in: context.metrics)
        return ServiceDefinition(
            methods: bindings(parts, context.access) { worker.wake() },
            loops: [
                forwarder.loop(on: executor), worker.loop,
                ReservationSweeper(parts, ledger: ledger, logger: context.logger).loop, audit.loop,
            ]
        )
    }

    private static func show(
        _ forwarder: LedgerForwarder,
        _ accounts: LedgerAccounts,
        in metrics: MetricsRegistry
    ) {
        metrics.sample(
            "bursar_payment_ledger_outbox",
            help: "Payment operations that the ledger has still to be told of.",
            counting: { forwarder.waitingRows }
        )
        metrics.sample(
            "bursar_payment_accounts_waiting",
            help: "Accounts that wait to be asked after.",
            counting: { Int64(accounts.waitingAccounts) }
        )
    }

    private static func recover(
        _ context: ServiceContext,
        _ store: Store,
        _ worker: JournalWorker
    ) async throws {
        try await WorkLease.endOthers(than: context.instance, in: store)
        let recovered = try await worker.recover()
        if recovered > 0 {
            context.logger.notice("journal runs taken over", metadata: ["count": "\(recovered)"])
        }
    }

    private static func bindings(
        _ parts: PaymentParts,
        _ access: AccessGate,
        wakeJournal: @escaping @Sendable () -> Void
    ) -> [AuthorizedBinding] {
        let sessions = DrawerSessions(parts) { access.staff(userID: $0)?.user }
        let starting = JournalStarting(parts, wake: wakeJournal)
        return PaymentBindings(parts: parts).all
            + JournalBindings(starting, JournalReading(parts)).all
            + DrawerBindings(sessions).all
            + SettingBindings(PaymentSettings(parts)).all
    }
}
