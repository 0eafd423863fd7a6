import ArgumentParser
import EdgeClient
import Foundation
import NIOCore
import NIOPosix
import Transport

/// Measures a running deployment, or the Nacha engine by itself; `deploy/bench` calls this.
@main
struct Benchmarks: AsyncParsableCommand {
    enum Name: String, ExpressibleByArgument { case sets, small, payments, ach }

    static let configuration = CommandConfiguration(commandName: "bursar-bench")

    @Argument(help: "Which figures: sets, small, payments or ach.")
    var name: Name

    @Option(help: "The state folder of the deployment to measure; ach needs none.")
    var state: String?

    func run() async throws {
        if name == .ach { return try ACHBenchmark.run() }
        guard let state else { throw ValidationError("\(name) needs --state.") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let edge = try await Edge.connect(state: state, loop: group.next())
        switch name {
        case .sets:
            try await SetsBenchmark.run(edge)
        case .ach: break
        case .small:
            let reader = try await Edge.connect(state: state, loop: group.next())
            try await SmallBenchmark.run(edge, reader: reader)
        case .payments:
            let clerk = try await Edge.connect(
                state: state,
                loop: group.next(),
                scopes: Self.paymentScopes(["payments:write", "payments.batches:close"])
            )
            let reviewer = try await Edge.connect(
                state: state,
                loop: group.next(),
                key: "BURSAR_OTHER_KEY",
                scopes: Self.paymentScopes([
                    "payments.batches:review", "payments.batches:post", "payments.batches:read",
                ])
            )
            try await PaymentsBenchmark.run(clerk: clerk, reviewer: reviewer)
        }
        try await group.shutdownGracefully()
    }

    private static func paymentScopes(_ names: [String]) -> [String] {
        names.map { "api:accounts_receivable." + $0 }
    }
}
