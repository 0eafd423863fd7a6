import Bookkeeping
import NIOPosix
package import ServiceRuntime
import Students

/// posting-service: the methods of `PostingMethods` over one ledger.
package enum PostingService {
    /// Threads that read large sets and imported files, beside the event loops and the writer.
    static let readingThreads = 2

    /// Opens the ledger and binds every method.
    package static func build(_ context: ServiceContext) async throws -> ServiceDefinition {
        var options = Ledger.Options()
        options.maximumSetBytes = context.configuration.maximumBodyBytes
        options.receivableAccount = context.configuration.receivableAccount
        options.cashAccount = context.configuration.cashAccount
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
            loops: students.loops,
            stop: {
                await ledger.close()
                try? await threads.shutdownGracefully()  // Its threads end with the process anyway.
            }
        )
    }
}
