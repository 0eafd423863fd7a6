internal import Identity
internal import Protocol
package import ServiceRuntime
internal import Storage

/// The keeper of accounts, API keys, grants, sources, signing keys and the audit trail.
package enum AuthService {
    /// Opens the store, fills a new one, and gives the service's methods.
    package static func build(_ context: ServiceContext) async throws -> ServiceDefinition {
        let store = try Store.open(
            engine: .sqlite(path: context.dataPath("auth.db")),
            migrations: AuthSchema.migrations
        )
        context.metrics.sample(
            "bursar_store_waiting_writes",
            help: "Callers that wait for the store's writer."
        ) { Double(store.waitingWrites) }
        let first = FirstStart(
            bootstrapFile: context.configuration.bootstrapKeyFile
        )
        try await first.run(store)
        let state = try await AuthState(
            store: store,
            access: context.access,
            logger: context.logger
        )
        context.audit.connect { _ = try await state.appendAudit($0) }
        let keyUse = KeyUse(store: store)
        let bindings = AuthBindings(
            state: state,
            access: context.access,
            audit: context.audit,
            keyUse: keyUse,
            issuer: TokenIssuer(state: state, audit: context.audit, keyUse: keyUse)
        )
        return ServiceDefinition(
            methods: bindings.all,
            loops: [upkeep(state), keyUse.loop],
            stop: { await store.close() }
        )
    }

    private static func upkeep(_ state: AuthState) -> BackgroundLoop {
        BackgroundLoop(
            "access_upkeep",
            "Forgets what no token needs any more, and confirms the snapshot to our own gate.",
            every: .seconds(1)
        ) {
            try await state.tick()
            return nil
        }
    }
}

/// What the methods are made from.
struct AuthBindings: Sendable {
    let state: AuthState
    let access: AccessGate
    let audit: AuditTrail
    let keyUse: KeyUse
    let issuer: TokenIssuer
    let recentKeys = RecentKeys()

    var all: [AuthorizedBinding] {
        tokenBindings + keyBindings + accountBindings + staffBindings + auditBindings
    }

    /// Changes the store, with its audit event, and counts the event.
    func change<Value: Sendable>(
        _ call: AuthorizedCall,
        subject: String,
        _ work: @escaping @Sendable (WriteTransaction) throws -> (Value, changed: String?)
    ) async throws -> Value {
        let event = audit.stamp(call.event(subject: subject))
        let (value, stored) = try await state.change { transaction in
            let (value, changed) = try work(transaction)
            guard let changed else { return ((value, nil as AuditEvent?), nil) }
            var event = event
            event.change = changed
            return ((value, event), event)
        }
        if let stored { audit.noteStored(stored) }
        return value
    }
}
