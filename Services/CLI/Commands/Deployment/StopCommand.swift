internal import ArgumentParser
internal import Foundation
internal import Identity
internal import Supervision

/// `bursar stop`: ends a supervisor and its services.
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop the deployment: the gateway first, auth-service last.",
        discussion: "Services that outlived a killed supervisor are stopped too."
    )

    @Option(help: "Seconds that a service gets to end.")
    var grace = 30

    func run() throws {
        let folder = StateFolder(environment: ProcessInfo.processInfo.environment)
        guard access(folder.run, F_OK) == 0 else {
            return Console.note("Nothing runs: \(folder.path) has no run folder.")
        }
        var asked: Int32?
        while true {
            switch try SupervisorLock.take(folder) {
            case .taken(let lock):
                Self.endLeftovers(in: folder, graceSeconds: grace)
                lock.clear()
                return Console.note(asked == nil ? "Nothing supervises here any more." : "Stopped.")
            case .held(let holder):
                if let holder, holder != asked {
                    kill(holder, SIGTERM)
                    asked = holder
                }
                usleep(20_000)
            }
        }
    }

    private static func endLeftovers(in folder: StateFolder, graceSeconds: Int) {
        for name in ServiceName.startOrder.reversed() {
            Leftovers.end(
                name.rawValue,
                in: folder,
                graceMilliseconds: Int64(graceSeconds) * 1_000
            )
        }
    }
}
