internal import Foundation
internal import Identity
internal import Logging
internal import NIOCore
internal import Protocol
internal import ServiceLifecycle
internal import TLS
internal import Transport

/// One run of a service: its parts are started one after the other and stopped in reverse.
struct ServiceProcess: Sendable {
    let context: ServiceContext

    private var configuration: Configuration { context.configuration }

    func run(_ build: ServiceHost.Build) async throws {
        let admin = try await startAdmin()
        let background = startBackground()
        try makeDataFolder()
        let definition = try await build(context)
        try await definition.start()
        let server = try await startServer(definition)
        context.readiness.enter(.serving)
        let stages = [
            admin, background, auditStage(), definitionStage(definition), server,
            Stage(name: "readiness") { [readiness = context.readiness] in
                readiness.enter(.draining)
            },
        ]
        let group = ServiceGroup(
            configuration: .init(
                services: stages.compactMap { $0 }.map { .init(service: $0) },
                logger: context.logger
            )
        )
        let ending = Ending(graceSeconds: configuration.graceSeconds, logger: context.logger)
        let watch = Task { await ending.watch(group) }
        try await group.run()
        watch.cancel()
        try await context.group.shutdownGracefully()
    }

    private func makeDataFolder() throws {
        let path = configuration.dataPath("")
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw ConfigurationError(problems: [
                .init(
                    variable: "BURSAR_STATE_DIR",
                    value: configuration.stateDirectory,
                    remedy: "its data folder cannot be made (\(error)); name a folder of your own"
                )
            ])
        }
    }

    private func startAdmin() async throws -> Stage {
        let admin = AdminServer(
            readiness: context.readiness,
            metrics: context.metrics,
            logger: context.logger
        )
        let port: Int
        do {
            port = try await admin.start(
                group: context.group,
                host: configuration.adminHost,
                port: configuration.adminPort
            )
        } catch {
            throw cannotBind(configuration.adminHost, configuration.adminPort, "admin", error)
        }
        context.logger.notice("admin port open", metadata: ["port": "\(port)"])
        return Stage(name: "admin") { await admin.stop() }
    }

    /// Keeps the snapshot fresh and carries the audit trail away; auth-service does both for itself.
    private func startBackground() -> Stage {
        let context = context
        var tasks: [Task<Void, Never>] = []
        if configuration.service != .auth {
            let client = context.client(.auth)
            let poller = SnapshotPoller(
                gate: context.access,
                client: client,
                logger: context.logger
            )
            tasks.append(Task { await poller.run() })
            context.audit.connect { events in
                _ = try await client.call(
                    AuthMethods.recordAudit,
                    body: ByteBuffer(bytes: try StrictJSON.encode(AuditBatch(events: events))),
                    options: CallOptions(timeout: .seconds(2))
                )
            }
        }
        context.addReadiness("access") { [access = context.access] in access.staleness() }
        tasks.append(Task { [audit = context.audit] in await audit.run() })
        return Stage(name: "background") { [tasks] in
            for task in tasks { task.cancel() }
            for task in tasks { await task.value }
            await context.closeClients()
        }
    }

    private func startServer(_ definition: ServiceDefinition) async throws -> Stage? {
        guard configuration.service != .gateway else { return nil }
        let audit = context.audit
        let server = RPCServer(
            service: configuration.service,
            instance: context.instance,
            version: ServiceHost.version,
            tls: try TLSContext.rpcServer(
                certificate: configuration.certificatePath,
                key: configuration.keyPath,
                authority: configuration.authorityPath
            ),
            methods: definition.methods.map {
                $0.binding(access: context.access, audit: audit, metrics: context.metrics)
            },
            group: context.group,
            logger: context.logger,
            health: { [readiness = context.readiness] in readiness.reasons() },
            onRefusal: { audit.record(AuditEvent($0)) }
        )
        let port: Int
        do {
            port = try await server.start(host: configuration.host, port: configuration.port)
        } catch {
            throw cannotBind(configuration.host, configuration.port, "RPC", error)
        }
        context.logger.notice("serving", metadata: ["port": "\(port)"])
        let grace = max(1, configuration.graceSeconds - 5)
        return Stage(name: "rpc") { await server.shutdown(graceSeconds: grace) }
    }

    private func definitionStage(_ definition: ServiceDefinition) -> Stage {
        let grace = max(1, configuration.graceSeconds - 5)
        return Stage(name: "service") { await definition.stop(grace) }
    }

    private func auditStage() -> Stage {
        Stage(name: "audit") { [audit = context.audit] in await audit.flush(attempts: 1) }
    }

    private func cannotBind(
        _ host: String,
        _ port: Int,
        _ what: String,
        _ error: any Error
    ) -> ConfigurationError {
        ConfigurationError(problems: [
            .init(
                variable: "\(what) port",
                value: "\(host):\(port)",
                remedy: "it cannot be opened (\(error)); stop what uses it or name another port"
            )
        ])
    }
}

extension AuditEvent {
    /// A caller that was turned away for its certificate.
    fileprivate init(_ refusal: Refusal) {
        self.init(
            outcome: .refused,
            peer: refusal.peer?.uri ?? refusal.peerAddress,
            action: refusal.method ?? "connect",
            reason: refusal.reason,
            requestID: refusal.requestID
        )
    }
}

/// A part that runs already and is stopped when its turn comes.
private struct Stage: Service, CustomStringConvertible {
    let name: String
    let stop: @Sendable () async -> Void

    var description: String { name }

    func run() async throws {
        // Cancelled or asked to end: the part is stopped either way.
        try? await gracefulShutdown()
        await stop()
    }
}
