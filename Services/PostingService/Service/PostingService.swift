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
        options.receivableAccount = try glAccount(
            "BURSAR_RECEIVABLE_ACCOUNT",
            standard: options.receivableAccount
        )
        options.cashAccount = try glAccount("BURSAR_CASH_ACCOUNT", standard: options.cashAccount)
        let ledger = try await Ledger.open(
            path: context.dataPath("posting.db"),
            options: options
        )
        let threads = NIOThreadPool(numberOfThreads: readingThreads)
        threads.start()
        let bindings = PostingBindings(
            ledger: ledger,
            threads: threads,
            workspaces: WorkspacePool(
                count: readingThreads,
                maximumBytes: options.maximumSetBytes
            ),
            sourceIsKnown: { context.access.source($0) != nil }
        )
        let students = StudentBindings(ledger: ledger, threads: threads, context: context)
        return ServiceDefinition(
            methods: bindings.all + PaymentBindings(ledger: ledger).all
                + students.all,
            start: { students.start() },
            stop: { _ in
                await students.stop()
                await ledger.close()
                try? await threads.shutdownGracefully()  // Its threads end with the process anyway.
            }
        )
    }

    /// The GL account that a variable names: of the receivable control account, or of cash.
    private static func glAccount(_ variable: String, standard: String) throws -> String {
        let text = ProcessInfo.processInfo.environment[variable] ?? standard
        do {
            return try ReferenceRules.code(text)
        } catch {
            let problem = ConfigurationError.Problem(
                variable: variable,
                value: text,
                remedy: error.message
            )
            throw ConfigurationError(problems: [problem])
        }
    }
}
