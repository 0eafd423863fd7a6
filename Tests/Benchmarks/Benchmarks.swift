import ArgumentParser
import EdgeClient
import Foundation
import NIOCore
import NIOPosix
import Transport

/// Measures a running deployment; `deploy/bench` starts one and calls this.
@main
struct Benchmarks: AsyncParsableCommand {
    enum Name: String, ExpressibleByArgument { case sets, small }

    static let configuration = CommandConfiguration(commandName: "bursar-bench")

    @Argument(help: "Which figures: sets or small.")
    var name: Name

    @Option(help: "The state folder of the deployment to measure.")
    var state: String

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let edge = try await Edge.connect(state: state, loop: group.next())
        switch name {
        case .sets:
            try await SetsBenchmark.run(edge)
        case .small:
            let reader = try await Edge.connect(state: state, loop: group.next())
            try await SmallBenchmark.run(edge, reader: reader)
        }
        try await group.shutdownGracefully()
    }
}
