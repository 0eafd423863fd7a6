internal import Identity
internal import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import Protocol
package import ServiceRuntime
internal import TLS
internal import Transport

/// The gateway as a service: the HTTPS port in front, one connection for each service and event loop
/// behind.
package enum GatewayService {
    package static func build(_ context: ServiceContext) async throws -> ServiceDefinition {
        let configuration = context.configuration
        let log = AccessLog(on: context.group.next())
        let metrics = EdgeMetrics(context.metrics)
        let isLogged = configuration.logLevel <= .info
        let lanes = Lanes(context) { record in
            metrics.exchangeEnded(record)
            if isLogged { log.add(record) }
        }
        let server = EdgeServer(
            tls: try TLSContext.edgeServer(
                certificate: configuration.certificatePath,
                key: configuration.keyPath
            ),
            limits: limits(configuration),
            rules: HeadRules(
                hosts: HostRule.forEdge(
                    boundTo: configuration.host,
                    extra: configuration.edgeHosts
                ),
                maximumTargetBytes: EdgeLimits().maximumTargetBytes
            ),
            group: context.group,
            responders: { lanes.responder(on: $0) },
            logger: context.logger,
            abuseFound: { [logger = context.logger] kind, client in
                metrics.abuseFound(kind)
                logger.warning(
                    "a client was cut off",
                    metadata: ["client": "\(client)", "reason": "\(kind)"]
                )
            }
        )
        metrics.countConnections { server.connectionCount }
        return ServiceDefinition(
            start: {
                let port = try await server.start(
                    host: configuration.host,
                    port: configuration.port
                )
                context.logger.notice("serving", metadata: ["port": "\(port)"])
            },
            drain: { await server.shutdown(graceSeconds: $0) },
            stop: {
                await lanes.close()
                log.stop()
            }
        )
    }

    private static func limits(_ configuration: Configuration) -> EdgeLimits {
        var limits = EdgeLimits()
        limits.maximumBodyBytes = configuration.maximumBodyBytes
        return limits
    }
}

/// One set of connections to the services for each event loop, made when that loop's first client
/// comes, so that a request and its call stay on one loop.
private final class Lanes: Sendable {
    private struct Lane {
        let responder: Gateway
        let clients: [RPCClient]
    }

    private let context: ServiceContext
    private let onEnd: @Sendable (ExchangeRecord) -> Void
    private let lanes = NIOLockedValueBox<[ObjectIdentifier: Lane]>([:])

    init(_ context: ServiceContext, onEnd: @escaping @Sendable (ExchangeRecord) -> Void) {
        self.context = context
        self.onEnd = onEnd
    }

    func responder(on loop: any EventLoop) -> Gateway {
        lanes.withLockedValue { lanes in
            if let lane = lanes[ObjectIdentifier(loop)] { return lane.responder }
            let made = makeLane(loop)
            lanes[ObjectIdentifier(loop)] = made
            return made.responder
        }
    }

    private func makeLane(_ loop: any EventLoop) -> Lane {
        let auth = context.makeClient(.auth, on: loop)
        let batch = context.makeClient(.batch, on: loop)
        let posting = context.makeClient(.posting, on: loop)
        let access = context.access
        let audit = context.audit
        let logger = context.logger
        let reports = FailureReports()
        let endpoints = EdgeRoutes.all(
            Upstreams(
                auth: RPCUpstream(client: auth),
                batch: RPCUpstream(client: batch),
                posting: RPCUpstream(client: posting)
            ),
            maximumBodyBytes: context.configuration.maximumBodyBytes,
            verificationKeys: { access.snapshot?.keys }
        )
        let gateway = Gateway(
            endpoints: endpoints,
            authorize: { token, authority in
                Result { () throws(AccessRefusal) in
                    try access.authorize(token: token, authority: authority)
                }
            },
            audit: { audit.record($0) },
            report: { error, request in reports.add(error, request, to: logger) },
            onEnd: onEnd
        )
        return Lane(responder: gateway, clients: [auth, batch, posting])
    }

    func close() async {
        let all = lanes.withLockedValue { lanes in
            defer { lanes = [:] }
            return Array(lanes.values)
        }
        for lane in all {
            for client in lane.clients { await client.close() }
        }
    }
}

/// Puts failed requests into the log: the first of them at once, of a flood ten a second.
private final class FailureReports: Sendable {
    private let allowance = NIOLockedValueBox(
        TokenBucket(burst: 100, perSecond: 10, now: .now())
    )

    func add(_ error: any Error, _ request: EdgeRequest, to logger: Logger) {
        guard allowance.withLockedValue({ $0.spend(now: .now()) }) else { return }
        var metadata: Logger.Metadata = [
            "request_id": "\(request.id)", "path": "\(request.target?.path ?? "")",
        ]
        guard let error = error as? RPCError else {
            metadata["cause"] = "\(error)"
            logger.error("a request failed", metadata: metadata)
            return
        }
        metadata["status"] = "\(error.status.name)"
        metadata["reason"] = "\(error.reason)"
        metadata["cause"] = "\(error.message)"
        logger.warning("a request failed", metadata: metadata)
    }
}
