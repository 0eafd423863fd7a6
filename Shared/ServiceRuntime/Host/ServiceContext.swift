package import Logging
internal import NIOConcurrencyHelpers
package import NIOCore
package import NIOPosix
package import Identity
internal import Protocol
package import TLS
package import Transport

/// What every part of a service shares: configuration, log, event loops, access, audit, figures and
/// the way to the other services.
package final class ServiceContext: Sendable {
    package let configuration: Configuration
    package let logger: Logger
    package let group: MultiThreadedEventLoopGroup
    package let access: AccessGate
    package let audit: AuditTrail
    package let metrics: MetricsRegistry
    package let readiness: Readiness
    /// Tells this process from every other one of the same service.
    package let instance: String
    private let clientTLS: TLSContext
    private let clients = NIOLockedValueBox<[ServiceName: RPCClient]>([:])
    private let ownToken = NIOLockedValueBox<ServiceToken?>(nil)

    package init(
        configuration: Configuration,
        logger: Logger,
        group: MultiThreadedEventLoopGroup,
        access: AccessGate,
        audit: AuditTrail,
        metrics: MetricsRegistry,
        readiness: Readiness,
        instance: String,
        clientTLS: TLSContext
    ) {
        self.configuration = configuration
        self.logger = logger
        self.group = group
        self.access = access
        self.audit = audit
        self.metrics = metrics
        self.readiness = readiness
        self.instance = instance
        self.clientTLS = clientTLS
    }

    /// The connection to another service; always the same one, made on its first call.
    package func client(_ service: ServiceName) -> RPCClient {
        clients.withLockedValue { clients in
            if let client = clients[service] { return client }
            let made = makeClient(service)
            clients[service] = made
            return made
        }
    }

    /// One more connection to another service, on an event loop of one's own; its maker closes it.
    package func makeClient(_ service: ServiceName, on loop: (any EventLoop)? = nil) -> RPCClient {
        let endpoint =
            configuration.endpoints[service]
            ?? Configuration.Endpoint(host: "127.0.0.1", port: service.defaultPort)
        return RPCClient(
            to: service,
            host: endpoint.host,
            port: endpoint.port,
            tls: clientTLS,
            loop: loop ?? group.next(),
            logger: logger
        )
    }

    /// This service's own token, for calls that it makes in its own name.
    package var serviceToken: ServiceToken {
        let client = client(.auth)
        return ownToken.withLockedValue { held in
            if let held { return held }
            let made = ServiceToken {
                try await client.call(
                    AuthMethods.issueServiceToken,
                    body: ByteBuffer(string: "{}"),
                    options: CallOptions(timeout: .seconds(5))
                ).decode(IssuedToken.self)
            }
            held = made
            return made
        }
    }

    /// The path of a file in the deployment's `data` folder.
    package func dataPath(_ file: String) -> String { configuration.dataPath(file) }

    /// Adds a reason for which the service may not be ready; nil from `check` is well.
    package func addReadiness(_ name: String, _ check: @escaping @Sendable () -> String?) {
        readiness.add(name, check)
    }

    /// Closes the connections that `client` made.
    func closeClients() async {
        let open = clients.withLockedValue { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        for client in open { await client.close() }
    }
}
