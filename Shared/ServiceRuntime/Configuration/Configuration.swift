package import Foundation
package import Identity
package import Logging

/// Everything that a process of a deployment reads from its environment, checked as a whole: a new
/// setting is a field here, with its default, its limits and the remedy, and a line of README's table.
///
/// Without any variable the defaults of design 1.8 hold and a service runs at once. A fault in one
/// variable does not hide a fault in another: `ConfigurationError` lists them all, each with the
/// variable, the value and the remedy.
package struct Configuration: Sendable {
    /// Where a service of the deployment listens.
    package struct Endpoint: Sendable, Hashable {
        package let host: String
        package let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    package static let restoredStoreVariable = "BURSAR_ACCEPT_RESTORED_STORE"
    package static let bootstrapKeyVariable = "BURSAR_BOOTSTRAP_ADMIN_KEY_FILE"

    package let service: ServiceName
    /// Absolute path of the folder with `tls`, `data`, `run` and `log`.
    package let stateDirectory: String
    /// The address to bind for RPC, or for HTTPS at the gateway.
    package let host: String
    /// The port to bind; 0 takes a free one.
    package let port: Int
    /// The address of the admin port: loopback unless configured.
    package let adminHost: String
    package let adminPort: Int
    /// Where the other services listen.
    package let endpoints: [ServiceName: Endpoint]
    /// PEM files of this service.
    package let certificatePath: String
    package let keyPath: String
    package let authorityPath: String
    /// The zone in which days of filters are days (contract A1-22).
    package let timeZone: TimeZone
    package let logLevel: Logger.Level
    package let maximumBodyBytes: Int
    /// Seconds that calls in flight get to end after SIGTERM.
    package let graceSeconds: Int
    /// The gateway's: names, beside loopback and the bound address, that the edge answers to; `*` for
    /// all.
    package let edgeHosts: [String]
    /// batch-service's: the operator says that a store older than its peers was restored on purpose.
    package let acceptsRestoredStore: Bool
    /// posting-service's: the GL account of receivables, the other side of every entry.
    package let receivableAccount: String
    /// posting-service's: the GL account of payments that no bank account was named for.
    package let cashAccount: String
    /// auth-service's: path of a file of mode 0600 with the administrator's first key, read on the
    /// first start only; nil where none is wanted.
    package let bootstrapKeyFile: String?

    /// Reads and checks the environment of `service`.
    package static func read(
        service: ServiceName,
        environment: [String: String]
    ) throws(ConfigurationError) -> Configuration {
        let (configuration, problems) = assess(service: service, environment: environment)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return configuration
    }

    /// The configuration, with defaults in place of what is wrong, and what is wrong.
    static func assess(
        service: ServiceName,
        environment: [String: String]
    ) -> (Configuration, [ConfigurationError.Problem]) {
        var reader = ConfigurationReader(environment)
        let configuration = Configuration(service: service, reader: &reader)
        return (configuration, reader.problems)
    }

    private init(service: ServiceName, reader: inout ConfigurationReader) {
        self.service = service
        stateDirectory = reader.directory("BURSAR_STATE_DIR", default: ".bursar")
        host = reader.address("BURSAR_HOST", default: "127.0.0.1")
        port = reader.port(Self.portVariable(service), default: service.defaultPort)
        adminHost = reader.address("BURSAR_ADMIN_HOST", default: "127.0.0.1")
        adminPort = reader.port(
            "BURSAR_\(service.word.uppercased())_ADMIN_PORT",
            default: service.defaultAdminPort
        )
        if port != 0, port == adminPort {
            reader.report(
                "BURSAR_\(service.word.uppercased())_ADMIN_PORT",
                "\(adminPort)",
                "it is also \(Self.portVariable(service)); give each its own port"
            )
        }
        var endpoints: [ServiceName: Endpoint] = [:]
        for peer in ServiceName.allCases where peer != .gateway {
            let port = reader.port(Self.portVariable(peer), default: peer.defaultPort)
            endpoints[peer] = reader.endpoint(
                "BURSAR_\(peer.word.uppercased())",
                default: Endpoint(host: "127.0.0.1", port: port)
            )
        }
        self.endpoints = endpoints
        let tls = stateDirectory + "/tls/"
        certificatePath = tls + service.rawValue + ".crt"
        keyPath = tls + service.rawValue + ".key"
        authorityPath = tls + "ca.crt"
        timeZone = reader.timeZone("BURSAR_TIME_ZONE", default: "America/New_York")
        logLevel = reader.logLevel("BURSAR_LOG_LEVEL", default: .info)
        maximumBodyBytes = reader.integer(
            "BURSAR_MAX_BODY_BYTES",
            default: 64 << 20,
            within: 1_024...(1 << 30),
            unit: "bytes"
        )
        graceSeconds = reader.integer(
            "BURSAR_GRACE_SECONDS",
            default: 25,
            within: 1...600,
            unit: "seconds"
        )
        edgeHosts = reader.hosts("BURSAR_EDGE_HOSTS")
        acceptsRestoredStore = reader.flag(Self.restoredStoreVariable)
        receivableAccount = reader.code("BURSAR_RECEIVABLE_ACCOUNT", default: "1200")
        cashAccount = reader.code("BURSAR_CASH_ACCOUNT", default: "1000")
        bootstrapKeyFile = reader.path(Self.bootstrapKeyVariable)
    }

    private static func portVariable(_ service: ServiceName) -> String {
        service == .gateway ? "BURSAR_EDGE_PORT" : "BURSAR_\(service.word.uppercased())_PORT"
    }

    /// The path of a file of this deployment's `data` folder.
    package func dataPath(_ file: String) -> String { stateDirectory + "/data/" + file }
}
