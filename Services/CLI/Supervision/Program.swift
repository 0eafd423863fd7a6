internal import Foundation

/// One program to supervise and what it is given.
package struct Program: Sendable, Hashable {
    package let name: String
    /// Absolute path of the executable.
    package let executable: String
    package let environment: [String: String]

    private static let traceVariable = "SWIFT_BACKTRACE"
    private static let shortTrace =
        "symbolicate=fast,threads=crashed,registers=none,images=none,timeout=5s"

    package init(name: String, executable: String, environment: [String: String]) {
        self.name = name
        self.executable = executable
        self.environment = environment
    }

    /// The variable by which a supervised process is known again after its supervisor is gone.
    static let mark = "BURSAR_SUPERVISED"

    /// Starts the program, its output appended to its log, and returns the process id.
    func start(in folder: StateFolder) throws(SystemFailure) -> Int32 {
        var environment = environment
        environment["BURSAR_STATE_DIR"] = folder.path
        environment[Self.mark] = name
        // A process that has crashed holds its ports until its trace is written: it is short.
        if environment[Self.traceVariable] == nil {
            environment[Self.traceVariable] = Self.shortTrace
        }
        return try Spawn.start(
            executable,
            arguments: [executable],
            environment: environment,
            output: folder.logFile(name),
            ownSession: false
        )
    }
}
