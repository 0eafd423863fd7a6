internal import ArgumentParser
internal import Foundation
internal import Identity
internal import Supervision

/// `bursar run`: the supervisor of a deployment on one machine.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Start every service of the deployment and keep each alive.",
        discussion: """
            Process ids stand in run/NAME.pid and logs in log/NAME.log of the state folder \
            (BURSAR_STATE_DIR, else .bursar). Ctrl-C stops the gateway first and auth-service last; \
            a second Ctrl-C kills what is left.
            """
    )

    @Flag(help: "Leave the supervisor in the background; `bursar stop` ends it.")
    var detach = false

    @Option(help: "The folder with the services' programs; this program's own if not given.")
    var bin: String?

    @Option(help: "Run only this service; repeat for more.")
    var service: [ServiceName] = []

    @Option(help: "Seconds that a service gets to end.")
    var grace = 30

    func validate() throws {
        guard (1...600).contains(grace) else {
            throw ValidationError("--grace \(grace): give 1 to 600 seconds.")
        }
    }

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let folder = StateFolder(environment: environment)
        try folder.create()
        switch try SupervisorLock.take(folder) {
        case .held(let holder):
            let words = holder.map { " (process \($0))" } ?? ""
            throw CommandFailure.trouble(
                "\(folder.path) is supervised already\(words): `bursar stop` ends it."
            )
        case .taken(let lock):
            guard detach else { return try supervise(folder, environment, lock) }
        }
        try Self.detach(folder, environment)
    }

    private func supervise(
        _ folder: StateFolder,
        _ environment: [String: String],
        _ lock: SupervisorLock
    ) throws {
        let programs = try programs(folder, environment)
        OpenFiles.allowMany()
        try Self.remember(environment, in: folder)
        var limits = Supervisor.Limits()
        limits.graceMilliseconds = Int64(grace) * 1_000
        var supervisor = Supervisor(folder: folder, programs: programs, limits: limits) { line in
            Console.note("\(Date().formatted(.iso8601)) \(line)")
        }
        try lock.sign()
        supervisor.run()
        lock.clear()
    }

    private func programs(
        _ folder: StateFolder,
        _ environment: [String: String]
    ) throws -> [Program] {
        let directory = bin.map { StateFolder($0).path } ?? Self.ownDirectory()
        let names = ServiceName.startOrder.filter { service.isEmpty || service.contains($0) }
        let programs = names.map { name in
            Program(
                name: name.rawValue,
                executable: "\(directory)/\(name.rawValue)",
                environment: Self.environment(of: name, environment, folder)
            )
        }
        for program in programs where access(program.executable, X_OK) != 0 {
            throw CommandFailure.trouble(
                "\(program.executable) cannot be run: build it, or name its folder with --bin."
            )
        }
        return programs
    }

    /// What a service is given: everything but other people's keys.
    private static func environment(
        of name: ServiceName,
        _ environment: [String: String],
        _ folder: StateFolder
    ) -> [String: String] {
        var given = environment.filter { !isSecret($0.key) }
        if name == .auth, given["BURSAR_BOOTSTRAP_ADMIN_KEY_FILE"] == nil,
            access(folder.administratorKey, R_OK) == 0
        {
            given["BURSAR_BOOTSTRAP_ADMIN_KEY_FILE"] = folder.administratorKey
        }
        return given
    }

    private static func isSecret(_ variable: String) -> Bool {
        KeyChoice.allCases.contains { $0.variable == variable }
    }

    /// Notes the ports and the like, so that commands without them in their environment find the
    /// deployment.
    private static func remember(
        _ environment: [String: String],
        in folder: StateFolder
    ) throws {
        let lines = environment.filter { $0.key.hasPrefix("BURSAR_") && !isSecret($0.key) }
            .sorted { $0.key < $1.key }
        let text = EnvironmentFile.text(lines.map { ($0.key, $0.value) })
        try PrivateFile.write(Array(text.utf8), to: folder.deploymentEnvironment)
    }

    static func ownDirectory() -> String { StateFolder(ownPath()).parent.path }

    private static func ownPath() -> String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            return StateFolder(CommandLine.arguments[0]).path
        }
    }

    /// Starts this command again in a session of its own and returns when it supervises.
    private static func detach(_ folder: StateFolder, _ environment: [String: String]) throws {
        let arguments = CommandLine.arguments.dropFirst().filter { $0 != "--detach" }
        let output = folder.logFile("supervisor")
        let child = try Spawn.start(
            ownPath(),
            arguments: [ownPath()] + arguments,
            environment: environment,
            output: output,
            ownSession: true
        )
        while ProcessFile(folder.supervisorFile).read() != child {
            var status: Int32 = 0
            if waitpid(child, &status, WNOHANG) == child {
                throw CommandFailure.trouble("The supervisor did not start: see \(output).")
            }
            usleep(10_000)
        }
        Console.note("supervised by process \(child), see \(output)")
    }
}

extension ServiceName: ExpressibleByArgument {
    /// What others ask comes first; the edge opens last.
    static let startOrder: [ServiceName] = [.auth, .posting, .batch, .ach, .gateway]
}
