internal import JSON
internal import Protocol
internal import ArgumentParser
internal import Foundation
internal import Identity
internal import Supervision

/// `bursar health`: whether every process of the deployment can do its work.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Whether every process is ready, by its admin port.",
        discussion: "Exits with 0 when all are ready, else with 4."
    )

    @Option(help: "Wait at most this many seconds until all are ready.")
    var wait = 0

    @Flag(help: "Show what each service does by itself, and how that goes, instead.")
    var loops = false

    @OptionGroup var options: GlobalOptions

    private static let pauseMilliseconds = 50

    func run() async throws {
        let settings = try options.settings()
        let deadline = ContinuousClock.now.advanced(by: .seconds(wait))
        var states = try ProcessState.all(settings)
        while states.contains(where: { $0.answer != .ready }), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(Self.pauseMilliseconds))
            states = try ProcessState.all(settings)
        }
        if loops {
            try await LoopReport(settings).show(asJSON: options.json)
        } else {
            try show(states)
        }
        if states.contains(where: { $0.answer != .ready }) {
            throw ExitCode(CommandEnd.trouble.rawValue)
        }
    }

    private func show(_ states: [ProcessState]) throws {
        guard !options.json else {
            let nodes = states.map { state in
                JSONNode.object([
                    .init(key: "name", value: .string(state.name.rawValue)),
                    .init(key: "ready", value: .boolean(state.answer == .ready)),
                    .init(key: "reason", value: .string(state.reason)),
                ])
            }
            return try Console.writeDocument(JSONNode.array(nodes).bytes)
        }
        var table = Table([
            ("process", .left), ("id", .right), ("admin port", .left), ("state", .left),
        ])
        for state in states {
            table.add([
                state.name.rawValue, state.processID.map { String($0) } ?? "-",
                "\(state.host):\(state.port)",
                state.answer == .ready ? "ready" : "not ready: \(state.reason)",
            ])
        }
        try Console.print(table.text)
    }
}

/// One process of the deployment, as seen from outside.
struct ProcessState: Sendable {
    let name: ServiceName
    let processID: Int32?
    let host: String
    let port: Int
    let answer: AdminProbe.Answer

    /// Asks every process.
    static func all(_ settings: Settings) throws(CommandFailure) -> [ProcessState] {
        let folder = settings.stateFolder
        var states: [ProcessState] = []
        for name in ServiceName.allCases {
            let host = settings.value("BURSAR_ADMIN_HOST") ?? "127.0.0.1"
            let port = try adminPort(name, settings)
            let processID = ProcessFile(folder.processFile(name.rawValue)).read()
            states.append(
                ProcessState(
                    name: name,
                    processID: processID,
                    host: host,
                    port: port,
                    // Without a process of ours, whatever answers there is a stranger's.
                    answer: processID == nil
                        ? .silent("no process") : AdminProbe.ask(host: host, port: port)
                )
            )
        }
        return states
    }

    private static func adminPort(
        _ name: ServiceName,
        _ settings: Settings
    ) throws(CommandFailure) -> Int {
        let variable = "BURSAR_\(name.word.uppercased())_ADMIN_PORT"
        guard let text = settings.value(variable) else { return name.defaultAdminPort }
        guard let port = Int(text), (1...65_535).contains(port) else {
            throw .trouble("\(variable)=\(text): give a port from 1 to 65535.")
        }
        return port
    }

    var reason: String {
        switch answer {
        case .ready: ""
        case .notReady(let reason): reason
        case .silent(let reason): "nothing answers (\(reason))"
        }
    }
}
