import FoundationEssentials
import LedgerRules
import NIOPosix
import Protocol
package import ServiceRuntime
import Storage
import Transport

/// posting-service: the methods of `PostingMethods` over one ledger.
package enum PostingService {
    /// Threads that read large sets and imported files, beside the event loops and the writer.
    static let readingThreads = 2

    /// Opens the ledger and binds every method.
    package static func build(_ context: ServiceContext) async throws -> ServiceDefinition {
        var options = Ledger.Options()
        options.maximumSetBytes = context.configuration.maximumBodyBytes
        options.receivableAccount = try receivableAccount()
        let ledger = try await Ledger.open(
            path: context.dataPath("posting.db"),
            options: options
        )
        let threads = NIOThreadPool(numberOfThreads: readingThreads)
        threads.start()
        let handlers = PostingHandlers(
            ledger: ledger,
            threads: threads,
            workspaces: WorkspacePool(
                count: readingThreads,
                maximumBytes: options.maximumSetBytes
            ),
            sourceIsKnown: { context.access.source($0) != nil }
        )
        return ServiceDefinition(
            methods: handlers.bindings,
            stop: { _ in
                await ledger.close()
                try? await threads.shutdownGracefully()  // Its threads end with the process anyway.
            }
        )
    }

    /// `BURSAR_RECEIVABLE_ACCOUNT`: the GL account of the receivable control account.
    private static func receivableAccount() throws -> String {
        let text = ProcessInfo.processInfo.environment["BURSAR_RECEIVABLE_ACCOUNT"] ?? "1200"
        do {
            return try ReferenceRules.code(text)
        } catch {
            let problem = ConfigurationError.Problem(
                variable: "BURSAR_RECEIVABLE_ACCOUNT",
                value: text,
                remedy: error.message
            )
            throw ConfigurationError(problems: [problem])
        }
    }
}
