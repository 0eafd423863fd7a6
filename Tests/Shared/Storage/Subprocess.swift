import Foundation

/// A program started by a test, with what it has written to standard output and error.
struct Subprocess {
    struct Result {
        var lines: [String]
        /// The exit status; nil where a signal ended the program.
        var status: Int32?

        /// What stands behind a word at the start of a line.
        func words(after word: String) -> [String] {
            lines.filter { $0.hasPrefix(word + " ") }.map { String($0.dropFirst(word.count + 1)) }
        }

        var acknowledged: [String] { words(after: "ack") }
    }

    struct Failure: Error {
        let text: String
    }

    /// Runs a program to its end, or kills it once `isEnough` says so of the lines so far.
    static func run(
        _ path: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        killWhen isEnough: ([String]) -> Bool = { _ in false }
    ) throws -> Result {
        var ends: [Int32] = [0, 0]
        // Unlike a pipe's, its ends are never seen by a program started at the same moment.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure(text: "no sockets") }
        defer { close(ends[0]) }
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try spawn([path] + arguments, environment, output: ends[1])
        }
        var lines: [String] = []
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            guard count > 0 else { break }
            rest += buffer[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(String(decoding: rest[..<end], as: UTF8.self))
                rest.removeFirst(end + 1)
            }
            if isEnough(lines) { kill(process, SIGKILL) }
        }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        return Result(lines: lines, status: status & 0x7f == 0 ? status >> 8 & 0xff : nil)
    }

    private static func spawn(
        _ arguments: [String],
        _ environment: [String: String],
        output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        let all = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        var words = arguments.map { strdup($0) } + [nil]
        var variables = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, arguments[0], &actions, nil, &words, &variables)
        guard code == 0 else { throw Failure(text: "\(arguments[0]): error \(code)") }
        return process
    }
}

/// The probe, which stands beside the test program.
enum Probe {
    static var path: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("storage-probe").path
    }

    /// Runs the probe, with a plan of faults for the files of the store if there is one.
    static func run(
        _ mode: String,
        _ store: String,
        _ rest: [String] = [],
        faults: String? = nil,
        killWhen isEnough: ([String]) -> Bool = { _ in false }
    ) throws -> Subprocess.Result {
        var environment: [String: String] = [:]
        if let faults {
            environment["LD_PRELOAD"] = try FaultLibrary.path.get()
            environment["STORAGE_FAULT"] = faults
            environment["STORAGE_FAULT_PATH"] = URL(fileURLWithPath: store).lastPathComponent
        }
        return try Subprocess.run(
            path,
            [mode, store] + rest,
            environment: environment,
            killWhen: isEnough
        )
    }
}

/// The library of faults, compiled once for each run of the tests.
enum FaultLibrary {
    static let path = Result<String, any Error> {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Faults/faults.c").path
        let library = Probe.path + "-faults.so"
        let result = try Subprocess.run(
            "cc",
            ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
        )
        guard result.status == 0 else { throw Subprocess.Failure(text: "cc \(source) failed") }
        return library
    }
}
