internal import Crypto
internal import Foundation
package import Identity
internal import Logging
internal import Metrics
internal import NIOCore
internal import NIOPosix
internal import TLS
internal import Transport

/// Runs a service as a process: reads and checks what it needs, serves, and ends in order.
package enum ServiceHost {
    package typealias Build = @Sendable (ServiceContext) async throws -> ServiceDefinition

    /// What `bursar.describe` and HELLO say of this build.
    package static let version = "0.1.0"

    /// Exit codes of a process that could not start or not end.
    enum Exit {
        static let configuration: Int32 = 78
        static let failure: Int32 = 70
        static let graceExceeded: Int32 = 75
    }

    /// Runs until SIGTERM or SIGINT, then ends in order and exits with 0.
    ///
    /// Calls in flight get the configured grace to end; a second signal ends the process at once.
    /// Every fault of configuration and key files is reported before exit code 78; one that appears
    /// later ends the process with 70, after one line that says why.
    package static func run(_ service: ServiceName, build: @escaping Build) async {
        // What this process writes is for its own user only (fault S-10).
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        let configuration = readConfiguration(of: service)
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: configuration.logLevel) }
        let logger = Logger(label: service.rawValue)
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        ProcessMetrics.install(in: metrics, startedAt: Timestamps.now())
        do {
            let context = try makeContext(configuration, logger: logger, metrics: metrics)
            try await ServiceProcess(context: context).run(build)
            logger.notice("stopped")
            exit(0)
        } catch let error as ConfigurationError {
            report(error, logger)
            exit(Exit.configuration)
        } catch {
            logger.critical("cannot run", metadata: ["cause": "\(error)"])
            exit(Exit.failure)
        }
    }

    private static func readConfiguration(of service: ServiceName) -> Configuration {
        let (configuration, faults) = Configuration.assess(
            service: service,
            environment: ProcessInfo.processInfo.environment
        )
        let problems = faults + KeyFiles.problems(configuration, now: Timestamps.now() / 1_000)
        guard problems.isEmpty else {
            let handler = JSONLogHandler(label: service.rawValue, level: .info)
            let logger = Logger(label: service.rawValue, factory: { _ in handler })
            report(ConfigurationError(problems: problems), logger)
            exit(Exit.configuration)
        }
        return configuration
    }

    private static func report(_ error: ConfigurationError, _ logger: Logger) {
        for problem in error.problems {
            logger.critical(
                "cannot start",
                metadata: [
                    "variable": "\(problem.variable)", "value": "\(problem.value)",
                    "remedy": "\(problem.remedy)",
                ]
            )
        }
    }

    /// Half of the cores: stores and readers have threads of their own, and services share machines.
    private static var eventLoops: Int { max(1, System.coreCount / 2) }

    private static func makeContext(
        _ configuration: Configuration,
        logger: Logger,
        metrics: MetricsRegistry
    ) throws -> ServiceContext {
        let service = configuration.service.rawValue
        return ServiceContext(
            configuration: configuration,
            logger: logger,
            group: MultiThreadedEventLoopGroup(numberOfThreads: eventLoops),
            access: AccessGate(),
            audit: AuditTrail(origin: service, logger: logger, metrics: metrics),
            metrics: metrics,
            readiness: Readiness(),
            instance: Hexadecimal.encode(RandomBytes.make(8)),
            clientTLS: try TLSContext.rpcClient(
                certificate: configuration.certificatePath,
                key: configuration.keyPath,
                authority: configuration.authorityPath
            )
        )
    }
}
