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
    private let context: ServiceContext
    private let loops: LoopDriver
    private let grace: Grace

    init(context: ServiceContext) {
        self.context = context
        loops = LoopDriver(logger: context.logger, metrics: context.metrics)
        grace = Grace(seconds: context.configuration.graceSeconds)
    }

    private var configuration: Configuration { context.configuration }

    /// Returns when the process was asked to end and every part has ended.
    func run(_ build: ServiceHost.Build) async throws {
        let admin = try await startAdmin()
        startOwnLoops()
        try makeDataFolder()
        let definition = try await build(context)
        loops.start(definition.loops)
        try await definition.start()
        let server = try await startServer(definition)
        context.readiness.enter(.serving)
        let stages = [admin] + endings(of: definition) + [server, drainingStage()]
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

    /// What follows the last call at a stop, the last of it first.
    ///
    /// Loops run until what is in flight has ended, for that may need them; audit events leave after
    /// the loops, so that no batch of theirs travels any more, and while the connections are open and
    /// the stores too: auth-service's events go to its own.
    private func endings(of definition: ServiceDefinition) -> [Stage] {
        [
            Stage("connections") { [context] in await context.closeClients() },
            Stage("stores") { [logger = context.logger] in
                await definition.stop()
                logger.info("stores closed")
            },
            Stage("audit") { [audit = context.audit, grace] in
                await audit.flush(seconds: grace.left(keeping: Self.closingSeconds))
            },
            Stage("loops") { [loops] in await loops.stop() },
            Stage("work") { [grace] in
                await definition.drain(grace.left(keeping: Self.reserveSeconds))
            },
        ]
    }

    /// Kept of the grace for what follows the work in flight, and of that for closing.
    private static let reserveSeconds = 5
    private static let closingSeconds = 2

    private func drainingStage() -> Stage {
        Stage("readiness") { [readiness = context.readiness, grace] in
            grace.begin()
            readiness.enter(.draining)
        }
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
                host: configuration.adminHost,
                port: configuration.adminPort
            )
        } catch {
            throw cannotBind(configuration.adminHost, configuration.adminPort, "admin", error)
        }
        context.logger.notice("admin port open", metadata: ["port": "\(port)"])
        return Stage("admin") { await admin.stop() }
    }

    /// Keeps the snapshot fresh and carries the audit trail away; auth-service does both for itself.
    private func startOwnLoops() {
        var own = [context.audit.loop]
        if configuration.service != .auth {
            let client = context.client(.auth)
            own.append(SnapshotPoller(gate: context.access, client: client).loop)
            context.audit.connect { events in
                _ = try await client.call(
                    AuthMethods.recordAudit,
                    body: ByteBuffer(bytes: try StrictJSON.encode(AuditBatch(events: events))),
                    options: CallOptions(timeout: .seconds(2))
                )
            }
        }
        context.addReadiness("access") { [access = context.access] in access.staleness() }
        loops.start(own)
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
            health: { [readiness = context.readiness, loops] in
                ServiceHealth(reasons: readiness.reasons(), loops: loops.statuses)
            },
            onRefusal: { audit.record(RefusedCall($0)) }
        )
        let port: Int
        do {
            port = try await server.start(host: configuration.host, port: configuration.port)
        } catch {
            throw cannotBind(configuration.host, configuration.port, "RPC", error)
        }
        context.logger.notice("serving", metadata: ["port": "\(port)"])
        return Stage("rpc") { [grace] in
            await server.shutdown(graceSeconds: grace.left(keeping: Self.reserveSeconds))
        }
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

extension RefusedCall {
    /// A caller that was turned away for its certificate.
    fileprivate init(_ refusal: Refusal) {
        self.init(
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

    init(_ name: String, stop: @escaping @Sendable () async -> Void) {
        self.name = name
        self.stop = stop
    }

    var description: String { name }

    func run() async throws {
        // Cancelled or asked to end: the part is stopped either way.
        try? await gracefulShutdown()
        await stop()
    }
}
